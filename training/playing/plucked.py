"""Strings that are plucked or struck with a pick: guitars, bass, banjo, mandolin, ukulele."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.basslines import bass_line
from timbrescope.training.playing.chordal import PICKED_BARS, ROLLS, fingerpicked, strum, strummed
from timbrescope.training.playing.lines import below, melody
from timbrescope.training.playing.ornaments import restruck, slid, with_vibrato
from timbrescope.training.playing.rhythm import beat_s, loudness, rhythm
from timbrescope.training.playing.strokes import Performance, Stroke

Way = Callable[[Band, float, Generator], list[Stroke]]
CENT = 0.01


@dataclass(frozen=True)
class Habits:
    """How often, in shares of one, an instrument is played in each way; strings in a strum."""

    melody: float = 0.3
    strum: float = 0.3
    picked: float = 0.25
    slide: float = 0.03
    tremolo: float = 0.02
    roll: float = 0.0
    power: float = 0.0
    bass: float = 0.0
    strings: int = 6
    double: float = 0.12
    vibrato: float = 0.1
    bends: float = 0.1
    course_cents: float = 0.0


HABITS = {
    "Acoustic Guitar": Habits(),
    "Banjo": Habits(melody=0.22, strum=0.1, picked=0.06, roll=0.62, strings=5),
    "Bass Guitar": Habits(
        melody=0.2, strum=0, picked=0, bass=0.75, slide=0.05, double=0.03, strings=4
    ),
    "Dobro": Habits(
        melody=0.12, strum=0.08, picked=0.1, roll=0.2, slide=0.5, double=0.2, vibrato=0.4
    ),
    "Electric Guitar": Habits(
        melody=0.36, strum=0.18, picked=0.12, power=0.2, slide=0.08, vibrato=0.3, bends=0.3
    ),
    "Mandolin": Habits(
        melody=0.26, strum=0.18, picked=0.06, tremolo=0.5, strings=4, double=0.2, course_cents=4
    ),
    "Ukulele": Habits(melody=0.18, strum=0.52, picked=0.3, strings=4, double=0.05),
}


def strings(band: Band, length_s: float, rng: Generator, *, habits: Habits) -> Performance:
    """Play in one of the ways that the instrument has."""
    ways: dict[Way, float] = {
        picked_melody: habits.melody,
        lambda *args: strummed(*args, strings=habits.strings): habits.strum,
        lambda *args: fingerpicked(*args, bars=PICKED_BARS): habits.picked,
        slides: habits.slide,
        tremolo: habits.tremolo,
        lambda *args: fingerpicked(*args, bars=ROLLS, slowest=180, fastest=330): habits.roll,
        power_chords: habits.power,
        bass_line: habits.bass,
    }
    shares = np.array(list(ways.values()))
    way = list(ways)[int(rng.choice(len(ways), p=shares / shares.sum()))]
    strokes = way(band, length_s, rng)
    if way in (picked_melody, slides) and rng.random() < habits.vibrato:
        strokes = with_vibrato(strokes, rng)
    if way == picked_melody and rng.random() < habits.bends:
        strokes = with_bends(strokes, rng)
    if way in (picked_melody, slides, tremolo) and rng.random() < habits.double:
        strokes = strokes + _second_string(band, strokes, rng)
    if habits.course_cents and rng.random() < 0.4:
        strokes = in_courses(strokes, cents=habits.course_cents, rng=rng)
    return Performance(tuple(strokes))


def picked_melody(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Pick a line; some notes are hammered on or pulled off, which are softer and have no pick."""
    tones = melody(band, rhythm(length_s, rng, beat=beat_s(rng)), rng)
    gains = loudness(len(tones), rng)
    rings, hammered = rng.uniform(0.8, 2.0), rng.random() < 0.35
    strokes = []
    for number, (tone, gain) in enumerate(zip(tones, gains, strict=True)):
        held_s = tone.length_s * (rings if rng.random() < 0.9 else 0.4)
        stroke = band.stroke(tone.key, start_s=tone.start_s, length_s=held_s)
        stroke = replace(stroke, gain_db=float(gain), release_s=float(rng.uniform(0.02, 0.08)))
        near = number > 0 and 0 < abs(tone.key - tones[number - 1].key) <= 4
        if hammered and near and tone.length_s < 0.4 and rng.random() < 0.4:
            stroke = replace(stroke, skip_s=0.02, attack_s=0.008, gain_db=stroke.gain_db - 4)
        strokes.append(stroke)
    return strokes


