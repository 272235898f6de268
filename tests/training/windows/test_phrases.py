import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.instruments import NAMES
from timbrescope.training.playing import struck
from timbrescope.training.playing.notes import detuned, normalised, note_of, released
from timbrescope.training.windows.compose import (
    STRUCK,
    is_sounding,
    window_of_notes,
    window_of_phrases,
)

SEEDS = st.integers(0, 2**32 - 1)


def _tone(seconds: float, *, hz: float = 440.0) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (0.3 * np.sin(2 * np.pi * hz * times) * np.exp(-2 * times)).astype(np.float32)


NOTES = [_tone(seconds, hz=hz) for seconds, hz in ((0.08, 300), (0.5, 440), (4.0, 550))]


@pytest.mark.parametrize("instrument", NAMES)
@settings(max_examples=12)
@given(seed=SEEDS)
def test_windows_of_notes_are_whole_sounding_and_bounded(instrument: str, seed: int) -> None:
    window = window_of_notes(NOTES, instrument=instrument, rng=np.random.default_rng(seed))
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
        window_of_notes(NOTES, instrument="Piano", rng=np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(windows[0], windows[1])
    assert not np.array_equal(windows[0], windows[2])


def test_some_windows_begin_in_silence() -> None:
    late = 0
    for seed in range(60):
        window = window_of_notes(NOTES, instrument="Flute", rng=np.random.default_rng(seed))
        late += not np.any(window[: SAMPLE_RATE_HZ // 10])
    assert 6 <= late <= 30


def test_notes_are_not_changed_by_composing() -> None:
    before = [note.copy() for note in NOTES]
    window_of_notes(NOTES, instrument="Cowbell", rng=np.random.default_rng(3))
    for note, kept in zip(NOTES, before, strict=True):
        np.testing.assert_array_equal(note, kept)


@pytest.mark.parametrize("instrument", ["Violin", "Mandolin", "Organ", "Hi-Hats"])
def test_noises_without_pitch_and_single_notes_can_be_played(instrument: str) -> None:
    rng = np.random.default_rng(5)
    noise = rng.uniform(-1, 1, size=9_000).astype(np.float32)
    for seed, notes in enumerate([[noise], [noise, NOTES[1]], [NOTES[0]], [noise[:500]]]):
        for again in range(4):
            window = window_of_notes(
                notes, instrument=instrument, rng=np.random.default_rng([seed, again])
            )
            assert window.shape == (WINDOW_SAMPLES,)
            assert np.abs(window).max() == pytest.approx(1.0)


def test_what_was_heard_of_an_array_is_not_taken_for_another() -> None:
    for hz in (220.0, 440.0, 880.0):
        notes = [_tone(1.0, hz=hz)]
        window = window_of_notes(notes, instrument="Flute", rng=np.random.default_rng(8))
        assert note_of(notes[0]).key == pytest.approx(69 + 12 * np.log2(hz / 440), abs=0.05)
        assert is_sounding(window)
        del notes


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


def test_percussion_is_struck_and_nothing_else() -> None:
    assert struck.HABITS.keys() == STRUCK
    assert set(NAMES) > STRUCK
