"""Melodies over a scale: which key each note has."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band

WAYS = ("walk", "walk", "walk", "run", "arpeggio", "turn", "repeat", "leap")


class Tone(NamedTuple):
    """One note of a melody: onset and length in seconds, MIDI key."""

    start_s: float
    length_s: float
    key: int


def melody(band: Band, times: Sequence[tuple[float, float]], rng: Generator) -> list[Tone]:
    """Give each onset of `times` a key: by step, in runs, broken chords, turns and leaps."""
    last = len(band.scale) - 1
    place, tones = int(rng.integers(last + 1)), []
    steps: list[int] = []
    for start_s, length_s in times:
        if not steps:
            steps = _figure(rng)
        tones.append(Tone(start_s, length_s, band.scale[place]))
        step = steps.pop(0)
        if not 0 <= place + step <= last:
            step = -step
        place = int(np.clip(place + step, 0, last))
    return tones


def _figure(rng: Generator) -> list[int]:
    """Return the next few steps along the scale."""
    way, sign = WAYS[int(rng.integers(len(WAYS)))], int(rng.choice((-1, 1)))
    count = int(rng.integers(2, 6))
    if way == "run":
        return [sign] * (count + 2)
    if way == "arpeggio":
        return [2 * sign] * min(count, 3) + [-sign]
    if way == "turn":
        return [sign, -sign, -sign, sign]
    if way == "repeat":
        return [0] * count
    if way == "leap":
        return [sign * int(rng.integers(3, 8)), -sign]
    return [int(step) for step in rng.choice((-2, -1, -1, 1, 1, 2), size=count)]


def below(band: Band, key: int, *, apart: tuple[int, ...] = (3, 4, 5, 7, 8, 9)) -> int | None:
    """Return the nearest key of the scale that is one of the intervals `apart` below `key`."""
    fitting = [other for other in band.scale if key - other in apart]
    return fitting[-1] if fitting else None
