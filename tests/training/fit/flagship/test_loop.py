import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from window_sets import window_set  # noqa: E402

from timbrescope.models.instruments import index_of  # noqa: E402
from timbrescope.training.features.cache import WindowSet  # noqa: E402
from timbrescope.training.fit.checkpoints import TrainingError  # noqa: E402
from timbrescope.training.fit.flagship import loop  # noqa: E402
from timbrescope.training.fit.flagship.answers import map_averages  # noqa: E402
from timbrescope.training.fit.flagship.head import LinearHead  # noqa: E402
from timbrescope.training.fit.flagship.loop import fit_flagship, load_flagship  # noqa: E402
from timbrescope.training.fit.flagship.network import build_flagship  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape  # noqa: E402
from timbrescope.training.labels import BACKGROUND_LABEL  # noqa: E402

SMALL = Shape(width=1 / 16, blocks=(6, 14), dropout=0.0)
SETTINGS = FlagshipSettings(shape=SMALL, epochs=3, batch_size=8, learning_rate=5e-3)


def _fit(train: WindowSet, held_out: WindowSet, folder: Path, settings: FlagshipSettings) -> Any:
    return fit_flagship(
        train=train, validation=held_out, folder=folder, settings=settings, trunk=None
    )


def _logits(model: Any, windows: WindowSet) -> np.ndarray:
    return LinearHead.of(model).logits(map_averages(model, windows.features))


def test_a_broken_off_run_ends_as_an_unbroken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train, held_out = window_set(), window_set(seed=2)
    whole = _fit(train, held_out, tmp_path / "whole", SETTINGS)
    one_epoch = loop._one_epoch

    def broken(run: Any) -> None:
        if run.state.epochs_done == 1:
            raise KeyboardInterrupt
        one_epoch(run)

    folder = tmp_path / "broken"
    with monkeypatch.context() as patched:
        patched.setattr(loop, "_one_epoch", broken)
        with pytest.raises(KeyboardInterrupt):
            _fit(train, held_out, folder, SETTINGS)
    resumed = _fit(train, held_out, folder, SETTINGS)
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    again = load_flagship(folder, settings=SETTINGS)
    np.testing.assert_allclose(_logits(again, held_out), _logits(resumed, held_out), atol=1e-5)


def test_without_epochs_the_trunk_stays_and_its_head_is_fitted(tmp_path: Path) -> None:
    train, held_out = window_set(per_label=16), window_set(seed=3)
    model = _fit(train, held_out, tmp_path, replace(SETTINGS, epochs=0))
    logits = _logits(model, held_out)
    for name in ("Cowbell", "Violin"):
        of_class = logits[held_out.labels == index_of(name)]
        assert (of_class.argmax(axis=1) == index_of(name)).mean() > 0.9
    noise = logits[held_out.labels == BACKGROUND_LABEL]
    assert (noise.max(axis=1) < 0).mean() > 0.9


def test_the_point_on_the_way_with_the_highest_recall_is_kept(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=1, way_shares=(0.0, 0.5, 1.0))
    model = _fit(window_set(), window_set(seed=2), tmp_path, settings)
    state = json.loads((tmp_path / "state.json").read_text())
    best = max(state["way"], key=lambda row: (row["macro_recall"], -row["share"]))
    assert state["way_share"] == best["share"]
    start, end = build_flagship(SMALL), build_flagship(SMALL)
    start.load_weights(tmp_path / "start.weights.h5")
    end.load_weights(tmp_path / "end.weights.h5")
    expected = loop.between(start.get_weights(), end.get_weights(), share=best["share"])
    for ours, theirs in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_training_everything_lowers_the_loss_on_labels(tmp_path: Path) -> None:
    settings = replace(SETTINGS, teacher_weight=0.0)
    train = window_set(per_label=16, teacher=False)
    _fit(train, window_set(seed=2), tmp_path, settings)
    head, *epochs = json.loads((tmp_path / "state.json").read_text())["history"]
    losses = [row["labels"] for row in epochs]
    assert losses == sorted(losses, reverse=True)
    assert "labels" not in head


def test_a_run_of_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=0)
    train = window_set()
    _fit(train, train, tmp_path, settings)
    with pytest.raises(TrainingError, match="--restart"):
        _fit(train, train, tmp_path, replace(settings, seed=3))


def test_a_teachers_weight_needs_a_teachers_answers(tmp_path: Path) -> None:
    train = window_set(teacher=False)
    with pytest.raises(TrainingError, match="--teacher"):
        _fit(train, train, tmp_path, SETTINGS)


def test_the_trunk_can_learn_the_teachers_answers_before_all_else(tmp_path: Path) -> None:
    train, held_out = window_set(per_label=16), window_set(seed=2)
    settings = replace(
        SETTINGS, epochs=0, way_shares=(0.0,), teacher_epochs=2, teacher_learning_rate=5e-3
    )
    _fit(train, held_out, tmp_path, settings)

    def network(path: Path) -> Any:
        model = build_flagship(SMALL)
        model.load_weights(path)
        return model

    first = json.loads((tmp_path / "teacher-first" / "state.json").read_text())
    losses = [row["teacher"] for row in first["history"][1:]]
    assert len(losses) == 2
    assert losses[1] < losses[0]
    whole = json.loads((tmp_path / "state.json").read_text())
    assert whole["core_seconds"] > first["core_seconds"] > 0
    untaught = network(tmp_path / "teacher-first" / "start.weights.h5")
    taught = network(tmp_path / "teacher-first" / "flagship.weights.h5")
    start = network(tmp_path / "start.weights.h5")
    kernels = [m.get_layer("block6").get_weights()[0] for m in (untaught, taught, start)]
    assert not np.allclose(kernels[0], kernels[1], atol=1e-4)
    np.testing.assert_array_equal(kernels[1], kernels[2])
    # The heads are fitted on the trunk that was taught, and know noise from instruments.
    noise = _logits(start, held_out)[held_out.labels == BACKGROUND_LABEL]
    assert (noise.max(axis=1) < 0).mean() > 0.9
