"""How far two maps lie apart, each taken as a distribution over its cells.

The four measures with which Chen et al. (2024) compare heatmaps over different representations of
a sound. Maps have shape (rows, frames) and nothing below zero.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Of a cell that holds nothing; what is there must not be infinitely far from it.
_LEAST = 1e-9


def distribution(grid: ArrayLike) -> NDArray[np.float64]:
    """Return a map as shares that add up to one; an empty one is spread evenly."""
    cells = np.maximum(np.asarray(grid, np.float64), 0.0)
    whole = float(cells.sum())
    if not np.isfinite(whole) or whole <= 0:
        return np.full(cells.shape, 1.0 / cells.size)
    return np.asarray(cells / whole, np.float64)


def kullback_leibler(first: ArrayLike, second: ArrayLike) -> float:
    """Return the divergence of `first` from `second`, in nats."""
    p, q = (_smoothed(distribution(each)) for each in (first, second))
    return max(0.0, float(np.sum(p * np.log(p / q))))


def jensen_shannon(first: ArrayLike, second: ArrayLike) -> float:
    """Return the divergence of two maps from their mean: 0 to log 2, the same both ways."""
    p, q = distribution(first), distribution(second)
    middle = (p + q) / 2
    return (_relative(p, middle) + _relative(q, middle)) / 2


def earth_movers(first: ArrayLike, second: ArrayLike) -> float:
    """Return how far shares have to be moved, as a share of the axis; mean of both axes.

    The distance of the marginals in closed form: the one of whole maps costs hours and hardly
    differs.
    """
    change = distribution(first) - distribution(second)
    return float(np.mean([_along(change.sum(axis=axis)) for axis in (0, 1)]))


def mean_difference(first: ArrayLike, second: ArrayLike) -> float:
    """Return the mean difference of the cells, each map scaled to a largest value of one."""
    p, q = distribution(first), distribution(second)
    return float(np.abs(p / p.max() - q / q.max()).mean())


def _smoothed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = shares + _LEAST
    return np.asarray(raised / raised.sum(), np.float64)


def _relative(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    there = p > 0
    return float(np.sum(p[there] * np.log(p[there] / q[there])))


def _along(change: NDArray[np.float64]) -> float:
    if change.size < 2:
        return 0.0
    return float(np.abs(np.cumsum(change)[:-1]).sum() / (change.size - 1))
