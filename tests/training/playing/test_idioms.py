from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import NAMES
from timbrescope.training.playing import blown, chordal, keyed, ornaments, plucked, struck
from timbrescope.training.playing.band import FARTHEST_SEMITONES, Band, band_of, band_of_keys
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.players import play, span_of
from timbrescope.training.playing.rhythm import pulse, rhythm
from timbrescope.training.playing.strokes import Stroke, played

SEEDS = st.integers(0, 2**32 - 1)


def tone(key: float, *, seconds: float = 2.0) -> Note:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    wave = np.sin(2 * np.pi * 440 * 2 ** ((key - 69) / 12) * times) * np.exp(-1.5 * times)
    return Note(wave.astype(np.float32), 1.0, key, 0.2)


def _band(seed: int = 0) -> Band:
    notes = [tone(key) for key in range(48, 76, 3)]
    return band_of(notes, span=26, rng=np.random.default_rng(seed))


def _starts(strokes: list[Stroke]) -> np.ndarray:
    return np.array([stroke.start_s for stroke in strokes])


@settings(max_examples=40)
@given(seed=SEEDS, keys=st.lists(st.floats(30, 90) | st.just(float("nan")), min_size=1))
def test_a_band_plays_what_its_notes_reach(seed: int, keys: list[float]) -> None:
    rng = np.random.default_rng(seed)
    notes = [Note(np.ones(9, np.float32), 1.0, key, 0.1) for key in keys]
    band = band_of(notes, span=24, rng=rng)
    assert band.scale
    assert list(band.scale) == sorted(set(band.scale))
    assert band.scale[-1] - band.scale[0] <= 24
    for key in band.scale:
        stroke = band.stroke(key, start_s=0.0, length_s=1.0)
        if band.pitched:
            assert abs(stroke.shift - band.tuning) <= FARTHEST_SEMITONES + 1e-9
            assert stroke.note.key + stroke.shift - band.tuning == pytest.approx(key)


