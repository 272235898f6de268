"""Percussion by itself: one hit that rings out, is choked, or is struck a few times."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.frontend import WINDOW_S
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.rhythm import log_uniform_s
from timbrescope.training.playing.strokes import RINGS_OUT_S, Stroke

# Recordings of short strokes are many and alike, those of long ones few: half of the hits are
# drawn evenly by how long they ring instead of by recording.
EVENLY_SHARE = 0.5
TUNED_SHARE, LARGEST_TUNING_SEMITONES = 0.35, 0.8
BEFORE_SHARE = 0.15
# How often a hand or a pedal ends a hit, and after how long.
CHOKED_SHARES = {"Cymbals": 0.1, "Hi-Hats": 0.3}
CHOKED_SHARE = 0.04
CHOKED_S = (0.04, 0.7)
SEVERAL_SHARE = 0.35
LEAST_HEARD_S = 0.1


def hits(notes: Sequence[Note], instrument: str, rng: Generator) -> list[Stroke]:
    """Strike once, or two to four times far apart, and let it ring."""
    note = some_hit(notes, rng)
    shift = 0.0
    if rng.random() < TUNED_SHARE:
        shift = float(rng.uniform(-1, 1)) * LARGEST_TUNING_SEMITONES
    count = int(rng.integers(2, 5)) if rng.random() < SEVERAL_SHARE else 1
    step_s = log_uniform_s(0.3, 1.3, rng=rng)
    choked = rng.random() < CHOKED_SHARES.get(instrument, CHOKED_SHARE)
    start_s = _first(note, rng, count=count, choked=choked)
    strokes = []
    for number in range(count):
        length_s = log_uniform_s(*CHOKED_S, rng=rng) if choked else RINGS_OUT_S
        gain_db = -float(rng.uniform(0, 10)) if number else 0.0
        stroke = Stroke(start_s, length_s, note, shift=shift, gain_db=gain_db, release_s=0.03)
        strokes.append(stroke)
        start_s += step_s * float(rng.uniform(0.9, 1.2))
        if rng.random() < 0.3:
            note = some_hit(notes, rng)
    return strokes


def some_hit(notes: Sequence[Note], rng: Generator) -> Note:
    """Return one of the recordings: short, half-open and long strokes all come up."""
    return notes[place_of_hit(np.array([note.centre_s for note in notes]), rng)]


def place_of_hit(centres_s: NDArray[np.floating], rng: Generator) -> int:
    """Return which hit is struck, of some whose half energies have sounded at `centres_s`."""
    if rng.random() >= EVENLY_SHARE:
        return int(rng.integers(centres_s.size))
    rings = np.log(centres_s + 0.01)
    away = np.abs(rings - rng.uniform(rings.min(), rings.max()))
    return int(rng.choice(np.argsort(away, kind="stable")[:3]))


def _first(note: Note, rng: Generator, *, count: int, choked: bool) -> float:
    """Return when the first hit comes; a long one may have come before the window."""
    if not choked and rng.random() < BEFORE_SHARE and note.body_s > LEAST_HEARD_S:
        return -float(rng.uniform(0, 0.7)) * note.body_s
    latest_s = WINDOW_S - max(LEAST_HEARD_S, min(0.4, note.body_s))
    return float(rng.uniform(0.0, latest_s / count))
