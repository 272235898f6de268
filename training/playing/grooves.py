"""Random percussion phrases, as note events in seconds: grooves and fills of a kit, hits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing import struck
from timbrescope.training.playing.band import UNRECORDED
from timbrescope.training.playing.melodies import NoteEvent, velocity_of
from timbrescope.training.playing.notes import Note

HIT_LENGTH_S = 0.2
KICK, SNARE, RIM, CLOSED_HAT, OPEN_HAT, RIDE, CRASH = 36, 38, 37, 42, 46, 51, 49
TOMS = (50, 48, 47, 45, 43, 41)
FILL_SHARE, CRASH_SHARE, GHOST_SHARE, RIM_SHARE, OPEN_SHARE = 0.22, 0.4, 0.03, 0.1, 0.04
LOUDER_DB, SOFTER_DB, GHOST_DB = 2.0, -8.0, -14.0
LEVELS = (70, 118)


@dataclass(frozen=True)
class Groove:
    """One bar: ``X`` accented, ``x`` plain, ``g`` barely touched, ``o`` open, ``.`` nothing.

    Attributes
    ----------
    kick, snare, time : str
        As many steps each; `time` is for the hats or the ride.
    steps_per_beat : int
        4 or, in triplets, 3.
    slowest, fastest : float
        Beats a minute.
    keeps : str
        What keeps the time: ``hat``, ``ride``, ``tom`` or, if it does not matter, ``any``.
    """

    kick: str
    snare: str
    time: str
    steps_per_beat: int = 4
    slowest: float = 70.0
    fastest: float = 150.0
    keeps: str = "any"


GROOVES = (
    # Rock in eighths, in quarters, and at half the time.
    Groove("X.......X.......", "....X.......X...", "X.x.X.x.X.x.X.x."),
    Groove("X.......X.x.....", "....X.......X...", "X.x.X.x.X.x.X.x."),
    Groove("X.....x.X.x.....", "....X.......X...", "X.x.X.x.X.x.X.o."),
    Groove("X..x....X..x....", "....X.......X...", "X...X...X...X..."),
    Groove("X...x.....x.....", "........X.......", "X.x.X.x.X.x.X.x."),
    # Punk, disco, Motown, train.
    Groove("X...X...X...X...", "..X...X...X...X.", "X.X.X.X.X.X.X.X.", slowest=95),
    Groove("X...X...X...X...", "....X.......X...", "x.o.x.o.x.o.x.o.", slowest=105, keeps="hat"),
    Groove("X.....x.X.....x.", "X...X...X...X...", "X.x.X.x.X.x.X.x.", slowest=100),
    Groove("X...x...X...x...", "xxXxxxXxxxXxxxXx", "................", slowest=85),
    # Funk and soul, with ghost notes, and hip-hop.
    Groove("X.x...x...x..x..", "....X..g.g..X..g", "XxxxXxxxXxxxXxxx", fastest=115, keeps="hat"),
    Groove("X..x..x...x.....", ".g..X.g..g..X.g.", "X.xxX.xxX.xxX.ox", fastest=115, keeps="hat"),
    Groove("X.x.......xx....", "....X..g....X...", "X.x.X.x.X.x.X.x.", fastest=105, keeps="hat"),
    Groove("X......x..x.....", "....X.......X...", "x.xxx.x.x.xxx.x.", fastest=100, keeps="hat"),
    # Bossa nova, samba, reggae's one drop, a beat of Bo Diddley on the toms.
    Groove("X..xX..xX..xX..x", "x..x..x...x..x..", "x.x.x.x.x.x.x.x.", slowest=100),
    Groove("X..xX..xX..xX..x", "x.x.xx.x.x.xx.x.", "XxxxXxxxXxxxXxxx", slowest=90, fastest=120),
    Groove("........X.......", "........X.......", "x.x.x.x.x.x.x.x.", keeps="hat"),
    Groove("X...X...X...X...", "................", "X..x..X...x.x...", keeps="tom"),
    # Shuffle, slow twelve-eight and swing, in triplets; a waltz.
    Groove("X.....X.....", "...X.....X..", "X.xX.xX.xX.x", 3, 85, 170),
    Groove("X.....X.x...", "...X..g..X.g", "XxxXxxXxxXxx", 3, 50, 85),
    Groove("x.....x.....", "......g....g", "X..X.xX..X.x", 3, 100, 230, "ride"),
    Groove("X..g..x..g..", "..g..X...g.X", "X..X.xX..X.x", 3, 100, 210, "ride"),
    Groove("X...........", "....x...x...", "X...x.x.x.x.", 4, 85, 170),
)
PLAIN_SHARE = 0.45
PLAIN = 5
STROKES_DB = {"X": LOUDER_DB, "o": 0.0, "x": SOFTER_DB, "g": GHOST_DB}


class _Hand:
    """A drummer's timing and strength, the same for a whole phrase."""

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self._level = rng.uniform(*LEVELS)
        self._looseness_s = rng.uniform(0.002, 0.01)

    def hit(self, now_s: float, key: int, gain_db: float) -> NoteEvent:
        """Return one stroke, a little early or late and a little uneven."""
        late_s = max(0.0, now_s + self._rng.normal(0, self._looseness_s))
        velocity = velocity_of(gain_db, level=self._level, rng=self._rng)
        return NoteEvent(late_s, HIT_LENGTH_S, key, velocity)


