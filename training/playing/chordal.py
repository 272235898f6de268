"""Chords on strings: strummed, and picked string by string."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.rhythm import beat_s, pulse
from timbrescope.training.playing.strokes import Stroke

BETWEEN_STRINGS_S = (0.005, 0.04)
STRUM_BARS = (
    "D...D...D...D...",
    "D...D.U.D...D.U.",
    "D...D.U...U.D.U.",
    "D.U.D.U.D.U.D.U.",
    "D.D.D.D.D.D.D.D.",
    "x...D...x...D...",
    "..D...D...D...D.",
    "D..U..D.D..U..D.",
    "DUDUDUDUDUDUDUDU",
    "D...............",
    "D.......D.......",
    "x.DUx.DUx.DUx.DU",
)
PICKED_BARS = (
    (0, 3, 2, 4, 1, 3, 2, 4),
    (0, 2, 3, 4, 3, 2),
    (0, 2, 1, 3),
    (0, 4, 2, 3, 1, 4, 2, 3),
    (0, 1, 2, 3, 4, 3, 2, 1),
)
# By string, the fifth the short high one: forward, backward and mixed rolls.
ROLLS = (
    (2, 1, 4, 2, 1, 4, 2, 1),
    (0, 1, 4, 0, 1, 4, 0, 1),
    (3, 1, 4, 3, 2, 1, 4, 2),
    (2, 3, 4, 2, 0, 3, 4, 2),
    (3, 2, 4, 3, 3, 2, 4, 3),
    (1, 0, 4, 1, 0, 4, 1, 0),
)


def strum(
    band: Band,
    keys: Sequence[int],
    *,
    start_s: float,
    length_s: float,
    between_s: float,
    gain_db: float = 0.0,
) -> list[Stroke]:
    """Return `keys` struck one after another, `between_s` apart, ringing for `length_s`."""
    return [
        replace(
            band.stroke(key, start_s=start_s + number * between_s, length_s=length_s),
            gain_db=gain_db - 0.5 * number,
            release_s=0.04,
        )
        for number, key in enumerate(keys)
    ]


def chord_keys(band: Band, rng: Generator, *, voices: int) -> list[int]:
    """Return a chord of the scale in an open position: its tones upwards, two to five apart."""
    degree = int(rng.integers(max(1, len(band.scale) - 4)))
    tones = {key % 12 for key in band.triad(degree, voices=3)}
    fitting = [key for key in band.scale if key >= band.scale[degree] and key % 12 in tones]
    chosen: list[int] = []
    for key in fitting:
        if not chosen or key - chosen[-1] >= 2:
            chosen.append(key)
    return chosen[:voices] if len(chosen) >= 2 else band.triad(degree, voices=voices)


@dataclass(frozen=True)
class Hand:
    """A strumming hand: its bar of steps (``D`` down, ``U`` up, ``x`` damped) and its speed."""

    bar: str
    times: NDArray[np.float64]
    step_s: float
    between_s: float
    damped: bool


def strummed(band: Band, length_s: float, rng: Generator, *, strings: int) -> list[Stroke]:
    """Strum chords down and up in a pattern; some strokes are damped at once."""
    step_s = beat_s(rng, slowest=65, fastest=150) / 4
    bar = STRUM_BARS[int(rng.integers(len(STRUM_BARS)))]
    chords = [chord_keys(band, rng, voices=strings) for _ in range(int(rng.integers(1, 4)))]
    times = pulse(length_s, rng, step=step_s, swing=float(rng.choice((0.0, 0.0, 0.3))))
    between_s = float(rng.uniform(*BETWEEN_STRINGS_S))
    hand = Hand(bar, times, step_s, between_s, bool(rng.random() < 0.2))
    strokes: list[Stroke] = []
    for place in range(times.size):
        if bar[place % 16] != ".":
            strokes += _strum(band, hand, place, chords[place // 16 % len(chords)], rng)
    return strokes


def _strum(band: Band, hand: Hand, place: int, keys: Sequence[int], rng: Generator) -> list[Stroke]:
    """Return the strum on one step; it rings until the next one strikes the same strings."""
    sign = hand.bar[place % 16]
    ahead = (step for step in range(1, 17) if hand.bar[(place + step) % 16] != ".")
    held_s = max(0.05, next(ahead, 16) * hand.step_s)
    if sign == "x":
        held_s, keys = 0.04, keys[:3]
    elif hand.damped:
        held_s = min(held_s, 0.15)
    if sign == "U":
        keys = keys[::-1][: max(2, len(keys) - 2)]
    quick_s = min(hand.between_s * float(rng.uniform(0.6, 1.4)), 0.5 * hand.step_s / len(keys))
    return strum(
        band,
        keys,
        start_s=float(hand.times[place]),
        length_s=held_s,
        between_s=max(quick_s, BETWEEN_STRINGS_S[0]),
        gain_db=-float(rng.uniform(0, 4)) - (3.0 if sign == "U" else 0.0),
    )


def fingerpicked(
    band: Band,
    length_s: float,
    rng: Generator,
    *,
    bars: Sequence[Sequence[int]],
    slowest: float = 70.0,
    fastest: float = 240.0,
) -> list[Stroke]:
    """Pick the strings of a chord one by one, over and over; each rings until its next turn."""
    step_s = beat_s(rng, slowest=slowest, fastest=fastest) / 2
    bar = bars[int(rng.integers(len(bars)))]
    chords = [chord_keys(band, rng, voices=5) for _ in range(int(rng.integers(1, 4)))]
    swing = float(rng.choice((0.0, 0.0, 0.2)))
    strokes = []
    for number, time_s in enumerate(pulse(length_s, rng, step=step_s, swing=swing)):
        keys = chords[number // (2 * len(bar)) % len(chords)]
        key = keys[bar[number % len(bar)] % len(keys)]
        stroke = band.stroke(key, start_s=float(time_s), length_s=step_s * len(bar) / 2)
        accent = 0.0 if number % len(bar) == 0 else float(rng.uniform(1, 6))
        strokes.append(replace(stroke, gain_db=-accent))
    return strokes
