"""Exact zeros at the end of what is heard: after a while they are no signal."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ

# A muted or forbidden microphone delivers exact zeros; the quietest real one does not. But devices
# begin with a few, and programs put some between two pieces: less than this says nothing.
ZEROS_S = 2.0
_ZEROS_SAMPLES = round(ZEROS_S * SAMPLE_RATE_HZ)


class ZerosAtEnd:
    """Counts them over the chunks of a stream. Owned by one thread."""

    def __init__(self) -> None:
        self.count = 0

    def begin_silent(self) -> None:
        """Begin as after a silence that is no signal already."""
        self.count = _ZEROS_SAMPLES + 1

    def follow(self, samples: NDArray[np.float32]) -> None:
        """Take the next samples (n,) at 22,050 Hz."""
        zeros = zeros_at_end(samples)
        self.count = self.count + zeros if zeros == len(samples) else zeros

    @property
    def are_no_signal(self) -> bool:
        """Whether there are so many that nothing is delivered."""
        return are_no_signal(self.count)


def are_no_signal(count: int) -> bool:
    """Return whether so many zeros at 22,050 Hz, one after the other, are no signal."""
    return count > _ZEROS_SAMPLES


def zeros_at_end(samples: NDArray[np.float32]) -> int:
    """Return how many exact zeros samples (n,) end with."""
    sounding = np.flatnonzero(samples)
    return len(samples) - (int(sounding[-1]) + 1 if sounding.size else 0)
