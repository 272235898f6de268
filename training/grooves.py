"""Random percussion phrases, as note events in seconds: grooves and fills of a kit, hits."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from training.melodies import NoteEvent

HIT_LENGTH_S = 0.2
STEPS_PER_BAR = 16
KICK, SNARE, RIM, CLOSED_HAT, OPEN_HAT, RIDE, CRASH = 36, 38, 37, 42, 46, 51, 49
TOMS = (50, 48, 47, 45, 43, 41)
KICK_BARS = (
    (0, 8),
    (0, 10),
    (0, 6, 10),
    (0, 3, 8, 11),
    (0, 4, 8, 12),
    (0, 7, 10, 14),
)
SNARE_BARS = ((4, 12), (8,), (4, 12, 15), (4, 7, 12), (4, 12))


def _hit(now_s: float, key: int, velocity: float, rng: Generator) -> NoteEvent:
    """Return one stroke with a human's timing and strength."""
    late_s = max(0.0, now_s + rng.normal(0, 0.006))
    return NoteEvent(late_s, HIT_LENGTH_S, key, int(np.clip(rng.normal(velocity, 8), 20, 127)))


def groove(length_s: float, rng: Generator) -> list[NoteEvent]:
    """Return bars of kick, snare and hats or ride, with fills and crashes."""
    step_s = 60 / rng.uniform(65, 180) / 4
    level = rng.uniform(65, 112)
    kicks = KICK_BARS[rng.integers(len(KICK_BARS))]
    snares = SNARE_BARS[rng.integers(len(SNARE_BARS))]
    snare = RIM if rng.random() < 0.12 else SNARE
    time_keeper = RIDE if rng.random() < 0.3 else CLOSED_HAT
    every = int(rng.choice((1, 2, 2, 2, 4)))
    events: list[NoteEvent] = []
    for bar in range(int(np.ceil(length_s / (step_s * STEPS_PER_BAR)))):
        start_s = bar * step_s * STEPS_PER_BAR
        fill_from = int(rng.choice((4, 8, 12))) if rng.random() < 0.25 else STEPS_PER_BAR
        if rng.random() < 0.25:
            events.append(_hit(start_s, CRASH, level + 8, rng))
        for step in range(fill_from):
            now_s = start_s + step * step_s
            if step in kicks:
                events.append(_hit(now_s, KICK, level, rng))
            if step in snares or rng.random() < 0.03:
                events.append(_hit(now_s, snare, level, rng))
            if step % every == 0:
                opened = time_keeper == CLOSED_HAT and rng.random() < 0.06
                key = OPEN_HAT if opened else time_keeper
                events.append(_hit(now_s, key, level - (0 if step % 4 == 0 else 18), rng))
        events += _fill(start_s, fill_from, step_s=step_s, level=level, rng=rng)
    return [event for event in events if event.start_s < length_s]


def _fill(
    start_s: float, first: int, *, step_s: float, level: float, rng: Generator
) -> list[NoteEvent]:
    drums = (SNARE, *TOMS)
    place, events = 0, []
    for step in range(first, STEPS_PER_BAR):
        if rng.random() < 0.85:
            events.append(_hit(start_s + step * step_s, drums[place], level + 4, rng))
        if rng.random() < 0.5:
            place = min(place + 1, len(drums) - 1)
    return events


def hits(length_s: float, keys: Sequence[int], rng: Generator) -> list[NoteEvent]:
    """Return one piece struck: a repeated pattern, a roll, or single strokes far apart."""
    level, way = rng.uniform(45, 118), rng.random()
    chosen = rng.choice(keys, size=min(len(keys), int(rng.integers(1, 3))), replace=False)
    if way < 0.3:
        times = np.cumsum(rng.uniform(0.35, 1.8, size=1 + int(length_s)))
        return [_hit(t, int(rng.choice(chosen)), level, rng) for t in times if t < length_s]
    step_s = 60 / rng.uniform(70, 180) / (4 if way > 0.55 else 2)
    if way > 0.93:
        step_s = rng.uniform(0.05, 0.09)
    pattern = rng.random(8) < rng.uniform(0.35, 1.0)
    pattern[0] = True
    accent = rng.uniform(0, 28, size=8)
    return [
        _hit(i * step_s, int(rng.choice(chosen)), level - accent[i % 8], rng)
        for i in range(int(length_s / step_s))
        if pattern[i % 8]
    ]
