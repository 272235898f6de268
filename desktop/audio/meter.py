"""How loud each channel of a stream is."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.level import peak_dbfs

# As long as a meter beside a list takes to be read.
WINDOW_S = 0.3


class ChannelMeter:
    """Holds the peak of each channel over the last third of a second. Owned by one thread."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._frames = max(1, round(WINDOW_S * sample_rate_hz))
        self._newest: NDArray[np.float32] | None = None

    def see(self, block: NDArray[np.float32]) -> None:
        """Take the newest frames (n, channels)."""
        if self._newest is None or block.shape[1] != self._newest.shape[1]:
            self._newest = block[-self._frames :]
        else:
            self._newest = np.concatenate([self._newest, block])[-self._frames :]

    @property
    def peaks_dbfs(self) -> tuple[float, ...]:
        """The peak of each channel, ``-inf`` for digital silence; empty before the first sound."""
        if self._newest is None:
            return ()
        return tuple(peak_dbfs(channel) for channel in np.nan_to_num(self._newest).T)
