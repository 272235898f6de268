"""Percussion: patterns, rolls, fills and single strokes of one instrument."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.rhythm import beat_s, pulse
from timbrescope.training.playing.strokes import RINGS_OUT_S, Performance, Stroke

# Bars of sixteen steps: X accented, x plain, o open or longer, . nothing.
HAT_BARS = (
    "X.x.X.x.X.x.X.x.",
    "x.X.x.X.x.X.x.X.",
    "XxxxXxxxXxxxXxxx",
    "X.xxX.xxX.xxX.xx",
    "X.x.X.x.X.x.X.o.",
    "X.o.X.o.X.o.X.o.",
    "X...X...X...X...",
    "....X.......X...",
    "X.x.X.xxX.x.Xxo.",
    "XxXxX.o.XxXxX.o.",
    "o.x.o.x.o.x.o.x.",
)
RIDE_BARS = (
    "X...X..xX...X..x",
    "X.x.X.x.X.x.X.x.",
    "X...X...X...X...",
    "X..xX..xX..xX..x",
    "XxxxXxxxXxxxXxxx",
    "X.......X.......",
)
SHAKEN_BARS = (
    "XxxxXxxxXxxxXxxx",
    "xxXxxxXxxxXxxxXx",
    "X.x.X.x.X.x.X.x.",
    "XxxXxxXxxxXxxXxx",
    "X.xxX.xxX.xxX.xx",
    "XxxXxxXxxXxx",
)
BELL_BARS = (
    "X...x...X...x...",
    "X.x.X.x.X.x.X.x.",
    "X..x..x...x.x...",
    "X.xx.x.xX.x.xx.x",
    "X.x.xx.x.x.x",
    "X.......X.......",
    "X...X...X.x.X.x.",
    "X..x..X..x..X.x.",
)
BACKBEAT_BARS = (
    "....X.......X...",
    "x.x.X.x.x.x.X.x.",
    "XxxxXxxxXxxxXxxx",
    "..x.X...x...X..x",
    "X.x.X.x.X.x.X.x.",
    "....X.x.....X.xx",
)
TOM_BARS = (
    "X.x.X.x.X.x.X.x.",
    "X..x..X.X..x..X.",
    "X.xxX.xxX.xxX.xx",
    "X...X...X...X...",
    "X.......X.x.X...",
    "........X.x.XxXx",
)
ACCENT_DB = (3.0, 14.0)
# Two recordings whose energies lie apart by more than this are a short and a long stroke.
LONGER_THAN = 1.6
GOES_ON_SHARE = 0.33
LONG_S = 1.5


@dataclass(frozen=True)
class Habits:
    """How often a pattern, a roll, strokes far apart or what goes on is played; its patterns."""

    bars: Sequence[str]
    pattern: float = 0.5
    roll: float = 0.1
    apart: float = 0.25
    long: float = 0.05
    fastest: float = 170.0
    # How likely a stroke ends the one before it.
    chokes: float = 0.2


HABITS = {
    "Cowbell": Habits(BELL_BARS, pattern=0.65, roll=0.04, apart=0.2),
    "Cymbals": Habits(RIDE_BARS, pattern=0.42, roll=0.12, apart=0.4, chokes=0.03),
    "Drum Set": Habits(TOM_BARS),
    "Floor Tom": Habits(TOM_BARS, pattern=0.4, roll=0.25, apart=0.25, chokes=0.05),
    "Hi-Hats": Habits(HAT_BARS, pattern=0.55, roll=0.08, apart=0.32, chokes=0.75),
    "Shakers": Habits(SHAKEN_BARS, pattern=0.66, roll=0.12, apart=0.12, long=0.1, chokes=0.4),
    "Tambourine": Habits(BACKBEAT_BARS, pattern=0.5, roll=0.25, apart=0.2, chokes=0.2),
}


@dataclass(frozen=True)
class Strokes:
    """What one piece is struck with: short strokes, and longer or open ones."""

    short: tuple[Note, ...]
    long: tuple[Note, ...]


def percussion(
    notes: Sequence[Note], length_s: float, rng: Generator, *, habits: Habits
) -> Performance:
    """Play a piece in one of the ways it has."""
    piece = chosen_strokes(notes, rng)
    shares = np.array([habits.pattern, habits.roll, habits.apart, habits.long])
    ways: tuple[Callable[[], list[Stroke]], ...] = (
        lambda: pattern(piece, length_s, rng, habits=habits),
        lambda: rolls(piece, length_s, rng),
        lambda: far_apart(piece, length_s, rng),
        lambda: going_on(notes, length_s, rng),
    )
    return Performance(tuple(ways[int(rng.choice(len(ways), p=shares / shares.sum()))]()))


def chosen_strokes(notes: Sequence[Note], rng: Generator) -> Strokes:
    """Choose a few recordings: alike for most strokes, longer ones for open strokes."""
    first = notes[int(rng.integers(len(notes)))]
    centres = np.array([note.centre_s for note in notes])
    alike = np.flatnonzero(np.abs(np.log((centres + 0.02) / (first.centre_s + 0.02))) < 0.35)
    longer = np.flatnonzero(centres + 0.02 > LONGER_THAN * (first.centre_s + 0.02))
    count, others = int(rng.integers(1, 6)), int(rng.integers(1, 3))
    short = [notes[i] for i in rng.permutation(alike)[:count]]
    long = [notes[i] for i in rng.permutation(longer)[:others]]
    return Strokes(tuple(short or [first]), tuple(long or short or [first]))


def _stroke(
    notes: Sequence[Note], rng: Generator, *, start_s: float, gain_db: float, tuning: float
) -> Stroke:
    note = notes[int(rng.integers(len(notes)))]
    return Stroke(start_s, RINGS_OUT_S, note, shift=tuning, gain_db=gain_db)


def _tuning(rng: Generator) -> float:
    return float(rng.uniform(-0.8, 0.8)) if rng.random() < 0.35 else 0.0


def pattern(piece: Strokes, length_s: float, rng: Generator, *, habits: Habits) -> list[Stroke]:
    """Play a bar over and over, with accents, swing, and strokes left out or added."""
    bar = habits.bars[int(rng.integers(len(habits.bars)))]
    step_s = beat_s(rng, slowest=62, fastest=habits.fastest) / 4
    swing = float(rng.choice((0.0, 0.0, 0.0, rng.uniform(0.1, 0.5))))
    accent_db, tuning = float(rng.uniform(*ACCENT_DB)), _tuning(rng)
    at = int(rng.integers(len(bar)))
    strokes = []
    for number, time_s in enumerate(pulse(length_s, rng, step=step_s, swing=swing)):
        sign = bar[(number + at) % len(bar)]
        if sign == "." and rng.random() < 0.02:
            sign = "x"
        if sign == "." or rng.random() < 0.02:
            continue
        notes = piece.long if sign == "o" else piece.short
        gain_db = -float(rng.uniform(0, 2.5)) - (accent_db if sign == "x" else 0.0)
        strokes.append(_stroke(notes, rng, start_s=float(time_s), gain_db=gain_db, tuning=tuning))
    return choked(strokes, rng) if rng.random() < habits.chokes else strokes


def choked(strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Let every stroke end when the next one comes, as a hat that closes does."""
    if not strokes:
        return []
    late_s = float(rng.uniform(0.0, 0.02))
    starts = [stroke.start_s for stroke in strokes[1:]] + [np.inf]
    return [
        replace(
            stroke,
            length_s=float(min(stroke.length_s, max(0.02, after - stroke.start_s + late_s))),
            release_s=0.03,
        )
        for stroke, after in zip(strokes, starts, strict=True)
    ]


