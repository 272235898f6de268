"""Playing recorded strums one after another, as a strumming hand does."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples

PHRASES = 70
PHRASE_S = (6.0, 9.0)
# The hand that strikes a new chord damps the one before within about this time.
DAMPING_S = 0.03
LONGEST_STEP_S = 1.6


def strummed(strums: Mapping[str, Samples], *, rng: Generator) -> Iterator[Samples]:
    """Yield `PHRASES` phrases made of recorded strums.

    Parameters
    ----------
    strums : mapping
        Samples at 22050 Hz by name; names are ``CHORD[_UP|_DOWN]_TAKE``.
    rng : Generator
        Of chords, tempo and rhythm.
    """
    chords: dict[str, list[Samples]] = {}
    for name, samples in strums.items():
        chords.setdefault(name.split("_")[0], []).append(samples)
    names = sorted(chords)
    for _ in range(PHRASES):
        length_s = float(rng.uniform(*PHRASE_S))
        progression = [chords[name] for name in rng.choice(names, size=4)]
        yield _phrase(progression, length_s=length_s, rng=rng)


def _phrase(progression: list[list[Samples]], *, length_s: float, rng: Generator) -> Samples:
    line = np.zeros(int(length_s * SAMPLE_RATE_HZ), dtype=np.float32)
    step_s = min(LONGEST_STEP_S, 60 / rng.uniform(60, 150) * float(rng.choice((0.5, 1.0, 2.0))))
    per_chord = int(rng.choice((1, 2, 4)))
    starts = [int(t * SAMPLE_RATE_HZ) for t in np.arange(0.0, length_s - 0.2, step_s)]
    for count, start in enumerate(starts):
        if count % per_chord and rng.random() < 0.15:
            continue
        takes = progression[count // per_chord % len(progression)]
        strum = takes[int(rng.integers(len(takes)))]
        loud = np.float32(10 ** (rng.uniform(-6, 0) / 20))
        _damp(line, start)
        room = line.size - start
        line[start : start + strum.size] += strum[:room] * loud
    return line


def _damp(line: Samples, start: int) -> None:
    """Let everything that rings at `start` die away."""
    fade = min(int(DAMPING_S * SAMPLE_RATE_HZ), line.size - start)
    line[start : start + fade] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    line[start + fade :] = 0.0