@pytest.mark.parametrize("instrument", NAMES)
@settings(max_examples=8)
@given(seed=SEEDS)
def test_every_instrument_plays_within_its_time(instrument: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = [tone(key, seconds=0.8) for key in (50.0, 55.0, 62.0)]
    strokes = play(notes, instrument, length_s=3.0, rng=rng).strokes
    for stroke in strokes:
        assert 0 <= stroke.start_s < 8.0
        assert stroke.length_s > 0
        assert abs(stroke.shift) < 16


def test_tremolo_strikes_at_the_asked_rate() -> None:
    stroke = Stroke(0.5, 2.0, tone(60.0))
    again = ornaments.restruck(stroke, step_s=0.08, rng=np.random.default_rng(1))
    assert len(again) == 25
    assert np.diff(_starts(again)).mean() == pytest.approx(0.08, abs=0.002)
    assert np.diff(_starts(again)).std() < 0.03


def test_a_trill_goes_to_the_next_key_and_back_at_its_rate() -> None:
    band, rng = _band(), np.random.default_rng(2)
    key = band.scale[2]
    stroke = band.stroke(key, start_s=0.0, length_s=2.0)
    notes = ornaments.trill(band, stroke, key=key, rate_hz=6.0, rng=rng)
    assert len(notes) == 24
    shifts = [note.shift - stroke.shift for note in notes]
    assert shifts[::2] == [0.0] * 12
    assert set(shifts[1::2]) == {min(band.scale[3] - key, 2)}


def test_a_strum_spreads_its_onsets() -> None:
    band = _band()
    keys = band.scale[:4]
    strokes = chordal.strum(band, keys, start_s=1.0, length_s=1.0, between_s=0.02)
    np.testing.assert_allclose(np.diff(_starts(strokes)), 0.02)
    strums = chordal.strummed(band, 8.0, np.random.default_rng(3), strings=4)
    gaps = np.diff(np.sort(_starts(strums)))
    within = gaps[gaps < 0.045]
    assert within.size > 0.4 * gaps.size
    assert within.min() >= 0.004


def test_a_chord_sounds_all_its_keys() -> None:
    band = _band(4)
    tones = keyed.chord_tones(band, [(0.0, 1.5)], np.random.default_rng(5), voices=3)
    assert len(tones) == 3
    strokes = [band.stroke(t.key, start_s=t.start_s, length_s=t.length_s) for t in tones]
    line = played(strokes, from_s=0.0, seconds=1.5)
    spectrum = np.abs(np.fft.rfft(line * np.hanning(line.size)))
    for tone_ in tones:
        hz = 440 * 2 ** ((tone_.key + band.tuning - 69) / 12)
        place = round(hz * line.size / SAMPLE_RATE_HZ)
        assert spectrum[place - 2 : place + 3].max() > 0.2 * spectrum.max()


def test_slides_move_by_semitones_and_end_in_tune() -> None:
    rng = np.random.default_rng(6)
    strokes = plucked.slides(_band(), 20.0, rng)
    paths = [stroke.bend.path for stroke in strokes if stroke.bend is not None]
    assert len(paths) > 0.5 * len(strokes)
    assert all(max(abs(semitones) for _, semitones in path) >= 1 for path in paths)
    assert all(0.0 in (path[0][1], path[-1][1]) for path in paths)


def test_slurred_notes_overlap_and_staccato_ones_leave_gaps() -> None:
    band = _band()
    tied = blown.slurred(band, 6.0, np.random.default_rng(7))
    assert any(stroke.attack_s > 0 and stroke.skip_s > 0 for stroke in tied)
    short = blown.staccato(band, 6.0, np.random.default_rng(7))
    assert max(stroke.length_s for stroke in short) <= blown.STACCATO_S


def test_courses_double_every_stroke_a_few_cents_apart() -> None:
    strokes = [Stroke(0.0, 1.0, tone(60.0)), Stroke(1.0, 1.0, tone(62.0))]
    doubled = plucked.in_courses(strokes, cents=4.0, rng=np.random.default_rng(8))
    assert len(doubled) == 4
    assert 0 < abs(doubled[0].shift - doubled[1].shift) <= 0.08


def test_a_hat_that_closes_ends_what_rings() -> None:
    strokes = [Stroke(start_s, 8.0, tone(60.0)) for start_s in (0.0, 0.3, 0.7)]
    closed = struck.choked(strokes, np.random.default_rng(9))
    for stroke, after in pairwise(closed):
        assert stroke.start_s + stroke.length_s <= after.start_s + 0.021
    assert closed[-1].length_s == 8.0


def test_open_strokes_are_the_longer_recordings() -> None:
    rng = np.random.default_rng(10)
    short, long = tone(60.0, seconds=0.2), Note(tone(60.0).samples, 1.0, 60.0, 1.0)
    short = Note(short.samples, 1.0, 60.0, 0.05)
    pieces = [struck.chosen_strokes([short, long], rng) for _ in range(20)]
    first_short = [piece for piece in pieces if piece.short[0] is short]
    assert first_short
    assert all(piece.long == (long,) for piece in first_short)


def test_patterns_fit_their_bars() -> None:
    for habits in struck.HABITS.values():
        assert all(set(bar) <= set("Xxo.") and len(bar) in (12, 16) for bar in habits.bars)


def test_rhythm_fills_its_time_and_a_pulse_swings() -> None:
    rng = np.random.default_rng(11)
    times = rhythm(5.0, rng, beat=0.5, rests=0.0)
    assert times[-1][0] + times[-1][1] > 4.9
    swung = pulse(20.0, rng, step=0.25, swing=0.3)
    assert np.diff(swung)[::2].mean() == pytest.approx(0.325, abs=0.01)


def test_what_is_written_down_needs_no_recordings() -> None:
    rng = np.random.default_rng(12)
    band = band_of_keys(40, 84, span=span_of("Piano"), rng=rng)
    assert band.tuning == 0
    assert min(band.scale) >= 40
    assert max(band.scale) <= 84
