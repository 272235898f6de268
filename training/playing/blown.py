"""One voice that is held: woodwind, brass and bowed strings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.lines import Tone, below, melody
from timbrescope.training.playing.ornaments import restruck, trill, with_scoops, with_vibrato
from timbrescope.training.playing.rhythm import beat_s, loudness, rhythm
from timbrescope.training.playing.strokes import Bend, Performance, Stroke

Way = Callable[[Band, float, Generator], list[Stroke]]
STACCATO_S = 0.22
# Breath and bow begin softly, and a recording may have been cut.
SOFT_S = 0.005
LARGEST_SLUR_BEND = 2.5


@dataclass(frozen=True)
class Habits:
    """How often, in shares of one, an instrument is played in each way."""

    legato: float = 0.34
    tongued: float = 0.3
    staccato: float = 0.12
    long: float = 0.16
    trill: float = 0.08
    bends: float = 0.1
    vibrato: float = 0.35
    double: float = 0.0
    tremolo: float = 0.0


HABITS = {
    "Clarinet": Habits(legato=0.45, trill=0.1, bends=0.08, vibrato=0.15),
    "Flute": Habits(trill=0.12, bends=0.04, vibrato=0.5),
    "Horn": Habits(long=0.25, trill=0.03, bends=0.04, vibrato=0.12),
    "Saxophone": Habits(bends=0.3, trill=0.05, vibrato=0.5),
    "Trombone": Habits(bends=0.35, trill=0.0, long=0.22, vibrato=0.3),
    "Trumpet": Habits(bends=0.12, trill=0.05, staccato=0.18, vibrato=0.3),
    "Violin": Habits(bends=0.22, vibrato=0.55, double=0.22, tremolo=0.1, trill=0.06),
}


def voice(band: Band, length_s: float, rng: Generator, *, habits: Habits) -> Performance:
    """Play one line in one of the ways that the instrument has."""
    ways: dict[Way, float] = {
        slurred: habits.legato,
        tongued: habits.tongued,
        staccato: habits.staccato,
        long_tones: habits.long,
        trills: habits.trill,
        tremolo: habits.tremolo,
    }
    shares = np.array(list(ways.values()))
    way = list(ways)[int(rng.choice(len(ways), p=shares / shares.sum()))]
    strokes = way(band, length_s, rng)
    if rng.random() < habits.vibrato:
        strokes = with_vibrato(strokes, rng)
    if rng.random() < habits.bends:
        strokes = with_scoops(strokes, rng)
    if rng.random() < habits.double:
        strokes += doubled(band, strokes, rng)
    return Performance(tuple(strokes))


def _tones(band: Band, length_s: float, rng: Generator, *, beat: float) -> list[Tone]:
    return melody(band, rhythm(length_s, rng, beat=beat), rng)


def _voiced(band: Band, tones: Sequence[Tone], rng: Generator) -> list[Stroke]:
    gains = loudness(len(tones), rng)
    return [
        replace(
            band.stroke(tone.key, start_s=tone.start_s, length_s=tone.length_s),
            gain_db=float(gain),
            sustained=True,
            attack_s=SOFT_S,
            release_s=float(rng.uniform(0.03, 0.08)),
        )
        for tone, gain in zip(tones, gains, strict=True)
    ]


def slurred(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Tie notes in groups: those after the first begin inside the one before, without attack."""
    tones = _tones(band, length_s, rng, beat=beat_s(rng, slowest=55))
    strokes = _voiced(band, tones, rng)
    group, glides = int(rng.integers(2, 9)), rng.random() < 0.3
    fade_s, skip_s = rng.uniform(0.025, 0.06), rng.uniform(0.03, 0.12)
    tied = []
    for number, stroke in enumerate(strokes):
        longer = replace(stroke, length_s=stroke.length_s + 0.5 * fade_s, release_s=fade_s)
        if number % group and stroke.note.seconds > 3 * skip_s:
            longer = replace(longer, attack_s=fade_s, skip_s=skip_s)
            step = tones[number - 1].key - tones[number].key
            if glides and abs(step) <= 5:
                far = float(np.clip(step, -LARGEST_SLUR_BEND, LARGEST_SLUR_BEND))
                longer = replace(longer, bend=Bend(((0.0, far), (float(fade_s) * 1.5, 0.0))))
        tied.append(longer)
    return tied


def tongued(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Give every note its own attack, and nearly its whole time."""
    strokes = _voiced(band, _tones(band, length_s, rng, beat=beat_s(rng)), rng)
    held = rng.uniform(0.65, 0.95)
    return [replace(stroke, length_s=stroke.length_s * held) for stroke in strokes]


def staccato(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Play short notes with silence between them."""
    strokes = _voiced(band, _tones(band, length_s, rng, beat=beat_s(rng, slowest=80)), rng)
    held = rng.uniform(0.3, 0.5)
    return [
        replace(stroke, length_s=min(STACCATO_S, stroke.length_s * held), release_s=0.025)
        for stroke in strokes
    ]


def long_tones(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Hold notes for seconds, growing louder, softer or both."""
    times, now_s = [], 0.0
    while now_s < length_s:
        held_s = float(rng.uniform(0.9, 3.2))
        times.append((now_s, held_s))
        now_s += held_s + float(rng.choice((0.0, 0.05, 0.4), p=(0.5, 0.3, 0.2)))
    strokes = _voiced(band, melody(band, times, rng), rng)
    return [replace(stroke, swell=swell(stroke.length_s, rng)) for stroke in strokes]


def swell(length_s: float, rng: Generator) -> tuple[tuple[float, float], ...]:
    """Return how loud a held note is over time: growing, fading, both, accented, or even."""
    soft, middle = float(rng.uniform(0.1, 0.5)), float(rng.uniform(0.4, 0.7)) * length_s
    shapes = (
        ((0.0, soft), (length_s, 1.0)),
        ((0.0, 1.0), (length_s, soft)),
        ((0.0, soft), (middle, 1.0), (length_s, soft)),
        ((0.0, 1.0), (0.2, soft), (length_s, 1.0)),
        ((0.0, 1.0),),
    )
    return shapes[int(rng.integers(len(shapes)))]


def trills(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Play a line in which some notes are trilled with the key above."""
    tones = _tones(band, length_s, rng, beat=beat_s(rng, slowest=50, fastest=110))
    strokes: list[Stroke] = []
    for stroke, tone in zip(_voiced(band, tones, rng), tones, strict=True):
        if tone.length_s > 0.35 and rng.random() < 0.75:
            strokes += trill(band, stroke, key=tone.key, rate_hz=float(rng.uniform(5, 9)), rng=rng)
        else:
            strokes.append(stroke)
    return strokes


def tremolo(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Bow the same note to and fro, quickly."""
    times, now_s = [], 0.0
    while now_s < length_s:
        times.append((now_s, float(rng.uniform(0.5, 2.0))))
        now_s += times[-1][1]
    step_s = 1 / float(rng.uniform(7, 14))
    strokes: list[Stroke] = []
    for stroke in _voiced(band, melody(band, times, rng), rng):
        strokes += restruck(stroke, step_s=step_s, rng=rng, skip_s=0.05)
    return strokes


def doubled(band: Band, strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Return a second string below some of the notes: a double stop."""
    found = []
    for stroke in strokes:
        key = round(stroke.note.key + stroke.shift - band.tuning)
        lower = below(band, key)
        if lower is not None and rng.random() < 0.7:
            second = band.stroke(lower, start_s=stroke.start_s, length_s=stroke.length_s)
            found.append(replace(stroke, note=second.note, shift=second.shift))
    return found
