"""Ukulele, mandolin and dobro imitated with notes of guitars: no package holds the real ones.

Guitar notes are played higher, on the strings and in the figures of the instrument, and go
through a response like that of its body. The result is an imitation and is credited as one.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.equalisation import Curve, bell_db, filtered, high_pass_db
from timbrescope.training.playing.band import Band
from timbrescope.training.playing.chordal import ROLLS, strum
from timbrescope.training.playing.notes import Note, detuned, note_of
from timbrescope.training.playing.ornaments import with_vibrato
from timbrescope.training.playing.strokes import Bend, Stroke, played

PHRASE_S = 4.0
UKULELE_SEMITONES, MANDOLIN_SEMITONES, DOBRO_SEMITONES = 8.0, 9.0, 6.0
# Strings from the one nearest the face: the first is high, as re-entrant tuning has it.
UKULELE_CHORDS = {
    "C": (67, 60, 64, 72),
    "Am": (69, 60, 64, 69),
    "F": (69, 60, 65, 69),
    "G7": (67, 62, 65, 71),
    "G": (67, 62, 67, 71),
    "Dm": (69, 62, 65, 69),
}
UKULELE_SONGS = (("C", "Am"), ("F", "G7"), ("C", "G7"), ("C", "F"), ("Am", "F"), ("G", "C"))
# Of eight to a bar: down, up, nothing.
ISLAND_BARS = ("D.DU.UDU", "D.DUD.DU", "DUDUDUDU", "D.D.D.DU", "DU.UDU.U")
UKULELE_PICKED = ((1, 2, 0, 3), (0, 1, 2, 3), (1, 0, 2, 0, 3, 0, 2, 0))
G_MAJOR = (0, 2, 4, 7, 9, 11)
G_BLUES = (0, 3, 4, 5, 7, 10)
G = 67
# Four courses in fifths, of G, C, D and E minor.
MANDOLIN_CHORDS = ((55, 62, 71, 79), (55, 64, 72, 76), (57, 62, 69, 78), (55, 64, 71, 76))
COURSE_CENTS = (4.0, 12.0)
OPEN_G = (43, 47, 50, 55, 59, 62)


def guitar_notes(recordings: Sequence[Samples], *, semitones: float) -> tuple[Note, ...]:
    """Return recordings as notes that are `semitones` higher, and die away sooner for it."""
    factor = 2 ** (semitones / 12)
    heard = [note_of(detuned(samples, factor=factor)) for samples in recordings]
    return tuple(note for note in heard if np.isfinite(note.key))


def band_on(notes: Sequence[Note], keys: Sequence[int]) -> Band:
    """Return a band that plays `keys` with whatever of `notes` is near."""
    return Band(tuple(notes), np.zeros(len(notes)), tuple(sorted(set(keys))), 0.0, True)


def ukulele(recordings: Sequence[Samples], rng: Generator) -> Samples:
    """Strum or pick chords on four strings in re-entrant tuning."""
    notes = guitar_notes(recordings, semitones=UKULELE_SEMITONES)
    band = band_on(notes, [key for chord in UKULELE_CHORDS.values() for key in chord])
    song = UKULELE_SONGS[int(rng.integers(len(UKULELE_SONGS)))]
    way = _island_strum if rng.random() < 0.7 else _ukulele_picked
    return _sounding([_damped(s, half_s=0.35) for s in way(band, song, rng)], ukulele_body_db())


def _island_strum(band: Band, song: Sequence[str], rng: Generator) -> list[Stroke]:
    bar = ISLAND_BARS[int(rng.integers(len(ISLAND_BARS)))]
    step_s = 30 / float(rng.uniform(92, 138))
    strokes: list[Stroke] = []
    for number in range(int(PHRASE_S / step_s)):
        sign = bar[number % 8]
        if sign == ".":
            continue
        chord = UKULELE_CHORDS[song[number // 8 % len(song)]]
        strokes += strum(
            band,
            chord if sign == "D" else chord[::-1],
            start_s=max(0.0, number * step_s + float(rng.normal(0, 0.006))),
            length_s=step_s * (1.0 if bar[(number + 1) % 8] != "." else 2.0),
            between_s=float(rng.uniform(0.006, 0.014)),
            gain_db=-float(rng.uniform(0, 3)) - (2.5 if sign == "U" else 0.0),
        )
    return strokes


def _ukulele_picked(band: Band, song: Sequence[str], rng: Generator) -> list[Stroke]:
    order = UKULELE_PICKED[int(rng.integers(len(UKULELE_PICKED)))]
    step_s = 30 / float(rng.uniform(100, 150))
    return [
        replace(
            band.stroke(
                UKULELE_CHORDS[song[number // 8 % len(song)]][order[number % len(order)]],
                start_s=number * step_s,
                length_s=4 * step_s,
            ),
            gain_db=-float(rng.uniform(0, 4)),
        )
        for number in range(int(PHRASE_S / step_s))
    ]


def mandolin(recordings: Sequence[Samples], rng: Generator) -> Samples:
    """Play a tune or chords in double courses."""
    notes = guitar_notes(recordings, semitones=MANDOLIN_SEMITONES)
    keys = {key for key in range(62, 86) if (key - G) % 12 in G_MAJOR}
    band = band_on(notes, sorted(keys | {key for c in MANDOLIN_CHORDS for key in c}))
    way = (_tremolo_tune, _picked_tune, _mandolin_strum)[int(rng.integers(3))]
    strokes = _doubled([_damped(s, half_s=0.28) for s in way(band, rng)], rng)
    return _sounding(strokes, mandolin_body_db())


def _tune(keys: Sequence[int], count: int, rng: Generator) -> list[int]:
    """Return places of a scale that mostly go by steps, with a leap now and then."""
    at = len(keys) // 3 + int(rng.integers(len(keys) // 3))
    found = []
    for _ in range(count):
        found.append(keys[at])
        at += int(rng.choice((-3, -2, -1, -1, 1, 1, 2, 4)))
        at = abs(at) if at < len(keys) else 2 * len(keys) - 2 - at
    return found


def _tremolo_tune(band: Band, rng: Generator) -> list[Stroke]:
    """Pick long notes to and fro; every stroke leaves the string ringing into the next."""
    keys = [key for key in band.scale if 69 <= key <= 84]
    strokes: list[Stroke] = []
    now_s, step_s = 0.0, 1 / float(rng.uniform(10, 13))
    for key in _tune(keys, 12, rng):
        count = int(rng.choice((5, 6, 6, 9, 12)))
        swells = 3 * np.sin(np.pi * np.arange(count) / count)
        for number in range(count):
            late_s = float(rng.normal(0, 0.005))
            stroke = band.stroke(
                key, start_s=max(0.0, now_s + number * step_s + late_s), length_s=1.3 * step_s
            )
            gain_db = float(swells[number] - rng.uniform(0, 3) - 2.5 * (number % 2))
            strokes.append(replace(stroke, gain_db=gain_db, release_s=0.06))
        now_s += count * step_s
    return [stroke for stroke in strokes if stroke.start_s < PHRASE_S]


def _picked_tune(band: Band, rng: Generator) -> list[Stroke]:
    """Pick a reel in even notes, down and up."""
    keys = [key for key in band.scale if 66 <= key <= 84]
    step_s = 15 / float(rng.uniform(80, 115))
    return [
        replace(
            band.stroke(key, start_s=number * step_s, length_s=2 * step_s),
            gain_db=-float(rng.uniform(0, 2)) - 2.5 * (number % 2),
            release_s=0.08,
        )
        for number, key in enumerate(_tune(keys, int(PHRASE_S / step_s), rng))
    ]


def _mandolin_strum(band: Band, rng: Generator) -> list[Stroke]:
    bar = ISLAND_BARS[int(rng.integers(len(ISLAND_BARS)))]
    step_s = 30 / float(rng.uniform(110, 160))
    first = int(rng.integers(len(MANDOLIN_CHORDS)))
    strokes: list[Stroke] = []
    for number in range(int(PHRASE_S / step_s)):
        if bar[number % 8] == ".":
            continue
        chord = MANDOLIN_CHORDS[(first + number // 8) % len(MANDOLIN_CHORDS)]
        strokes += strum(
            band,
            chord if bar[number % 8] == "D" else chord[::-1],
            start_s=number * step_s,
            length_s=2 * step_s,
            between_s=float(rng.uniform(0.006, 0.012)),
            gain_db=-float(rng.uniform(0, 3)),
        )
    return strokes


def _doubled(strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Return every stroke on two strings, a few cents apart and struck one after the other."""
    apart = float(rng.uniform(*COURSE_CENTS)) / 100
    return [
        replace(stroke, start_s=stroke.start_s + late_s, shift=stroke.shift + sign * apart / 2)
        for stroke in strokes
        for sign, late_s in ((1, 0.0), (-1, float(rng.uniform(0.002, 0.006))))
    ]


