"""Evidence lies on sound and nowhere else, and adds up to what it explains."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import (
    BACKGROUND,
    BEST,
    NOTHING,
    SOUND_RANGE_DB,
    evidence_of_contributions,
    evidence_of_heatmap,
    handed_to_sound,
    on_spectrogram,
    sound_heights_db,
)
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES, log_mel, mfcc

TIME_S = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ


def note(*, start_s: float = 1.0, end_s: float = 2.0, hertz: float = 440.0) -> np.ndarray:
    """A tone with partials between two moments, digital silence before and after."""
    tone = sum(np.sin(2 * np.pi * hertz * n * TIME_S) / n for n in range(1, 8))
    return np.where((start_s <= TIME_S) & (end_s > TIME_S), 0.2 * tone, 0.0).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    places=st.sampled_from([(16, 17), (8, 32), (4, 4), (128, 130)]),
    quiet=st.floats(0.0, 1.0),
)
def test_what_is_handed_to_the_sound_adds_up_and_stays_on_it(
    seed: int, places: tuple[int, int], quiet: float
) -> None:
    rng = np.random.default_rng(seed)
    contributions = rng.normal(size=places)
    heights = np.where(rng.random((128, 130)) < quiet, 0.0, rng.random((128, 130)) * 60)
    grid, rest = handed_to_sound(contributions, heights)
    assert grid.sum() + rest == pytest.approx(contributions.sum(), abs=1e-9)
    assert not grid[heights == 0].any()


def test_silence_is_what_lies_60_db_below_the_loudest() -> None:
    levels = np.full((128, 130), -80.0, np.float32)
    levels[40, 50], levels[41, 50] = 0.0, -SOUND_RANGE_DB - 0.01
    heights = sound_heights_db(levels, kind="mel")
    assert heights[40, 50] == SOUND_RANGE_DB
    assert np.count_nonzero(heights) == 1
    assert not sound_heights_db(np.zeros((128, 130)), kind="mel").any()


def test_grad_cam_is_kept_to_the_sound_and_scaled_to_what_it_explains() -> None:
    features = log_mel(note())
    heatmap = np.ones((32, 32), np.float32)
    sure = evidence_of_heatmap(heatmap, features, kind="mel", explained=3, probability=0.95)
    unsure = evidence_of_heatmap(heatmap, features, kind="mel", explained=3, probability=0.3)
    never = evidence_of_heatmap(heatmap, features, kind="mel", explained=3, probability=0.01)
    assert sure.gain > unsure.gain > 0
    assert never.gain == 0
    assert not sure.grid[features <= -SOUND_RANGE_DB].any()
    assert sure.grid.sum() == pytest.approx(sure.total, abs=1e-4)


def test_the_evidence_of_mfccs_says_when_but_not_at_which_pitch() -> None:
    found = evidence_of_heatmap(
        np.ones((10, 32)), mfcc(note()), kind="mfcc", explained=0, probability=0.9
    )
    shown = on_spectrogram(found)
    assert shown.shape == (128, 130)
    np.testing.assert_array_equal(shown, np.broadcast_to(shown[:1], shown.shape))
    assert not shown[:, :35].any()
    assert shown[:, 50:80].all()


def test_what_has_no_sound_in_reach_is_told_apart() -> None:
    heights = np.zeros((128, 130))
    heights[:8, :8] = 30.0
    contributions = np.zeros((16, 13))
    contributions[0, 0], contributions[15, 12] = 2.0, 0.5
    grid, rest = handed_to_sound(contributions, heights)
    assert grid.sum() + rest == pytest.approx(2.5)
    assert 0 < rest < 0.5


@pytest.fixture(scope="module")
def flagship() -> Classifier:
    return Classifier.load()


def test_the_shipped_networks_evidence_adds_up(flagship: Classifier) -> None:
    for index in (3, 17):
        found = flagship.analyse(note(), start_s=0.0, explained=index, against=BACKGROUND)
        evidence = found.evidence
        assert evidence is not None
        whole = evidence.gain + evidence.loss + evidence.rest
        assert whole == pytest.approx(evidence.total, abs=1e-3)
        assert evidence.total != 0


def test_two_classes_differ_by_the_map_of_one_against_the_other(flagship: Classifier) -> None:
    def grid(explained: int, against: int) -> np.ndarray:
        found = flagship.analyse(note(), start_s=0.0, explained=explained, against=against)
        assert found.evidence is not None
        return found.evidence.grid

    apart = grid(5, BACKGROUND) - grid(9, BACKGROUND)
    np.testing.assert_allclose(grid(5, 9), apart, atol=1e-5)


def test_there_is_none_outside_the_note(flagship: Classifier) -> None:
    found = flagship.analyse(note(), start_s=-1.0, explained=BEST)
    assert found.evidence is not None
    assert found.evidence.explained == found.best
    shown = on_spectrogram(found.evidence)
    seconds = np.arange(130) * 512 / SAMPLE_RATE_HZ
    # A frame reaches over 46 ms to both sides of its centre.
    assert not shown[:, (seconds < 0.94) | (seconds > 2.06)].any()
    assert shown.any()


def test_silence_has_no_evidence(flagship: Classifier) -> None:
    found = flagship.analyse(np.zeros(WINDOW_SAMPLES, np.float32), start_s=0.0)
    assert found.evidence is not None
    assert not found.evidence.grid.any()


def test_evidence_of_contributions_is_read_only() -> None:
    features = log_mel(note())
    found = evidence_of_contributions(
        np.ones((16, 17)), features, kind="mel", explained=1, against=BACKGROUND
    )
    with pytest.raises(ValueError, match="read-only"):
        found.grid[0, 0] = 1.0


def test_without_evidence_the_answer_is_the_same() -> None:
    classifier = Classifier.load()
    sounding = note()
    explained = classifier.analyse(sounding, start_s=0.0)
    silent = classifier.analyse(sounding, start_s=0.0, explained=NOTHING)
    assert explained.evidence is not None
    assert silent.evidence is None
    np.testing.assert_array_equal(silent.probabilities, explained.probabilities)
