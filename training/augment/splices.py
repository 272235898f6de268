"""Splices: how a window that became too short goes on, without a cut that could be heard."""

import numpy as np

from timbrescope.models.frontend import Samples
from timbrescope.training.augment.signals import fitted, peak_of

OVERLAP_SAMPLES = 512
SEARCHED_SAMPLES = 2_048
SHORTEST_OVERLAP = 8
# A window that ends below this share of its peak, -54 dB, has ended.
ENDED_SHARE = 0.002


def continued(samples: Samples, size: int) -> Samples:
    """Return `samples` made `size` long with an earlier part of themselves that fits the end.

    What is missing should be a small part of the whole. A sound that has ended goes on as
    silence.
    """
    missing = size - samples.size
    overlap = min(OVERLAP_SAMPLES, samples.size // 4)
    last = samples.size - missing - overlap
    if missing <= 0 or overlap < SHORTEST_OVERLAP or last < 0:
        return fitted(samples, size)
    tail = samples[-overlap:]
    if peak_of(tail) <= ENDED_SHARE * peak_of(samples):
        return fitted(samples, size)
    first = max(0, last - SEARCHED_SAMPLES)
    at = first + most_alike(samples[first : last + overlap], tail)
    out = np.empty(size, dtype=np.float32)
    out[: samples.size] = samples
    rising = np.linspace(0, 1, overlap, dtype=np.float32)
    out[samples.size - overlap : samples.size] += rising * (samples[at : at + overlap] - tail)
    out[samples.size :] = samples[at + overlap : at + overlap + missing]
    return out


def most_alike(region: Samples, wanted: Samples) -> int:
    """Return where in `region` is what looks most like `wanted`, loudness aside.

    Anything looks like silence: then it is the middle.
    """
    if peak_of(wanted) == 0.0:
        return (region.size - wanted.size) // 2
    products = np.correlate(region, wanted, "valid")
    sums = np.cumsum(np.square(region, dtype=np.float64))
    energies = sums[wanted.size - 1 :].copy()
    energies[1:] -= sums[: -wanted.size]
    floor = 1e-6 * float(energies.max()) + 1e-30
    return int(np.argmax(products / np.sqrt(np.maximum(energies, floor))))