def dobro(recordings: Sequence[Samples], rng: Generator) -> Samples:
    """Slide a steel bar over strings in open G, or roll over them; steel notes are meant."""
    notes = guitar_notes(recordings, semitones=DOBRO_SEMITONES)
    scale = G_BLUES if rng.random() < 0.5 else G_MAJOR
    keys = {key for key in range(53, 77) if (key - G) % 12 in scale}
    band = band_on(notes, sorted(keys | set(OPEN_G)))
    way = _bar_tune if rng.random() < 0.7 else _open_roll
    strokes = with_vibrato(way(band, rng), rng)
    return _sounding([_damped(s, half_s=0.9) for s in strokes], resonator_db())


def _bar_tune(band: Band, rng: Generator) -> list[Stroke]:
    """Slide from note to note, each ringing on into the next; some over an open low string."""
    keys = [key for key in band.scale if key >= 60]
    beat_s = 60 / float(rng.uniform(70, 110))
    strokes: list[Stroke] = []
    now_s = 0.0
    for key in _tune(keys, 12, rng):
        length_s = beat_s * float(rng.choice((0.5, 1.0, 1.0, 2.0)))
        far = float(rng.choice((-4, -3, -2, -2, 2)))
        taken_s = min(0.5 * length_s, float(rng.uniform(0.08, 0.25)))
        bend = Bend(((0.0, far), (0.03, far), (0.03 + taken_s, 0.0)))
        slid_in = rng.random() < 0.8
        for at in (key, key - 3) if rng.random() < 0.25 else (key,):
            stroke = band.stroke(at, start_s=now_s, length_s=1.4 * length_s)
            strokes.append(replace(stroke, release_s=0.15, bend=bend if slid_in else None))
        if rng.random() < 0.3:
            low = band.stroke(OPEN_G[int(rng.integers(3))], start_s=now_s, length_s=2 * beat_s)
            strokes.append(replace(low, gain_db=-5.0))
        now_s += length_s
    return [stroke for stroke in strokes if stroke.start_s < PHRASE_S]


