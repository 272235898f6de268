"""Sound levels in dBFS: 0 is a full-scale square wave, digital silence is minus infinity."""

import math

import numpy as np
from numpy.typing import NDArray

_PIECE_SAMPLES = 512


def to_dbfs(amplitude: float) -> float:
    """Return 20 log10 of a linear amplitude, ``-inf`` for zero."""
    return float(20.0 * np.log10(amplitude)) if amplitude > 0 else float("-inf")


def energies(samples: NDArray[np.floating], *, size: int) -> NDArray[np.float64]:
    """Return the sum of squares of consecutive pieces of `size` samples; the last may be shorter.

    Products of single precision are summed in it within a piece, which is seven digits and takes
    a tenth of the time; only where that overflows, or nearly vanishes, everything is done in
    double precision.
    """
    flat = samples.ravel()
    with np.errstate(over="ignore", invalid="ignore"):
        found = _energies(flat, size=size)
        if not _LEAST_ENERGY < found.sum() < np.inf:
            found = _energies(flat.astype(np.float64), size=size)
    return found


# Far above what vanishes in single precision, 1e-38, and far below what converters hear.
_LEAST_ENERGY = 1e-20


def _energies(flat: NDArray[np.floating], *, size: int) -> NDArray[np.float64]:
    whole = flat.size // size * size
    pieces = flat[:whole].reshape(-1, size)
    rest = flat[np.newaxis, whole:]
    parts = [np.vecdot(part, part) for part in (pieces, rest) if part.size]
    return np.concatenate([np.empty(0), *parts]).astype(np.float64)


def rms_dbfs(samples: NDArray[np.floating]) -> float:
    """Return the RMS level of `samples`; ``-inf`` for silence and for no samples at all."""
    if samples.size == 0:
        return float("-inf")
    return to_dbfs(math.sqrt(float(energies(samples, size=_PIECE_SAMPLES).sum()) / samples.size))


def peak_dbfs(samples: NDArray[np.floating]) -> float:
    """Return the level of the largest sample; ``-inf`` for silence and for no samples at all."""
    return to_dbfs(float(np.abs(samples).max())) if samples.size else float("-inf")
