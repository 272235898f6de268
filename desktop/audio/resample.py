"""From a device's frames to mono at 22,050 Hz, by the rule that files follow."""

from collections.abc import Sequence

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
        self._chosen: tuple[int, ...] = ()
        self._stream: MonoStream | None = None

    def choose(self, channels: Sequence[int]) -> None:
        """Hear these channels only, counted from 0, from now on; all of them if there are none."""
        if tuple(channels) != self._chosen:
            self._chosen = tuple(channels)
            self._stream = None

    @property
    def used(self) -> tuple[bool, ...]:
        """Which channels of the device are heard now; empty before the first sound."""
        if self._stream is None:
            return ()
        heard = self._heard(self._channels)
        used = dict(zip(heard, self._stream.used, strict=True))
        return tuple(used.get(number, False) for number in range(self._channels))

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mono samples at 22,050 Hz that a block (n, channels) brings, shape (m,).

        A value that is not a number counts as zero: it would stay in the filters' memory.
        """
        if not np.isfinite(block).all():
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        heard = self._heard(block.shape[1])
        # Some drivers open with fewer channels than they list.
        if self._stream is None or block.shape[1] != self._channels:
            self._channels = block.shape[1]
            self._stream = MonoStream(self._sample_rate_hz, len(heard))
        return self._stream.push(block if len(heard) == block.shape[1] else block[:, heard])

    def _heard(self, channels: int) -> list[int]:
        there = [number for number in self._chosen if 0 <= number < channels]
        return there or list(range(channels))
