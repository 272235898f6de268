"""Hats and cymbals that ring on for longer, or die away sooner, than they were recorded.

Recordings of hats are mostly short and those of cymbals mostly long: a network would tell them
apart by that alone, and take every open hat for a cymbal.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.rhythm import log_uniform_s
from timbrescope.training.playing.strokes import RINGS_OUT_S, Stroke

# How many performances ring otherwise, and how many times as long.
CHANGED_SHARES = {"Cymbals": 0.4, "Hi-Hats": 0.5}
TIMES_AS_LONG = (0.4, 2.5)
# More would bring up the noise of the recording.
LARGEST_CHANGE_DB = 24.0
SHORTEST_CENTRE_S = 0.03
STEPS = 24
NEPERS_PER_DB = float(np.log(10.0) / 20.0)


def ringing_otherwise(
    strokes: Sequence[Stroke], instrument: str, rng: Generator
) -> tuple[Stroke, ...]:
    """Return the strokes of a performance, at times all of them ringing longer or shorter.

    Parameters
    ----------
    strokes : sequence of Stroke
    instrument : str
        Others than those of `CHANGED_SHARES` stay as they are.
    rng : Generator
    """
    if rng.random() >= CHANGED_SHARES.get(instrument, 0.0):
        return tuple(strokes)
    times = log_uniform_s(*TIMES_AS_LONG, rng=rng)
    return tuple(rung(stroke, times=times) for stroke in strokes)


def rung(stroke: Stroke, *, times: float) -> Stroke:
    """Return a stroke that takes `times` as long to die away as its recording does.

    It is taken to fall by as many decibels in each second; half of its energy has sounded at
    `Note.centre_s`. The gain that turns the one fall into the other grows or falls along with
    it, and stays where it has reached `LARGEST_CHANGE_DB`.
    """
    centre_s = max(stroke.note.centre_s, SHORTEST_CENTRE_S)
    nepers_per_s = np.log(2) / (2 * centre_s) * (1 - 1 / times)
    if nepers_per_s == 0:
        return stroke
    last_s = min(LARGEST_CHANGE_DB * NEPERS_PER_DB / abs(nepers_per_s), RINGS_OUT_S)
    seconds = np.linspace(0.0, last_s, STEPS)
    gains = np.exp(nepers_per_s * seconds)
    return replace(stroke, swell=tuple(zip(seconds.tolist(), gains.tolist(), strict=True)))
