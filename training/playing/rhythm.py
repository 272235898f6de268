"""When notes begin: tempo, note values, swing, and the small errors of a human hand."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

# Shares of a beat, as players group them.
CELLS = (
    (1.0,),
    (1.0,),
    (0.5, 0.5),
    (0.5, 0.5),
    (0.25, 0.25, 0.25, 0.25),
    (0.5, 0.25, 0.25),
    (0.25, 0.25, 0.5),
    (0.75, 0.25),
    (1.5, 0.5),
    (2.0,),
    (1 / 3, 1 / 3, 1 / 3),
    (2 / 3, 1 / 3),
    (3.0,),
)
REST_SHARE = 0.08
LOOSENESS_S = (0.002, 0.014)


def beat_s(rng: Generator, *, slowest: float = 60.0, fastest: float = 170.0) -> float:
    """Return the seconds of a beat, for a tempo between two numbers of beats a minute."""
    return 60 / log_uniform_s(slowest, fastest, rng=rng)


def rhythm(
    length_s: float, rng: Generator, *, beat: float, rests: float = REST_SHARE
) -> list[tuple[float, float]]:
    """Return onsets and note lengths in seconds: a few patterns of note values, repeated."""
    cells = [CELLS[i] for i in rng.integers(len(CELLS), size=int(rng.integers(1, 4)))]
    looseness_s = rng.uniform(*LOOSENESS_S)
    found, now_s = [], 0.0
    while now_s < length_s:
        for share in cells[int(rng.integers(len(cells)))]:
            late_s = float(np.clip(rng.normal(0, looseness_s), -0.02, 0.03))
            if rng.random() >= rests:
                found.append((max(0.0, now_s + late_s), share * beat))
            now_s += share * beat
    return found


def pulse(
    length_s: float, rng: Generator, *, step: float, swing: float = 0.0
) -> NDArray[np.float64]:
    """Return even onsets in seconds; every second one `swing` steps late, all a little off."""
    count = max(1, int(np.ceil(length_s / step)))
    times = np.arange(count) * step
    times[1::2] += swing * step
    looseness_s = min(float(rng.uniform(*LOOSENESS_S)), step / 8)
    return np.maximum(times + rng.normal(0, looseness_s, size=count), 0.0)


def loudness(count: int, rng: Generator, *, spread_db: float = 4.0) -> NDArray[np.float64]:
    """Return the gain of each of `count` notes in dB: a line that rises or falls, and accents."""
    slope = np.linspace(rng.uniform(-8, 0), rng.uniform(-8, 0), count)
    return slope - rng.uniform(0, spread_db, size=count)


def log_uniform_s(low: float, high: float, *, rng: Generator) -> float:
    """Return seconds between `low` and `high`, every doubling as likely as the others."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
