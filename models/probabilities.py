"""From logits to calibrated probabilities, with or without a class for "none of the 28"."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax


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
    if not background:
        return np.asarray(softmax(scaled, axis=-1))
    padding = [(0, 0)] * (scaled.ndim - 1) + [(0, 1)]
    return np.asarray(softmax(np.pad(scaled, padding), axis=-1)[..., :-1])
