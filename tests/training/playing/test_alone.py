import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from timbrescope.models.instruments import NAMES
from timbrescope.training.playing.alone import alone, of_some_register
from timbrescope.training.playing.hits import some_hit
from timbrescope.training.playing.notes import Note, note_of
from timbrescope.training.playing.tuning import OPEN_STRINGS, tuned_up
from timbrescope.training.windows.compose import (
    FEWEST_FRAMES_OF_ONE,
    STRUCK,
    attacks,
    is_sounding,
    window_of_excerpt,
    window_of_one,
    window_of_piece,
)

SEEDS = st.integers(0, 2**32 - 1)
# A frame of 0.05 s that is this far below the loudest counts as silence.
SILENT_SHARE = 0.003


def _tone(seconds: float, *, hz: float, decay: float) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    partials = sum(np.sin(2 * np.pi * hz * k * times) / k for k in (1, 2, 3))
    ends = np.clip(np.minimum(times, seconds - times) / 0.02, 0, 1)
    return (0.3 * partials * ends * np.exp(-decay * times)).astype(np.float32)


PLUCKED = [_tone(2.0, hz=220 * 2 ** (k / 6), decay=4.0) for k in range(8)]
BLOWN = [_tone(2.0, hz=220 * 2 ** (k / 6), decay=0.0) for k in range(8)]
CLICKS = [_tone(0.06, hz=900.0, decay=40.0), _tone(1.2, hz=700.0, decay=3.0)]


