"""From a device's frames to mono at 22,050 Hz, as a stream."""

import numpy as np
import soxr
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE_HZ

# A channel that has been this much quieter than the loudest is an unused input of an interface.
UNUSED_RATIO = 0.01
_FORGETTING = 0.9


class MonoResampler:
    """Mixes the channels that carry sound and resamples them; state goes from block to block.

    Owned by one thread.
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._peaks = np.zeros(channels)
        self._stream = soxr.ResampleStream(
            sample_rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ"
        )

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mono samples at 22,050 Hz that a block (n, channels) brings, shape (m,)."""
        return self._stream.resample_chunk(np.ascontiguousarray(self._mono(block)))

    def _mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if block.shape[1] == 1:
            return block[:, 0]
        peaks = np.abs(block).max(axis=0, initial=0.0)
        self._peaks = np.maximum(peaks, _FORGETTING * self._peaks)
        used = self._peaks >= UNUSED_RATIO * self._peaks.max()
        return block[:, used].mean(axis=1, dtype=np.float32)
