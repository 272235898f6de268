"""Sound levels in dBFS: 0 is a full-scale square wave, digital silence is minus infinity."""

import math

import numpy as np
from numpy.typing import NDArray


def to_dbfs(amplitude: float) -> float:
    """Return 20 log10 of a linear amplitude, ``-inf`` for zero."""
    return float(20.0 * np.log10(amplitude)) if amplitude > 0 else float("-inf")


def rms_dbfs(samples: NDArray[np.floating]) -> float:
    """Return the RMS level of `samples`; ``-inf`` for silence and for no samples at all."""
    if samples.size == 0:
        return float("-inf")
    exact = samples.ravel().astype(np.float64)
    return to_dbfs(math.sqrt(float(exact @ exact) / exact.size))


def peak_dbfs(samples: NDArray[np.floating]) -> float:
    """Return the level of the largest sample; ``-inf`` for silence and for no samples at all."""
    return to_dbfs(float(np.abs(samples).max())) if samples.size else float("-inf")