def _open_roll(band: Band, rng: Generator) -> list[Stroke]:
    """Roll over the open strings, sliding into some of the notes."""
    roll = ROLLS[int(rng.integers(len(ROLLS)))]
    step_s = 15 / float(rng.uniform(75, 105))
    strokes = []
    for number in range(int(PHRASE_S / step_s)):
        key = OPEN_G[1 + roll[number % len(roll)]]
        stroke = band.stroke(key, start_s=number * step_s, length_s=5 * step_s)
        stroke = replace(stroke, gain_db=-float(rng.uniform(0, 5)))
        if rng.random() < 0.25:
            stroke = replace(stroke, bend=Bend(((0.0, -2.0), (0.02, -2.0), (0.1, 0.0))))
        strokes.append(stroke)
    return strokes


def _damped(stroke: Stroke, *, half_s: float) -> Stroke:
    """Let a note fall by half every `half_s`: small bodies give off their sound sooner."""
    times = np.linspace(0, 8 * half_s, 17)
    swell = tuple((float(t), float(0.5 ** (t / half_s))) for t in times)
    return replace(stroke, swell=swell)


def _sounding(strokes: Sequence[Stroke], body_db: Curve) -> Samples:
    tail = np.zeros(SAMPLE_RATE_HZ // 10, np.float32)
    line = played(strokes, from_s=0.0, seconds=PHRASE_S)
    return filtered(np.concatenate([line, tail]), body_db)


def ukulele_body_db() -> Curve:
    """Return the response of a small wooden box: no bass, its air and its top ring."""
    return (
        high_pass_db(corner_hz=230, order=3)
        + bell_db(centre_hz=380, width_octaves=0.25, gain_db=4)
        + bell_db(centre_hz=720, width_octaves=0.3, gain_db=3)
        + bell_db(centre_hz=2_400, width_octaves=0.6, gain_db=3)
    )


def mandolin_body_db() -> Curve:
    """Return the response of a carved small box: thin below, a little bright above."""
    return (
        high_pass_db(corner_hz=200, order=2)
        + bell_db(centre_hz=480, width_octaves=0.25, gain_db=1.5)
        + bell_db(centre_hz=1_300, width_octaves=0.4, gain_db=1.5)
        + bell_db(centre_hz=3_600, width_octaves=0.8, gain_db=3)
    )


def resonator_db() -> Curve:
    """Return what turns the notes into a resonator guitar's: full below 1 kHz, hollow above."""
    return (
        high_pass_db(corner_hz=80, order=2)
        + bell_db(centre_hz=150, width_octaves=0.6, gain_db=8)
        + bell_db(centre_hz=650, width_octaves=0.6, gain_db=18)
        + bell_db(centre_hz=1_450, width_octaves=0.2, gain_db=-4)
        + bell_db(centre_hz=2_300, width_octaves=0.3, gain_db=12)
        + bell_db(centre_hz=7_000, width_octaves=0.7, gain_db=16)
    )
