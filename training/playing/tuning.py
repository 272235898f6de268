"""Tuning: open strings that are played again and again while a peg turns."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import WINDOW_S
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.rhythm import log_uniform_s
from timbrescope.training.playing.strokes import Bend, Stroke

# MIDI keys, from the lowest string.
OPEN_STRINGS: dict[str, tuple[int, ...]] = {
    "Acoustic Guitar": (40, 45, 50, 55, 59, 64),
    "Banjo": (50, 55, 59, 62, 67),
    "Bass Guitar": (28, 33, 38, 43),
    "Dobro": (43, 47, 50, 55, 59, 62),
    "Electric Guitar": (40, 45, 50, 55, 59, 64),
    "Mandolin": (55, 62, 69, 76),
    "Ukulele": (60, 64, 67, 69),
    "Violin": (55, 62, 69, 76),
}
BOWED = frozenset({"Violin"})
FARTHEST_SEMITONES = 4.0
FARTHEST_FROM_TUNE_SEMITONES = 1.2


def tuned_up(notes: Sequence[Note], instrument: str, rng: Generator) -> list[Stroke]:
    """Play a string, or two neighbours, out of tune and nearer to it from time to time.

    Parameters
    ----------
    notes : sequence of Note
        At least one; the nearest ones to the open strings are played.
    instrument : str
        Of `OPEN_STRINGS`.
    rng : Generator
    """
    place = int(rng.integers(len(OPEN_STRINGS[instrument])))
    stroke = _open(notes, OPEN_STRINGS[instrument][place], rng)
    if instrument not in BOWED:
        return _plucked(stroke, rng)
    strokes = _bowed(stroke, rng)
    if place + 1 < len(OPEN_STRINGS[instrument]) and rng.random() < 0.5:
        upper = _open(notes, OPEN_STRINGS[instrument][place + 1], rng)
        strokes += [replace(s, note=upper.note, shift=upper.shift, bend=None) for s in strokes]
    return strokes


def _open(notes: Sequence[Note], key: int, rng: Generator) -> Stroke:
    """Return a stroke on an open string; on any note where none is near."""
    away = np.array([abs(note.key - key) for note in notes])
    near = np.flatnonzero(away <= FARTHEST_SEMITONES)
    if not near.size:
        return Stroke(0.0, 1.0, notes[int(rng.integers(len(notes)))])
    note = notes[int(near[np.argmin(away[near] + rng.uniform(0, 1.5, size=near.size))])]
    return Stroke(0.0, 1.0, note, shift=float(key - note.key))


def _plucked(stroke: Stroke, rng: Generator) -> list[Stroke]:
    """Pluck a string several times, each time a little nearer to its pitch."""
    step_s = log_uniform_s(0.5, 1.6, rng=rng)
    out = float(rng.uniform(-1, 0.6)) * FARTHEST_FROM_TUNE_SEMITONES
    found, start_s = [], -float(rng.uniform(0, 1)) * step_s
    while start_s < WINDOW_S:
        nearer = out * float(rng.uniform(0.3, 1.0))
        turns_s = float(rng.uniform(0.1, 0.5)) * step_s
        path = ((0.0, out), (turns_s, out), (turns_s + 0.4 * step_s, nearer))
        length_s = step_s * float(rng.uniform(0.7, 1.0))
        gain_db = -float(rng.uniform(0, 6))
        again = replace(
            stroke, start_s=start_s, length_s=length_s, gain_db=gain_db, bend=Bend(path)
        )
        found.append(again)
        out, start_s = nearer, start_s + step_s * float(rng.uniform(0.9, 1.3))
    return found


def _bowed(stroke: Stroke, rng: Generator) -> list[Stroke]:
    """Bow a string in long strokes while its pitch wanders to where it belongs."""
    found, start_s = [], -float(rng.uniform(0, 1.5))
    out = float(rng.uniform(-1, 0.6)) * FARTHEST_FROM_TUNE_SEMITONES
    while start_s < WINDOW_S:
        length_s = log_uniform_s(0.8, 3.0, rng=rng)
        nearer = out * float(rng.uniform(0.2, 0.9))
        path = ((0.0, out), (0.3 * length_s, out), (0.8 * length_s, nearer))
        found.append(
            replace(
                stroke,
                start_s=start_s,
                length_s=length_s,
                attack_s=float(rng.uniform(0.01, 0.08)),
                gain_db=-float(rng.uniform(0, 5)),
                sustained=True,
                bend=Bend(path),
            )
        )
        out, start_s = nearer, start_s + length_s + float(rng.choice((0.0, 0.2)))
    return found
