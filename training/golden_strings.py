"""Ukulele, mandolin and dobro imitated with notes of guitars: no package holds the real ones.

Guitar notes are played higher, on the strings and in the figures of the instrument, and go
through a response like that of its body. The result is an imitation and is credited as one.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from models.frontend import SAMPLE_RATE_HZ
from training.augment.equalisation import Curve, bell_db, filtered, high_pass_db
from training.playing.band import Band
from training.playing.chordal import ROLLS, fingerpicked, strum
from training.playing.notes import Note, detuned, note_of
from training.playing.ornaments import slid, with_vibrato
from training.playing.pitch import Samples
from training.playing.plucked import in_courses, picked_melody, slides, tremolo
from training.playing.strokes import Stroke, played

PHRASE_S = 4.0
UKULELE_SEMITONES, MANDOLIN_SEMITONES, DOBRO_SEMITONES = 8.0, 9.0, 2.0
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
COURSE_CENTS = 6.0


def guitar_notes(recordings: Sequence[Samples], *, semitones: float) -> tuple[Note, ...]:
    """Return recordings as notes that are `semitones` higher, and die away sooner for it."""
    factor = 2 ** (semitones / 12)
    heard = [note_of(detuned(samples, factor=factor)) for samples in recordings]
    return tuple(note for note in heard if np.isfinite(note.key))


def band_on(notes: Sequence[Note], keys: Sequence[int]) -> Band:
    """Return a band that plays `keys` with whatever of `notes` is near."""
    return Band(tuple(notes), np.zeros(len(notes)), tuple(sorted(set(keys))), 0.0, True)


def ukulele(recordings: Sequence[Samples], rng: Generator) -> Samples:
    """Strum or pick chords on four strings in re-entrant tuning; nylon notes are meant."""
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
    """Play a tune in double courses, in tremolo or picked quickly; steel notes are meant."""
    notes = guitar_notes(recordings, semitones=MANDOLIN_SEMITONES)
    keys = [key for key in range(67, 86) if (key - G) % 12 in G_MAJOR]
    way = tremolo if rng.random() < 0.7 else picked_melody
    strokes = in_courses(way(band_on(notes, keys), PHRASE_S, rng), cents=COURSE_CENTS, rng=rng)
    return _sounding([_damped(s, half_s=0.3) for s in strokes], mandolin_body_db())


def dobro(recordings: Sequence[Samples], rng: Generator) -> Samples:
    """Slide a steel bar over strings in open G, or roll over them; steel notes are meant."""
    notes = guitar_notes(recordings, semitones=DOBRO_SEMITONES)
    scale = G_BLUES if rng.random() < 0.5 else G_MAJOR
    band = band_on(notes, [key for key in range(50, 75) if (key - G) % 12 in scale])
    if rng.random() < 0.75:
        strokes = with_vibrato(slides(band, PHRASE_S, rng), rng)
    else:
        rolled = fingerpicked(band, PHRASE_S, rng, bars=ROLLS, slowest=150, fastest=230)
        strokes = [slid(s, rng) if rng.random() < 0.3 else s for s in rolled]
    return _sounding([_damped(s, half_s=0.8) for s in strokes], resonator_db())


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
    """Return the response of a carved small box: thin below, bright above."""
    return (
        high_pass_db(corner_hz=260, order=3)
        + bell_db(centre_hz=480, width_octaves=0.25, gain_db=3)
        + bell_db(centre_hz=1_300, width_octaves=0.4, gain_db=3)
        + bell_db(centre_hz=3_600, width_octaves=0.8, gain_db=8)
    )


def resonator_db() -> Curve:
    """Return the response of a metal cone: nasal, with a hollow above its lowest ring."""
    return (
        high_pass_db(corner_hz=180, order=2)
        + bell_db(centre_hz=330, width_octaves=0.2, gain_db=4)
        + bell_db(centre_hz=700, width_octaves=0.3, gain_db=-4)
        + bell_db(centre_hz=1_450, width_octaves=0.25, gain_db=7)
        + bell_db(centre_hz=2_600, width_octaves=0.3, gain_db=8)
        + bell_db(centre_hz=4_200, width_octaves=0.4, gain_db=5)
    )
