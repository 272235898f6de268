"""From logits to calibrated probabilities, with or without a class for "none of the 28"."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Beyond these odds (about 1 in 3,000) a difference means nothing, and without a background the
# odds would be infinite.
KNOWN_LOG_ODDS_LIMIT = 8.0


def calibrated(logits: ArrayLike, *, temperature: float, background: bool) -> NDArray[np.float64]:
    """Return the probabilities of the instruments.

    Parameters
    ----------
    logits : array-like, shape (..., classes)
    temperature : float
        Above zero; logits are divided by it (Guo et al. 2017).
    background : bool
        Whether there is one class more, "none of them", whose logit is always zero. Its
        probability is what is missing to one; without it they add up to one.

    Returns
    -------
    ndarray, shape (..., classes)
        p_c = exp(z_c / T) / (b + sum_j exp(z_j / T)), b being 1 with a background and 0 without.
    """
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    # By hand: a library's softmax and padding take ten times as long for one window's 28 numbers.
    largest = scaled.max(axis=-1, keepdims=True)
    if background:
        largest = np.maximum(largest, 0.0)
    powers = np.exp(scaled - largest)
    whole = powers.sum(axis=-1, keepdims=True)
    found: NDArray[np.float64] = powers / (whole + np.exp(-largest) if background else whole)
    return found


def among(probabilities: ArrayLike, chosen: Sequence[int]) -> NDArray[np.float64]:
    """Return the probabilities if it can only be one of the chosen instruments, or none at all.

    Parameters
    ----------
    probabilities : array-like, shape (..., classes)
        From `calibrated`.
    chosen : sequence of int
        Class indices.

    Returns
    -------
    ndarray, shape (..., classes)
        p_c / (sum over the chosen + what was missing to one) for the chosen, else 0: the others
        are ruled out, the belief in none of them stays in proportion (Bayes' rule).
    """
    given = np.asarray(probabilities, dtype=np.float64)
    kept = np.zeros_like(given)
    kept[..., list(chosen)] = given[..., list(chosen)]
    missing = np.clip(1.0 - given.sum(axis=-1, keepdims=True), 0.0, 1.0)
    possible = kept.sum(axis=-1, keepdims=True) + missing
    # Where everything possible is ruled out, nothing is known.
    return np.asarray(np.divide(kept, possible, out=np.zeros_like(kept), where=possible > 0))


def known_log_odds(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Return how surely the sound is one of the instruments at all.

    Means are taken of these, not of the share itself: that one hardly differs between what
    is nearly sure and what is not.

    Parameters
    ----------
    probabilities : array-like, shape (..., classes)
        From `calibrated`.

    Returns
    -------
    ndarray, shape (...)
        log(s / (1 - s)) of their sum s, between -8 and 8; 8 for a model without a background.
    """
    # See `models.tables.filterbank`.
    from scipy.special import logit

    share = np.clip(np.asarray(probabilities, dtype=np.float64).sum(axis=-1), 0.0, 1.0)
    found: NDArray[np.float64] = np.clip(logit(share), -KNOWN_LOG_ODDS_LIMIT, KNOWN_LOG_ODDS_LIMIT)
    return found