def rolls(piece: Strokes, length_s: float, rng: Generator) -> list[Stroke]:
    """Strike as fast as two hands can, growing or fading; or flams and fills between rests."""
    step_s, tuning = 1 / float(rng.uniform(9, 22)), _tuning(rng)
    strokes: list[Stroke] = []
    now_s = 0.0
    while now_s < length_s:
        lasts_s = float(rng.choice((0.25, 0.6, 1.5, 4.0)))
        count = max(2, int(lasts_s / step_s))
        first_db, last_db = rng.uniform(-16, 0, size=2)
        slope = np.linspace(first_db, last_db, count)
        for time_s, gain in zip(pulse(lasts_s, rng, step=step_s)[:count], slope, strict=False):
            gain_db = float(gain - rng.uniform(0, 4))
            start_s = now_s + float(time_s)
            strokes.append(
                _stroke(piece.short, rng, start_s=start_s, gain_db=gain_db, tuning=tuning)
            )
        end_s = now_s + count * step_s
        strokes.append(_stroke(piece.long, rng, start_s=end_s, gain_db=0.0, tuning=tuning))
        now_s = end_s + float(rng.choice((0.15, 0.4, 1.0)))
    return strokes


def far_apart(piece: Strokes, length_s: float, rng: Generator) -> list[Stroke]:
    """Strike now and then and let it ring; some strokes as a flam."""
    strokes, tuning = [], _tuning(rng)
    now_s = float(rng.uniform(0, 0.6))
    while now_s < length_s:
        notes = piece.long if rng.random() < 0.5 else piece.short
        gain_db = -float(rng.uniform(0, 8))
        strokes.append(_stroke(notes, rng, start_s=now_s, gain_db=gain_db, tuning=tuning))
        if rng.random() < 0.12:
            early_s = max(0.0, now_s - float(rng.uniform(0.02, 0.05)))
            grace = _stroke(piece.short, rng, start_s=early_s, gain_db=gain_db - 9, tuning=tuning)
            strokes.append(grace)
        now_s += float(np.exp(rng.uniform(np.log(0.35), np.log(2.5))))
    return strokes


def going_on(notes: Sequence[Note], length_s: float, rng: Generator) -> list[Stroke]:
    """Play recordings of shaking or scraping as they are, one after another."""
    lasting = [n for n in notes if goes_on(n)] or list(notes)
    strokes, now_s = [], 0.0
    while now_s < length_s:
        note = lasting[int(rng.integers(len(lasting)))]
        strokes.append(Stroke(now_s, RINGS_OUT_S, note))
        now_s += note.seconds + float(rng.uniform(0.05, 0.5))
    return strokes


def goes_on(note: Note) -> bool:
    """Return whether a recording holds more than one stroke: its energy comes late."""
    return note.seconds > LONG_S and note.centre_s > GOES_ON_SHARE * note.seconds
