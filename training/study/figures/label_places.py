"""Moves labels apart so that none covers another."""

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 200


def spread_labels(
    middles: NDArray[np.floating], sizes: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return where labels can stand near their wanted middles without overlap.

    In every round, each two that overlap are pushed apart along the axis on which less is needed.

    Parameters
    ----------
    middles : ndarray, shape (n, 2)
        Where they should stand.
    sizes : ndarray, shape (n, 2)
        Width and height of each, in the same unit.

    Returns
    -------
    ndarray, shape (n, 2)
    """
    places = np.array(middles, dtype=np.float64)
    wanted = (sizes[:, None] + sizes[None]) / 2
    for _ in range(_ROUNDS):
        if not _push_apart(places, wanted):
            break
    return places


def _push_apart(places: NDArray[np.float64], wanted: NDArray[np.floating]) -> bool:
    """Move every overlapping pair in place; return whether there was one."""
    moved = False
    for first in range(len(places)):
        for second in range(first + 1, len(places)):
            offset = places[second] - places[first]
            lacking = wanted[first, second] - np.abs(offset)
            if (lacking <= 0.5).any():
                continue
            axis = int(np.argmin(lacking))
            push = lacking[axis] / 2 * (1.0 if offset[axis] >= 0 else -1.0)
            places[first, axis] -= push
            places[second, axis] += push
            moved = True
    return moved
