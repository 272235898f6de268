"""From a device's frames to mono at 22,050 Hz, as a stream."""

import numpy as np
import soxr
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ

STEREO = 2
# A channel that has been this much quieter than the loudest is an unused input of an interface.
UNUSED_RATIO = 0.01
# A loud channel is forgotten to that ratio within 14 s: rests are shorter, swapped cables longer.
FORGETTING_S = 3.0


class MonoResampler:
    """Mixes the channels that carry sound and resamples them; state goes from block to block.

    Owned by one thread.
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._sample_rate_hz = sample_rate_hz
        self._peaks = np.zeros(channels)
        self._stream = soxr.ResampleStream(
            sample_rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ"
        )

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mono samples at 22,050 Hz that a block (n, channels) brings, shape (m,).

        A value that is not a number counts as zero: it would stay in the filter's memory.
        """
        if not np.isfinite(block).all():
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        found: NDArray[np.float32] = self._stream.resample_chunk(
            np.ascontiguousarray(self._mono(block))
        )
        return found

    def _mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if block.shape[1] <= STEREO:
            # As files are mixed, so that a take sounds the same live and from disk.
            return _mean(block)
        peaks = np.abs(block).max(axis=0, initial=0.0)
        if len(peaks) != len(self._peaks):
            # Some drivers open with fewer channels than they list.
            self._peaks = np.zeros(len(peaks))
        # By time, not by block: how the sound is cut must not change which channels count.
        kept = np.exp(-len(block) / (FORGETTING_S * self._sample_rate_hz))
        self._peaks = np.maximum(peaks, kept * self._peaks)
        used = self._peaks >= UNUSED_RATIO * self._peaks.max()
        return _mean(block[:, used])


def _mean(block: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = block.mean(axis=1, dtype=np.float32)
    return found