def slides(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Play a line with a bar on the strings: notes slide up to where they belong, or away."""
    beat = beat_s(rng, slowest=55, fastest=130)
    tones = melody(band, rhythm(length_s, rng, beat=beat), rng)
    gains = loudness(len(tones), rng)
    strokes = []
    for tone, gain in zip(tones, gains, strict=True):
        held_s = tone.length_s * float(rng.uniform(0.95, 1.6))
        stroke = band.stroke(tone.key, start_s=tone.start_s, length_s=held_s)
        stroke = replace(stroke, gain_db=float(gain))
        strokes.append(slid(stroke, rng) if rng.random() < 0.75 else stroke)
    return strokes


def tremolo(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Pick every longer note to and fro, quickly, for as long as it lasts."""
    tones = melody(band, rhythm(length_s, rng, beat=beat_s(rng, fastest=120), rests=0.03), rng)
    gains, step_s = loudness(len(tones), rng), 1 / float(rng.uniform(9, 17))
    strokes: list[Stroke] = []
    for tone, gain in zip(tones, gains, strict=True):
        stroke = band.stroke(tone.key, start_s=tone.start_s, length_s=tone.length_s)
        strokes += restruck(replace(stroke, gain_db=float(gain)), step_s=step_s, rng=rng)
    return strokes


def power_chords(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Play root, fifth and octave, often damped with the palm."""
    times = rhythm(length_s, rng, beat=beat_s(rng, slowest=80) / float(rng.choice((1, 2))))
    low = band.within(band.scale[0], band.scale[0] + 12)
    tones = melody(low, times, rng)
    muted = rng.random() < 0.35
    strokes: list[Stroke] = []
    for tone in tones:
        held_s = 0.07 if muted and rng.random() < 0.7 else tone.length_s
        keys = [k for k in (tone.key, tone.key + 7, tone.key + 12) if k <= band.scale[-1] + 3]
        between_s = float(rng.uniform(0.002, 0.008))
        gain_db = -float(rng.uniform(0, 4))
        strokes += strum(
            band,
            keys,
            start_s=tone.start_s,
            length_s=held_s,
            between_s=between_s,
            gain_db=gain_db,
        )
    return strokes


def with_bends(strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Bend some longer notes up by a semitone or two, or slide into them."""
    return [
        slid(stroke, rng) if stroke.length_s > 0.2 and rng.random() < 0.35 else stroke
        for stroke in strokes
    ]


def _second_string(band: Band, strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    found = []
    for stroke in strokes:
        lower = below(band, round(stroke.note.key + stroke.shift - band.tuning))
        if lower is not None:
            second = band.stroke(lower, start_s=stroke.start_s, length_s=stroke.length_s)
            late_s = stroke.start_s + float(rng.uniform(0, 0.015))
            found.append(replace(stroke, start_s=late_s, note=second.note, shift=second.shift))
    return found


def in_courses(strokes: Sequence[Stroke], *, cents: float, rng: Generator) -> list[Stroke]:
    """Return every stroke on two strings that are almost in tune with each other."""
    apart = float(rng.uniform(-cents, cents)) * CENT
    return [
        replace(stroke, start_s=stroke.start_s + late_s, shift=stroke.shift + sign * apart)
        for stroke in strokes
        for sign, late_s in ((1, 0.0), (-1, float(rng.uniform(0.001, 0.006))))
    ]
