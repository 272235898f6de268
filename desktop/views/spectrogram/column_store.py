"""The last seconds of sound and evidence, side by side and addressed by stream column.

Sound and evidence live in two rings with the same addressing, so whatever scrolls, both
scroll together; no Qt here.
"""

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.drawing.colour_maps import evidence_codes
from timbrescope.models.frontend import HOP_S, MEL_BANDS

_Codes = NDArray[np.uint8] | NDArray[np.int8]

COLUMN_S = HOP_S
FLOOR_DB = -100.0
# A full-scale sine reaches about +40 dB, the power of a frame being a sum over its samples.
CEILING_DB = 50.0
# Columns that evidence may run ahead of the sound.
AHEAD = 16
CODES_PER_DB = 255.0 / (CEILING_DB - FLOOR_DB)


def column_of(second: float) -> int:
    """Return the column whose centre is nearest to a second of the stream."""
    return round(second / COLUMN_S)


def quantised(columns_db: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return dB as codes 0–255 between `FLOOR_DB` and `CEILING_DB` (0.6 dB per code)."""
    codes = (np.nan_to_num(columns_db, nan=FLOOR_DB) - FLOOR_DB) * CODES_PER_DB
    found: NDArray[np.uint8] = np.clip(np.rint(codes), 0, 255).astype(np.uint8)
    return found


class ColumnStore:
    """A ring of columns; every column is kept twice so that any stretch is one plain view.

    Parameters
    ----------
    capacity : int
        Number of columns kept.

    Attributes
    ----------
    next_column : int
        Stream index of the column to come; columns below ``next_column - capacity`` are gone.
    first_column : int
        Oldest stream index that was ever written since the last reset.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._size = capacity + AHEAD
        self._levels = np.zeros((MEL_BANDS, 2 * self._size), np.uint8)
        self._evidence = np.zeros((MEL_BANDS, 2 * self._size), np.int8)
        self.first_column = 0
        self.next_column = 0
        self._laid_until = 0

    @property
    def oldest(self) -> int:
        """Oldest column that is still kept."""
        return max(self.first_column, self.next_column - self.capacity)

    def reset(self, first_column: int = 0) -> None:
        """Forget everything; the stream goes on at `first_column`."""
        self._levels[:] = 0
        self._evidence[:] = 0
        self.first_column = self.next_column = self._laid_until = first_column

    def append(self, columns_db: NDArray[np.float32], first_column: int) -> bool:
        """Add new columns; return whether a new stream began.

        An index below the expected one means that the stream started anew. A jump ahead leaves
        silence in between, so that later columns stay at their own time.
        """
        count = columns_db.shape[1]
        if count == 0:
            return False
        is_new = first_column < self.next_column
        if is_new or first_column - self.next_column >= self.capacity:
            self.reset(first_column)
        elif first_column > self.next_column:
            gap = np.zeros((MEL_BANDS, first_column - self.next_column), np.uint8)
            self._write(self._levels, self.next_column, gap)
        self._write(self._levels, first_column, quantised(columns_db))
        self.next_column = first_column + count
        self._clear_evidence_up_to(self.next_column)
        return is_new

    def _clear_evidence_up_to(self, column: int) -> None:
        # The ring still holds the evidence of a round ago, save where it was laid ahead.
        first = max(self._laid_until, column - self._size)
        if column > first:
            self._write(self._evidence, first, np.zeros((MEL_BANDS, column - first), np.int8))
        self._laid_until = max(self._laid_until, column)

    def lay_evidence(self, evidence: NDArray[np.float32], first_column: int) -> None:
        """Put evidence (128, n) in −1…1 over the columns from `first_column` on.

        Columns that are no longer kept are left out. The end of a window is explained before
        its last columns can be computed, so evidence may be laid a little ahead of the sound.
        """
        first = max(first_column, self.oldest)
        last = min(first_column + evidence.shape[1], self.next_column + AHEAD)
        if last > first:
            part = evidence[:, first - first_column : last - first_column]
            self._clear_evidence_up_to(first)
            self._write(self._evidence, first, evidence_codes(part))
            self._laid_until = max(self._laid_until, last)

    def clear_evidence(self) -> None:
        """Forget the evidence and keep the sound."""
        self._evidence[:] = 0

    def levels(self, first: int, count: int) -> NDArray[np.uint8]:
        """Return a view of `count` columns of sound from column `first` on."""
        at = first % self._size
        return self._levels[:, at : at + count]

    def evidence(self, first: int, count: int) -> NDArray[np.int8]:
        """Return a view of `count` columns of evidence from column `first` on."""
        at = first % self._size
        return self._evidence[:, at : at + count]

    def _write(self, ring: _Codes, first: int, codes: _Codes) -> None:
        if codes.shape[1] > self._size:
            first += codes.shape[1] - self._size
            codes = codes[:, -self._size :]
        at = first % self._size
        until = min(at + codes.shape[1], self._size)
        head = codes[:, : until - at]
        tail = codes[:, until - at :]
        for offset in (0, self._size):
            ring[:, offset + at : offset + until] = head
            ring[:, offset : offset + tail.shape[1]] = tail