def _heard_s(window: np.ndarray) -> float:
    """Return how many seconds of a window sound, in steps of 0.05 s."""
    frame = SAMPLE_RATE_HZ // 20
    frames = np.abs(window[: window.size // frame * frame].reshape(-1, frame)).max(axis=1)
    return float(np.count_nonzero(frames > SILENT_SHARE * frames.max())) * 0.05


def _windows(notes: list[np.ndarray], instrument: str, *, held_share: float = 0.5) -> list[float]:
    return [
        _heard_s(
            window_of_one(
                notes, instrument=instrument, held_share=held_share, rng=np.random.default_rng(seed)
            )
        )
        for seed in range(60)
    ]


@pytest.mark.parametrize("instrument", NAMES)
@settings(max_examples=10)
@given(seed=SEEDS, held_share=st.floats(0, 1))
def test_windows_of_one_note_are_whole_sounding_and_bounded(
    instrument: str, seed: int, held_share: float
) -> None:
    for notes in (PLUCKED, BLOWN, CLICKS):
        window = window_of_one(
            notes, instrument=instrument, held_share=held_share, rng=np.random.default_rng(seed)
        )
        assert window.shape == (WINDOW_SAMPLES,)
        assert window.dtype == np.float32
        assert np.isfinite(window).all()
        assert np.abs(window).max() == pytest.approx(1.0)
        assert is_sounding(window, fewest_frames=FEWEST_FRAMES_OF_ONE)


def test_the_same_seed_plays_the_same_note() -> None:
    windows = [
        window_of_one(BLOWN, instrument="Violin", held_share=0.5, rng=np.random.default_rng(seed))
        for seed in (4, 4, 5)
    ]
    np.testing.assert_array_equal(windows[0], windows[1])
    assert not np.array_equal(windows[0], windows[2])


def test_held_tones_fill_a_window_and_others_leave_silence() -> None:
    held, not_held = (_windows(BLOWN, "Violin", held_share=share) for share in (1.0, 0.0))
    assert np.mean(held) > np.mean(not_held) + 0.2
    # Ten seconds that began before the window and end after it; and a note of a tenth.
    assert max(held) >= WINDOW_S - 0.1
    assert min(not_held) < 0.6


def test_held_tones_begin_and_end_anywhere() -> None:
    windows = [
        window_of_one(BLOWN, instrument="Flute", held_share=1.0, rng=np.random.default_rng(seed))
        for seed in range(60)
    ]
    edge = SAMPLE_RATE_HZ // 10
    starts = [np.abs(window[:edge]).max() > 0.01 for window in windows]
    ends = [np.abs(window[-edge:]).max() > 0.01 for window in windows]
    for sounding in (starts, ends):
        assert 0.1 < np.mean(sounding) < 0.9


def test_a_hit_leaves_most_of_its_window_silent() -> None:
    heard = _windows([CLICKS[0]], "Hi-Hats")
    assert np.median(heard) <= 0.2
    assert max(heard) < 1.0


def test_short_and_long_strokes_come_up_alike_however_many_there_are() -> None:
    notes = [note_of(click, pitched=False) for click in [CLICKS[0]] * 30 + [CLICKS[1]]]
    rng = np.random.default_rng(1)
    long = sum(some_hit(notes, rng).seconds > 1.0 for _ in range(300))
    assert 30 < long < 150


def _note(key: float) -> Note:
    return Note(BLOWN[0], 1.0, key, 1.0, 1.8)


def test_every_register_comes_up_however_often_it_was_recorded() -> None:
    notes = [_note(60.0)] * 50 + [_note(key) for key in (40.0, 50.0, 70.0, 80.0)]
    rng = np.random.default_rng(1)
    keys = [of_some_register(notes, rng).key for _ in range(400)]
    for key in (40.0, 50.0, 60.0, 70.0, 80.0):
        assert 30 < keys.count(key) < 150


def test_notes_without_pitch_come_up_as_well() -> None:
    notes = [_note(float("nan")), _note(60.0), _note(64.0)]
    rng = np.random.default_rng(1)
    assert any(np.isnan(of_some_register(notes, rng).key) for _ in range(60))


@pytest.mark.parametrize("instrument", OPEN_STRINGS)
@settings(max_examples=20)
@given(seed=SEEDS)
def test_tuning_slides_around_an_open_string(instrument: str, seed: int) -> None:
    notes = [_note(float(key)) for key in range(28, 80, 3)]
    strokes = tuned_up(notes, instrument, np.random.default_rng(seed))
    assert strokes
    assert strokes[-1].start_s + strokes[-1].length_s > 0
    for stroke in strokes:
        written = stroke.note.key + stroke.shift
        assert min(abs(written - key) for key in OPEN_STRINGS[instrument]) < 1e-6
        if stroke.bend is not None:
            assert all(abs(semitones) <= 1.2 for _, semitones in stroke.bend.path)


@settings(max_examples=40)
@given(seed=SEEDS, instrument=st.sampled_from(NAMES))
def test_something_of_a_performance_lies_within_the_window(seed: int, instrument: str) -> None:
    notes = [note_of(note, pitched=instrument not in STRUCK) for note in BLOWN]
    performance = alone(notes, instrument, held_share=0.5, rng=np.random.default_rng(seed))
    assert any(
        stroke.start_s < WINDOW_S and stroke.start_s + stroke.length_s > 0
        for stroke in performance.strokes
    )


@settings(max_examples=40)
@given(seed=SEEDS, seconds=st.sampled_from((0.15, 1.0, 3.0, 9.0)))
def test_a_piece_alone_is_heard_once(seed: int, seconds: float) -> None:
    piece = _tone(seconds, hz=300.0, decay=0.0)
    window = window_of_piece([piece], rng=np.random.default_rng(seed))
    assert window.shape == (WINDOW_SAMPLES,)
    assert np.abs(window).max() == pytest.approx(1.0)
    assert _heard_s(window) <= seconds * 1.07 + 0.1


def test_attacks_are_found_where_strings_are_plucked() -> None:
    phrase = np.zeros(SAMPLE_RATE_HZ * 3, np.float32)
    starts = (0.4, 1.1, 1.9)
    for start_s in starts:
        at = int(start_s * SAMPLE_RATE_HZ)
        phrase[at : at + PLUCKED[0].size] += PLUCKED[0][: phrase.size - at]
    found = attacks(phrase) / SAMPLE_RATE_HZ
    assert len(found) == len(starts)
    np.testing.assert_allclose(found, starts, atol=0.03)


@settings(max_examples=40)
@given(seed=SEEDS, seconds=st.sampled_from((0.4, 3.0, 20.0)))
def test_an_excerpt_of_a_phrase_is_short_and_alone(seed: int, seconds: float) -> None:
    phrase = np.resize(np.concatenate([PLUCKED[0], PLUCKED[3]]), int(seconds * SAMPLE_RATE_HZ))
    window = window_of_excerpt([phrase], rng=np.random.default_rng(seed))
    assert window.shape == (WINDOW_SAMPLES,)
    assert np.abs(window).max() == pytest.approx(1.0)
    assert is_sounding(window)
    assert _heard_s(window) <= 1.8
