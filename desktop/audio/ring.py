"""The ring between a sound callback and its reader: copies in, copies out, counts what is lost."""

import numpy as np
from numpy.typing import NDArray


class RingBuffer:
    """A preallocated ring of frames for one writer thread and one reader thread, without locks.

    The writer only ever advances `written_frames` and the reader only its own position; both
    are plain integers, which Python reads and writes whole. When the reader falls behind by
    more than the capacity, the oldest frames are lost and counted.

    Parameters
    ----------
    capacity_frames : int
        How many frames the reader may fall behind.
    channels : int
    """

    def __init__(self, capacity_frames: int, channels: int) -> None:
        if capacity_frames < 1 or channels < 1:
            raise ValueError(
                f"a ring needs at least one frame and one channel, not {capacity_frames} "
                f"frames of {channels} channels"
            )
        self._frames = np.zeros((capacity_frames, channels), dtype=np.float32)
        # What the writer has begun to overwrite, and what it has finished writing.
        self._claimed = 0
        self._written = 0
        self._read = 0
        self._lost = 0
        self._overruns = 0

    @property
    def capacity_frames(self) -> int:
        """How many frames the reader may fall behind."""
        return len(self._frames)

    @property
    def written_frames(self) -> int:
        """Frames written since the start."""
        return self._written

    @property
    def unread_frames(self) -> int:
        """Frames that are still to be read."""
        return self._written - self._read

    @property
    def lost_frames(self) -> int:
        """Frames that were overwritten before they were read."""
        return self._lost

    @property
    def overruns(self) -> int:
        """How many times frames were lost."""
        return self._overruns

    def write(self, block: NDArray[np.float32]) -> None:
        """Copy a block (n, channels) in. Called by the writer only; allocates no sample memory."""
        capacity = len(self._frames)
        count = len(block)
        kept = block[-capacity:] if count > capacity else block
        start = (self._written + count - len(kept)) % capacity
        first = min(len(kept), capacity - start)
        self._claimed = self._written + count
        self._frames[start : start + first] = kept[:first]
        self._frames[: len(kept) - first] = kept[first:]
        # Only now may the reader see them.
        self._written = self._claimed

    def read_new(self) -> NDArray[np.float32]:
        """Copy out what is new, shape (n, channels). Called by the reader only."""
        end = self._written
        begin = max(self._read, end - len(self._frames))
        block = self._copy(begin, end)
        # The writer may have lapped the oldest frames while they were being copied.
        spoilt = max(0, self._claimed - len(self._frames) - begin)
        lost = begin - self._read + min(spoilt, len(block))
        if lost:
            self._lost += lost
            self._overruns += 1
        self._read = end
        return block[spoilt:]

    def _copy(self, begin: int, end: int) -> NDArray[np.float32]:
        capacity = len(self._frames)
        start, count = begin % capacity, end - begin
        first = min(count, capacity - start)
        return np.concatenate([self._frames[start : start + first], self._frames[: count - first]])
