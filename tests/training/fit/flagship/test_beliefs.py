from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from window_sets import window_set  # noqa: E402

from timbrescope.models.instruments import NAMES, index_of  # noqa: E402
from timbrescope.training.fit.flagship.answers import map_averages  # noqa: E402
from timbrescope.training.fit.flagship.batches import (  # noqa: E402
    CLASSES_WITH_BACKGROUND,
    ENSEMBLE_SHARE,
    beliefs_of,
)
from timbrescope.training.fit.flagship.head import LinearHead  # noqa: E402
from timbrescope.training.fit.flagship.loop import fit_flagship  # noqa: E402
from timbrescope.training.fit.flagship.losses import label_loss  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape  # noqa: E402
from timbrescope.training.labels import BACKGROUND_LABEL, UNLABELLED  # noqa: E402

LABELS = st.lists(st.integers(0, UNLABELLED), min_size=1, max_size=9).map(np.array)


def _ensemble(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(CLASSES_WITH_BACKGROUND), count).astype(np.float32)


@given(LABELS)
def test_a_label_is_held_for_certain_and_music_for_nothing(labels: np.ndarray) -> None:
    beliefs = beliefs_of(labels, None)
    known = labels <= BACKGROUND_LABEL
    assert (beliefs.sum(axis=1) == known).all()
    assert (beliefs[known].argmax(axis=1) == labels[known]).all()


@given(LABELS)
def test_a_students_beliefs_add_up_to_one_and_keep_the_label_first(labels: np.ndarray) -> None:
    ensemble = _ensemble(len(labels))
    beliefs = beliefs_of(labels, ensemble)
    np.testing.assert_allclose(beliefs.sum(axis=1), 1.0, atol=1e-5)
    known = labels <= BACKGROUND_LABEL
    own = beliefs[known, labels[known]]
    assert (own >= 1 - ENSEMBLE_SHARE).all()
    np.testing.assert_array_equal(beliefs[~known], ensemble[~known])


@settings(deadline=None)
@given(LABELS, st.sampled_from([0.0, 0.1]))
def test_the_loss_of_labels_is_the_smoothed_cross_entropy(
    labels: np.ndarray, smoothing: float
) -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=(len(labels), len(NAMES))).astype(np.float32)
    weights = rng.uniform(0.5, 2, len(labels)).astype(np.float32)
    found = label_loss(logits, beliefs_of(labels, None), weights, smoothing=smoothing)
    known = labels <= BACKGROUND_LABEL
    if not known.any():
        assert float(found) == 0.0
        return
    expected = tf.keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=smoothing, reduction="none"
    )(
        tf.one_hot(labels[known], CLASSES_WITH_BACKGROUND),
        np.pad(logits[known], ((0, 0), (0, 1))),
    )
    mean = np.average(expected, weights=weights[known])
    np.testing.assert_allclose(float(found), mean * min(1.0, weights[known].sum()), rtol=1e-4)


def test_a_student_takes_over_what_its_ensemble_believes_of_music(tmp_path: Path) -> None:
    train, held_out = window_set(per_label=16), window_set(seed=3)
    believed = np.zeros((len(train.labels), CLASSES_WITH_BACKGROUND), np.float32)
    # Of music it says violin, of everything else what is known.
    believed[np.arange(len(believed)), np.minimum(train.labels, BACKGROUND_LABEL)] = 1.0
    believed[train.labels == UNLABELLED] = np.eye(CLASSES_WITH_BACKGROUND)[index_of("Violin")]
    chosen = FlagshipSettings(
        shape=Shape(width=1 / 16, blocks=(6, 14), dropout=0.0),
        epochs=3,
        batch_size=8,
        learning_rate=5e-3,
        way_shares=(1.0,),
    )
    of_music = held_out.features[held_out.labels == UNLABELLED]

    def violin(name: str, ensemble: np.ndarray | None) -> float:
        model = fit_flagship(
            train=train,
            validation=held_out,
            folder=tmp_path / name,
            settings=chosen,
            trunk=None,
            ensemble=ensemble,
        )
        logits = LinearHead.of(model).logits(map_averages(model, of_music))
        return float(logits[:, index_of("Violin")].mean())

    assert violin("student", believed) > violin("alone", None)
