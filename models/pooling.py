"""From the answers to a file's windows to one answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.errors import WindowError
from timbrescope.models.probabilities import known_log_odds


@dataclass(frozen=True)
class Pooled:
    """One answer of many windows.

    Attributes
    ----------
    probabilities : ndarray, shape (classes,), float32
        Their weighted mean; read-only.
    log_odds : float
        The weighted mean of `models.probabilities.known_log_odds`.
    """

    probabilities: NDArray[np.float32]
    log_odds: float


def pool(probabilities: ArrayLike, *, weights: ArrayLike) -> Pooled:
    """Return the one answer of all windows.

    Parameters
    ----------
    probabilities : array-like, shape (n, classes)
    weights : array-like, shape (n,)
        How much each window counts, 0 or more. If all are 0, all count the same: the file still
        gets numbers, and its state says that they mean nothing.

    Raises
    ------
    WindowError
        If there are no windows, or the two arguments differ in length.
    """
    answers = np.asarray(probabilities, dtype=np.float64)
    counted = np.asarray(weights, dtype=np.float64)
    if answers.ndim != 2 or len(answers) == 0 or counted.shape != answers.shape[:1]:
        raise WindowError(
            f"cannot pool probabilities of shape {answers.shape} by {counted.size} weights"
        )
    if not counted.any():
        counted = np.ones_like(counted)
    mean = np.average(answers, axis=0, weights=counted).astype(np.float32)
    mean.setflags(write=False)
    return Pooled(mean, float(np.average(known_log_odds(answers), weights=counted)))
