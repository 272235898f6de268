"""What is practised: slow scales, and grooves of two bars that change in the second one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.rhythm import beat_s, log_uniform_s, loudness, pulse
from timbrescope.training.playing.strokes import RINGS_OUT_S, Performance, Stroke
from timbrescope.training.playing.struck import ACCENT_DB, Habits, choked, chosen_strokes

SLOW_NOTE_S = (0.35, 2.5)


def scale(band: Band, length_s: float, rng: Generator, *, rings: bool) -> Performance:
    """Play the scale slowly upwards or downwards, and back at its ends.

    Parameters
    ----------
    band : Band
    length_s : float
    rng : Generator
    rings : bool
        Whether a key may ring on into the next one.
    """
    step_s = log_uniform_s(*SLOW_NOTE_S, rng=rng)
    sounding_share = float(rng.choice((0.6, 0.9, 1.0)))
    place, way = int(rng.integers(len(band.scale))), int(rng.choice((-1, 1)))
    count = int(np.ceil(length_s / step_s))
    gains = loudness(count, rng, spread_db=2.0)
    strokes = []
    for number in range(count):
        late_s = float(rng.uniform(0, 0.05)) * step_s
        held_s = step_s * sounding_share * (1.5 if rings else 1.0)
        start_s = number * step_s + late_s
        if number and start_s >= length_s:
            break
        stroke = band.stroke(band.scale[place], start_s=start_s, length_s=held_s)
        strokes.append(
            replace(
                stroke,
                gain_db=float(gains[number]),
                attack_s=0.005,
                release_s=float(rng.uniform(0.03, 0.1)),
                sustained=stroke.note.lasts,
            )
        )
        if not 0 <= place + way < len(band.scale):
            way = -way
        place = int(np.clip(place + way, 0, len(band.scale) - 1))
    return Performance(tuple(strokes))


def two_bars(
    notes: Sequence[Note], length_s: float, rng: Generator, *, habits: Habits
) -> Performance:
    """Play one bar and another one in turn, steadily; strokes may end when the next one comes."""
    piece = chosen_strokes(notes, rng)
    bars = [habits.bars[int(rng.integers(len(habits.bars)))] for _ in range(2)]
    steps = bars[0] + bars[1]
    step_s = beat_s(rng, slowest=62, fastest=habits.fastest) / 4
    accent_db = float(rng.uniform(*ACCENT_DB))
    at = int(rng.integers(len(steps)))
    strokes = []
    for number, time_s in enumerate(pulse(length_s, rng, step=step_s)):
        sign = steps[(number + at) % len(steps)]
        if sign != ".":
            at_hand = piece.long if sign == "o" else piece.short
            note = at_hand[int(rng.integers(len(at_hand)))]
            gain_db = -float(rng.uniform(0, 2)) - (accent_db if sign == "x" else 0.0)
            strokes.append(Stroke(float(time_s), RINGS_OUT_S, note, gain_db=gain_db))
    return Performance(tuple(choked(strokes, rng) if rng.random() < habits.chokes else strokes))
