"""From a device's frames to mono at 22,050 Hz, by the rule that files follow."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.audio.channels import MonoStream


class MonoResampler:
    """Turns blocks of a device into mono samples; state goes from block to block.

    Owned by one thread.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._sample_rate_hz = sample_rate_hz
        self._channels = 0
        self._stream: MonoStream | None = None

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mono samples at 22,050 Hz that a block (n, channels) brings, shape (m,).

        A value that is not a number counts as zero: it would stay in the filters' memory.
        """
        if not np.isfinite(block).all():
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        # Some drivers open with fewer channels than they list.
        if self._stream is None or block.shape[1] != self._channels:
            self._channels = block.shape[1]
            self._stream = MonoStream(self._sample_rate_hz, self._channels)
        return self._stream.push(block)
