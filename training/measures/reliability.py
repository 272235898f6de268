"""Whether a model's confidence can be believed: reliability bins and calibration error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Equal-width bins over 0...1, as Guo et al. (2017) use them.
BINS = 15
# Answers are stored as float32; a smaller probability of the true class counts as this one.
LEAST_PROBABILITY = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers whose confidence lies above `low` and at most at `high`.

    Attributes
    ----------
    low, high : float
        Edges of the bin.
    confidence : float
        Mean of the best probabilities.
    accuracy : float
        Share of these answers that are right.
    count : int
    """

    low: float
    high: float
    confidence: float
    accuracy: float
    count: int


def reliability_bins(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], *, bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Return the bins of a reliability diagram that hold an answer, in rising order.

    Parameters
    ----------
    probabilities : ndarray, shape (N, 28)
    labels : ndarray of int, shape (N,)
    bins : int
        Number of equal-width bins over 0...1.
    """
    best = np.asarray(probabilities, np.float64).max(axis=1)
    right = np.asarray(probabilities).argmax(axis=1) == labels
    place = np.clip(np.ceil(best * bins).astype(int) - 1, 0, bins - 1)
    return tuple(
        ReliabilityBin(
            low=round(number / bins, 6),
            high=round((number + 1) / bins, 6),
            confidence=round(float(best[place == number].mean()), 6),
            accuracy=round(float(right[place == number].mean()), 6),
            count=int((place == number).sum()),
        )
        for number in np.unique(place)
    )


def expected_calibration_error(bins: tuple[ReliabilityBin, ...]) -> float:
    """Return the mean distance between confidence and accuracy, weighted by answers."""
    total = sum(entry.count for entry in bins)
    return sum(entry.count * abs(entry.confidence - entry.accuracy) for entry in bins) / total


def mean_negative_log_likelihood(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> float:
    """Return the mean of -log p of the true class in nats, p at least `LEAST_PROBABILITY`.

    Without that floor, one impossible answer of a nearest-neighbour model makes it infinite.
    """
    of_true = np.asarray(probabilities, np.float64)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_true, LEAST_PROBABILITY)).mean())


def without_temperature(
    probabilities: NDArray[np.floating], temperature: float
) -> NDArray[np.float64]:
    """Return what a plain softmax gives where one at `temperature` gave `probabilities`.

    A softmax's logarithms are the logits over the temperature but for a constant, so that the
    logits themselves are not needed. Shape (N, 28) in and out.
    """
    least = np.finfo(np.float32).tiny
    logs = np.log(np.maximum(np.asarray(probabilities, np.float64), least))
    plain = np.exp((logs - logs.max(axis=1, keepdims=True)) * temperature)
    found: NDArray[np.float64] = plain / plain.sum(axis=1, keepdims=True)
    return found
