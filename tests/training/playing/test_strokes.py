import numpy as np
import pytest

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.playing.notes import Note, bent, lengthened, note_of
from timbrescope.training.playing.pitch import pitch_of
from timbrescope.training.playing.strokes import (
    Bend,
    Stroke,
    Wave,
    path_of,
    played,
    sound_of,
    waved,
)


def tone(key: float, *, seconds: float = 2.0, fades: float = 0.0) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = 440 * 2 ** ((key - 69) / 12)
    waves = sum(np.sin(2 * np.pi * n * hz * times) / n for n in (1, 2, 3))
    return (0.4 * waves * np.exp(-fades * times)).astype(np.float32)


def _note(key: float = 60.0, **shape: float) -> Note:
    return note_of(tone(key, **shape))


def test_a_note_begins_at_its_attack_and_knows_its_key() -> None:
    samples = np.concatenate([np.zeros(5_000, np.float32), tone(57, seconds=0.5)])
    samples = np.concatenate([samples, np.zeros(5_000, np.float32)])
    note = note_of(samples)
    assert note.key == pytest.approx(57, abs=0.1)
    assert 0.5 <= note.seconds < 0.53
    assert note.gain * np.abs(note.samples).max() == pytest.approx(1.0)


def test_percussion_is_not_asked_for_a_pitch_until_somebody_does() -> None:
    samples = tone(60)
    assert np.isnan(note_of(samples, pitched=False).key)
    assert note_of(samples).key == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("shift", [-3.0, -0.05, 0.0, 1.5, 3.0])
@pytest.mark.parametrize("sustained", [False, True])
def test_a_stroke_has_the_shifted_pitch_and_its_length(shift: float, sustained: bool) -> None:
    note = _note(seconds=1.0)
    stroke = Stroke(0.0, 0.8 if not sustained else 2.0, note, shift=shift, sustained=sustained)
    heard = sound_of(stroke)
    assert pitch_of(heard) == pytest.approx(60 + shift, abs=0.12)
    expected_s = stroke.length_s + stroke.release_s
    assert heard.size / SAMPLE_RATE_HZ == pytest.approx(expected_s, abs=0.01)


def test_a_tone_lasts_and_a_string_dies_away() -> None:
    assert _note().lasts
    assert not _note(fades=3.0).lasts


def test_a_held_note_goes_on_without_a_step() -> None:
    samples = tone(52, seconds=0.4)
    longer = lengthened(samples, size=3 * samples.size, key=52.0, body=samples.size)
    assert longer.size >= 3 * samples.size
    middle = longer[2_000:-2_000]
    assert np.abs(np.diff(middle)).max() < 1.3 * np.abs(np.diff(samples)).max()
    assert pitch_of(middle) == pytest.approx(52, abs=0.1)
    assert lengthened(samples, size=100, key=52.0, body=samples.size) is samples


def test_a_glide_really_glides() -> None:
    bend = Bend(((0.0, -4.0), (0.3, -4.0), (0.6, 0.0)))
    heard = sound_of(Stroke(0.0, 1.6, _note(), bend=bend))
    assert pitch_of(heard[: int(0.28 * SAMPLE_RATE_HZ)]) == pytest.approx(56, abs=0.2)
    assert pitch_of(heard[int(0.7 * SAMPLE_RATE_HZ) :]) == pytest.approx(60, abs=0.2)


def test_vibrato_has_the_asked_rate_and_depth() -> None:
    bend = Bend(vibrato_hz=5.0, vibrato_semitones=0.5, vibrato_after_s=0.0)
    path = path_of(bend, size=2 * SAMPLE_RATE_HZ)[SAMPLE_RATE_HZ // 2 :]
    assert np.abs(path).max() == pytest.approx(0.5, abs=0.01)
    assert np.count_nonzero(np.diff(np.sign(path))) == pytest.approx(2 * 5 * 1.5, abs=1)


def test_a_bend_by_nothing_changes_nothing() -> None:
    samples = tone(60, seconds=0.3)
    same = bent(samples, semitones=np.zeros(samples.size))
    np.testing.assert_allclose(same, samples[1 : 1 + same.size], atol=1e-6)


def test_a_swell_grows() -> None:
    heard = sound_of(Stroke(0.0, 1.8, _note(), swell=((0.0, 0.1), (1.8, 1.0))))
    parts = [np.abs(part).max() for part in np.array_split(heard[: int(1.8 * 22_050)], 4)]
    assert parts == sorted(parts)
    assert parts[0] < 0.4 * parts[-1]


def test_only_what_falls_into_the_window_is_heard() -> None:
    note = _note(seconds=0.5)
    strokes = [Stroke(start_s, 0.4, note) for start_s in (0.0, 1.2, 9.0)]
    line = played(strokes, from_s=1.0, seconds=1.0)
    assert line.size == SAMPLE_RATE_HZ
    assert not np.any(line[: int(0.19 * SAMPLE_RATE_HZ)])
    assert np.abs(line[int(0.25 * SAMPLE_RATE_HZ) :]).max() > 0.5
    begun = played([Stroke(0.9, 0.4, note)], from_s=1.0, seconds=1.0)
    np.testing.assert_array_equal(begun[:1_000], sound_of(Stroke(0.9, 0.4, note))[2_205:3_205])


def test_a_wave_moves_the_loudness_at_its_rate() -> None:
    line = np.ones(2 * SAMPLE_RATE_HZ, np.float32)
    moved = waved(line, Wave(6.0, 0.5))
    assert moved.min() == pytest.approx(0.5, abs=0.01)
    assert moved.max() == pytest.approx(1.0, abs=0.01)
    crossings = np.count_nonzero(np.diff(np.sign(moved - moved.mean())))
    assert crossings == pytest.approx(24, abs=1)
