"""The classifier: calibrated probabilities, evidence for every class, and honest states."""

import math

import numpy as np
import pytest

from timbrescope.models.analysis import State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.classifier import Classifier
from timbrescope.models.decision import judge
from timbrescope.models.errors import UnknownInstrumentError, WindowError
from timbrescope.models.frontend import (
    PAPER_KINDS,
    SAMPLE_RATE_HZ,
    WINDOW_SAMPLES,
    FeatureKind,
    features,
)
from timbrescope.models.instruments import index_of

MAP_SHAPES = {"mel": (28, 32, 32), "mfcc": (28, 10, 32)}


def _note(gain: float = 0.3) -> np.ndarray:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    return gain * np.sin(2 * np.pi * 440 * time_s) * np.exp(-time_s)


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_one_pass_gives_answer_and_evidence_for_every_class(kind: FeatureKind) -> None:
    classifier = Classifier.load(kind)
    found = classifier.classify(_note())
    assert found.probabilities.shape == (28,)
    assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert found.embedding.shape == (128,)
    assert found.heatmaps.shape == MAP_SHAPES[kind]
    assert (found.heatmaps >= 0).all()
    powers = np.exp(found.logits / classifier.sidecar.temperature)
    np.testing.assert_allclose(found.probabilities, powers / powers.sum(), rtol=1e-4)


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_the_leading_class_has_evidence(kind: FeatureKind) -> None:
    found = Classifier.load(kind).classify(_note())
    assert found.heatmaps[found.probabilities.argmax()].max() > 0


def test_answers_are_read_only() -> None:
    found = Classifier.load("mel").classify(_note())
    with pytest.raises(ValueError, match="read-only"):
        found.probabilities[0] = 1.0


def test_known_features_spare_the_front_end_but_change_nothing() -> None:
    classifier = Classifier.load("mel")
    note = _note().astype(np.float32)
    given = classifier.analyse(note, start_s=1.0, window_features=features(note, kind="mel"))
    computed = classifier.analyse(note, start_s=1.0)
    np.testing.assert_array_equal(given.probabilities, computed.probabilities)
    assert (given.start_s, given.end_s) == (1.0, 4.0)


def test_features_of_another_kind_are_refused() -> None:
    with pytest.raises(WindowError, match=r"\(40, 130\)"):
        Classifier.load("mel").predict(features(_note(), kind="mfcc"))


@pytest.mark.parametrize("gain", [0.0, 1e-5])
def test_silence_and_faint_noise_are_quiet_not_an_instrument(gain: float) -> None:
    analysis = Classifier.load("mel").analyse(_note(gain), start_s=0.0)
    assert analysis.state is State.QUIET
    assert analysis.instrument is None


@pytest.mark.parametrize(
    ("level_dbfs", "best", "expected"),
    [
        (-math.inf, 0.99, State.QUIET),
        (-60.1, 0.99, State.QUIET),
        (-60.0, 0.5, State.INSTRUMENT),
        (-20.0, 0.49, State.NOT_SURE),
    ],
)
def test_the_level_decides_first(level_dbfs: float, best: float, expected: State) -> None:
    probabilities = np.full(28, (1 - best) / 27)
    probabilities[4] = best
    found = judge(probabilities, level_dbfs=level_dbfs, thresholds=Thresholds(-60.0, 0.5))
    assert found is expected


def test_what_is_likely_no_instrument_is_not_claimed() -> None:
    limits = Thresholds(-60.0, 0.5, least_known=0.9)
    probabilities = np.zeros(28)
    probabilities[4] = 0.8
    assert judge(probabilities, level_dbfs=-20.0, thresholds=limits) is State.NOT_SURE
    probabilities[7] = 0.15
    assert judge(probabilities, level_dbfs=-20.0, thresholds=limits) is State.INSTRUMENT
    # A pooled answer's own odds count: 1.0 is a share of 0.73.
    found = judge(probabilities, level_dbfs=-20.0, thresholds=limits, log_odds=1.0)
    assert found is State.NOT_SURE


def test_a_narrowed_classifier_claims_otherwise_and_leaves_the_whole_one_alone() -> None:
    whole = Classifier.load("mel")
    before = whole.classify(_note())
    narrowed = whole.narrowed(only=("Violin", "flute"), threshold=0.99)
    found = narrowed.classify(_note())
    assert set(np.flatnonzero(found.probabilities)) <= {index_of("Violin"), index_of("Flute")}
    assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert narrowed.sidecar.thresholds.not_sure == 0.99
    np.testing.assert_array_equal(whole.classify(_note()).probabilities, before.probabilities)
    assert whole.sidecar.thresholds.not_sure != 0.99


def test_narrowing_to_what_is_no_instrument_is_refused() -> None:
    with pytest.raises(UnknownInstrumentError, match="Kazoo"):
        Classifier.load("mel").narrowed(only=("Kazoo",))
