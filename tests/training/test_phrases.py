import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from models.instruments import NAMES
from training.phrases import (
    detuned,
    is_sounding,
    normalised,
    released,
    style_of,
    window_of_notes,
    window_of_phrases,
)

SEEDS = st.integers(0, 2**32 - 1)


def _tone(seconds: float, *, hz: float = 440.0) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (0.3 * np.sin(2 * np.pi * hz * times) * np.exp(-2 * times)).astype(np.float32)


NOTES = [_tone(seconds, hz=hz) for seconds, hz in ((0.08, 300), (0.5, 440), (4.0, 550))]


@pytest.mark.parametrize("style", ["line", "held", "ringing", "struck"])
@settings(max_examples=40)
@given(seed=SEEDS)
def test_windows_of_notes_are_whole_sounding_and_bounded(style: str, seed: int) -> None:
    window = window_of_notes(NOTES, style=style, rng=np.random.default_rng(seed))
    assert window.shape == (WINDOW_SAMPLES,)
    assert window.dtype == np.float32
    assert np.isfinite(window).all()
    assert np.abs(window).max() <= 1.0 + 1e-6
    assert is_sounding(window)


@settings(max_examples=40)
@given(seed=SEEDS, seconds=st.sampled_from((0.3, 1.0, 2.99, 3.0, 9.0)))
def test_windows_of_phrases_are_whole_sounding_and_bounded(seed: int, seconds: float) -> None:
    phrases = [_tone(seconds), _tone(seconds / 2)]
    window = window_of_phrases(phrases, rng=np.random.default_rng(seed))
    assert window.shape == (WINDOW_SAMPLES,)
    assert np.abs(window).max() <= 1.0 + 1e-6
    assert is_sounding(window)


def test_the_same_seed_gives_the_same_window() -> None:
    windows = [
        window_of_notes(NOTES, style="ringing", rng=np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(windows[0], windows[1])
    assert not np.array_equal(windows[0], windows[2])


def test_some_windows_begin_in_silence() -> None:
    late = 0
    for seed in range(60):
        window = window_of_notes(NOTES, style="line", rng=np.random.default_rng(seed))
        late += not np.any(window[: SAMPLE_RATE_HZ // 10])
    assert 3 <= late <= 30


def test_notes_are_not_changed_by_composing() -> None:
    before = [note.copy() for note in NOTES]
    window_of_notes(NOTES, style="struck", rng=np.random.default_rng(3))
    for note, kept in zip(NOTES, before, strict=True):
        np.testing.assert_array_equal(note, kept)


def test_a_released_note_ends_in_silence_and_a_short_one_is_kept() -> None:
    note = np.ones(SAMPLE_RATE_HZ, dtype=np.float32)
    cut = released(note, length_s=0.2, release_s=0.05)
    assert cut.size == int(0.2 * SAMPLE_RATE_HZ) + int(0.05 * SAMPLE_RATE_HZ)
    assert abs(cut[-1]) < 1e-6
    assert released(note, length_s=2.0, release_s=0.05) is note


def test_detuning_raises_the_pitch() -> None:
    tone = _tone(1.0, hz=1_000)
    higher = detuned(tone, factor=1.05)
    spectrum = np.abs(np.fft.rfft(higher))
    peak_hz = spectrum.argmax() * SAMPLE_RATE_HZ / higher.size
    assert peak_hz == pytest.approx(1_050, abs=5)
    assert detuned(tone, factor=1.0) is tone


def test_silence_stays_silence() -> None:
    silence = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    assert not np.any(normalised(silence))
    assert not is_sounding(silence)


def test_every_class_has_a_style() -> None:
    assert {style_of(name) for name in NAMES} == {"line", "held", "ringing", "struck"}
    assert style_of("Cymbals") == "struck"
    assert style_of("Flute") == "line"
