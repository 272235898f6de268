"""How truly a map of evidence says what a network went by: arrays in, figures out.

Deletion and insertion as in Petsiuk et al. 2018 ("RISE"), on cells of sound: the most evident
cells are lowered to the floor of their bands, or raised from it, and the probability of the answer
is followed. A map that does not beat "loudest cells first" explains nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# 832 cells: four bands by five frames of the log-mel spectrogram, or as much of other features.
CELL_ROWS, CELL_FRAMES = 32, 26
FRACTIONS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
# The floor of a band: what it holds in its quietest twentieth.
_FLOOR_PERCENTILE = 5.0
RESAMPLES, SEED = 2_000, 22


@dataclass(frozen=True)
class Mean:
    """A mean over windows with the interval that resampled groups give it."""

    value: float
    low: float
    high: float

    def stated(self) -> dict[str, float]:
        """Return the three figures, rounded."""
        return {
            "mean": round(self.value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }


def mean_over_groups(values: Sequence[float], groups: Sequence[str]) -> Mean:
    """Return the mean of values and the middle 95 % over resamples of whole groups."""
    found = np.asarray(values, np.float64)
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(group, weights=found)
    counts = np.bincount(group)
    rng = np.random.default_rng(SEED)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    low, high = np.percentile((times @ sums) / (times @ counts), [2.5, 97.5])
    return Mean(float(found.mean()), float(low), float(high))


def in_cells(grid: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the sums of a map (rows, frames) over the cells, shape (32, 26)."""
    rows, frames = _cells_of(grid.shape)
    found = np.zeros((CELL_ROWS, CELL_FRAMES))
    np.add.at(found, (rows[:, np.newaxis], frames[np.newaxis]), grid)
    return found


def _cells_of(shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows, frames = shape
    return np.arange(rows) * CELL_ROWS // rows, np.arange(frames) * CELL_FRAMES // frames


def floor_of(features: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return what takes the place of a cell's values: the floor of its band, or less."""
    floor = np.percentile(features, _FLOOR_PERCENTILE, axis=1, keepdims=True)
    return np.asarray(np.minimum(features, floor), np.float32)


def altered(
    features: NDArray[np.float32], scores: NDArray[np.floating], *, keeps: bool
) -> NDArray[np.float32]:
    """Return the features with a growing part of the highest scores taken away, or alone.

    Parameters
    ----------
    features : ndarray, shape (rows, frames)
    scores : ndarray, shape (32, 26)
        Of the cells; ties go in the cells' order.
    keeps : bool
        Whether the cells of the highest scores are all that is kept (insertion).

    Returns
    -------
    ndarray, shape (11, rows, frames)
        For each of `FRACTIONS`.
    """
    order = np.argsort(-scores.ravel(), kind="stable")
    rank = np.empty(order.size, np.intp)
    rank[order] = np.arange(order.size)
    rows, frames = _cells_of(features.shape)
    by_place = rank.reshape(CELL_ROWS, CELL_FRAMES)[rows][:, frames]
    floor = floor_of(features)
    counts = np.rint(np.array(FRACTIONS) * order.size)[:, np.newaxis, np.newaxis]
    chosen = by_place[np.newaxis] < counts
    return np.where(chosen == keeps, features, floor).astype(np.float32)


def area(curve: NDArray[np.floating]) -> float:
    """Return the area under a curve over `FRACTIONS`."""
    return float(np.trapezoid(curve, FRACTIONS))


def similarity(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Return the correlation of two maps over the cells; zero if one of them is flat."""
    one, other = in_cells(first).ravel(), in_cells(second).ravel()
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def share_within(grid: NDArray[np.floating], part: NDArray[np.bool_]) -> float:
    """Return which share of what speaks for a class lies within a part of the map."""
    gains = np.maximum(grid, 0.0)
    whole = float(gains.sum())
    return float(gains[part].sum()) / whole if whole > 0 else 0.0