def groove(length_s: float, rng: Generator) -> list[NoteEvent]:
    """Return bars of kick, snare and hats or ride, with fills and crashes."""
    among = GROOVES[:PLAIN] if rng.random() < PLAIN_SHARE else GROOVES
    chosen, hand = among[int(rng.integers(len(among)))], _Hand(rng)
    step_s = 60 / rng.uniform(chosen.slowest, chosen.fastest) / chosen.steps_per_beat
    swing = rng.uniform(0.1, 0.33) if chosen.steps_per_beat == 4 and rng.random() < 0.15 else 0.0
    time_keeper, snare = _time_keeper(chosen, rng), RIM if rng.random() < RIM_SHARE else SNARE
    steps = len(chosen.time)
    # The phrase begins anywhere in the bar.
    first, crashes = int(rng.integers(steps)), False
    fill_from = steps
    events: list[NoteEvent] = []
    for number in range(int(np.ceil(length_s / step_s))):
        step = (number + first) % steps
        if step == 0:
            crashes = (fill_from < steps or number == 0) and rng.random() < CRASH_SHARE
            fills = rng.random() < FILL_SHARE
            fill_from = int(rng.integers(steps // 4, steps)) if fills else steps
        now_s = number * step_s + swing * step_s * (step % 2)
        if step >= fill_from:
            events += _fill_step(now_s, (step - fill_from) / (steps - fill_from), hand, rng)
            continue
        if step == 0 and crashes:
            events.append(hand.hit(now_s, CRASH, LOUDER_DB + 2))
        events += _step(chosen, step, now_s, keys=(snare, time_keeper), hand=hand, rng=rng)
    return [event for event in events if event.start_s < length_s]


def _time_keeper(chosen: Groove, rng: Generator) -> int:
    if chosen.keeps == "tom":
        return int(rng.choice(TOMS))
    if chosen.keeps == "any":
        return RIDE if rng.random() < 0.3 else CLOSED_HAT
    return RIDE if chosen.keeps == "ride" else CLOSED_HAT


def _step(
    chosen: Groove,
    step: int,
    now_s: float,
    *,
    keys: tuple[int, int],
    hand: _Hand,
    rng: Generator,
) -> list[NoteEvent]:
    """Return what is struck together on one step of a bar."""
    snare, time_keeper = keys
    events = []
    for sign, key in ((chosen.kick[step], KICK), (chosen.snare[step], snare)):
        if sign != ".":
            events.append(
                hand.hit(now_s, key, 0.5 * STROKES_DB[sign] if key == KICK else STROKES_DB[sign])
            )
        elif key == snare and rng.random() < GHOST_SHARE:
            events.append(hand.hit(now_s, key, GHOST_DB))
    sign = chosen.time[step]
    if sign != ".":
        opened = time_keeper == CLOSED_HAT and (sign == "o" or rng.random() < OPEN_SHARE)
        key = OPEN_HAT if opened else time_keeper
        events.append(hand.hit(now_s, key, STROKES_DB[sign] - 2.0))
    return events


def _fill_step(now_s: float, share: float, hand: _Hand, rng: Generator) -> list[NoteEvent]:
    """Return a step of a fill, which goes from the snare down the toms; some steps are flams."""
    if rng.random() < 0.15:
        return []
    drums = (SNARE, *TOMS)
    key = drums[min(len(drums) - 1, int(share * len(drums) + rng.uniform(0, 1)))]
    events = [hand.hit(now_s, key, float(rng.uniform(-6, 2)))]
    if rng.random() < 0.08:
        events.append(hand.hit(max(0.0, now_s - 0.03), key, GHOST_DB))
    if rng.random() < 0.2:
        events.append(hand.hit(now_s, KICK, -2.0))
    return events


# How long strokes on these keys sound beside each other: closed and open hats, rides, crashes.
OPEN_S, CLOSED_S = 0.5, 0.1
RINGING_KEYS = frozenset({46, 49, 52, 55, 57})
INSTRUMENT_OF_KEY = {
    **dict.fromkeys((41, 43, 45, 47, 48, 50), "Floor Tom"),
    **dict.fromkeys((42, 44, 46), "Hi-Hats"),
    **dict.fromkeys((49, 51, 52, 53, 55, 57, 59), "Cymbals"),
    54: "Tambourine",
    56: "Cowbell",
    **dict.fromkeys((69, 70, 82), "Shakers"),
}


def hits(length_s: float, keys: Sequence[int], rng: Generator) -> list[NoteEvent]:
    """Return one piece struck: patterns as its players have, rolls, single strokes far apart."""
    instruments = sorted(struck.HABITS)
    drawn = instruments[int(rng.integers(len(instruments)))]
    habits = struck.HABITS[INSTRUMENT_OF_KEY.get(keys[0], drawn)]
    pieces = [
        Note(UNRECORDED, 1.0, float(key), OPEN_S if key in RINGING_KEYS else CLOSED_S)
        for key in keys
    ]
    level = rng.uniform(*LEVELS)
    while True:
        strokes = struck.percussion(pieces, length_s, rng, habits=habits).strokes
        events = [
            NoteEvent(
                stroke.start_s,
                HIT_LENGTH_S,
                round(stroke.note.key),
                velocity_of(stroke.gain_db, level=level, rng=rng),
            )
            for stroke in strokes
            if stroke.start_s < length_s
        ]
        if events:
            return events
