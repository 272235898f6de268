"""What FFmpeg is shown of an open file: the part that holds the sound, within a budget."""

from typing import BinaryIO

from timbrescope.models import limits
from timbrescope.models.errors import TimbrescopeError

# Chunks of no size are walked through by seeking alone.
_SEEK_COSTS_BYTES = 4_096
_ALL_ONES = b"\xff\xff\xff\xff"


class OpeningBudgetError(TimbrescopeError, OSError):
    """A header makes its reader go through more bytes than any header has."""


class FileView:
    """The first `end` bytes of a file, for reading; owned by the thread that owns the file.

    FFmpeg's reader of WAV files looks for further chunks behind the sound. Where a file is
    preallocated, or its size wrapped, it would walk through gigabytes in steps of eight bytes:
    so the view ends where the sound does.

    Parameters
    ----------
    file : BinaryIO
    end : int
        Bytes that are shown.
    unknown_at : int, optional
        Where a size of four bytes stands that is wrong; it is shown as "not known".
    """

    def __init__(self, file: BinaryIO, *, end: int, unknown_at: int | None = None) -> None:
        self._file = file
        self._end = end
        self._unknown_at = unknown_at
        self._at = 0
        self._budget: int | None = limits.OPENING_BYTES
        self._failure: OSError | None = None

    def opened(self) -> None:
        """End the budget: from now on the sound is read."""
        self._budget = None

    def check(self) -> None:
        """Raise what went wrong while FFmpeg was reading, if anything did.

        Raises
        ------
        OSError
            The system's own, or `OpeningBudgetError`.
        """
        if self._failure is not None:
            raise self._failure

    def read(self, count: int) -> bytes:
        """Return the next bytes, at most `count`; none at the end, or after a failure."""
        count = max(0, min(count, self._end - self._at))
        # FFmpeg's callbacks can only say that there is no more: `check` says why.
        if not count or self._failure is not None or not self._affords(count):
            return b""
        try:
            self._file.seek(self._at)
            content = self._file.read(count)
        except OSError as error:
            self._failure = error
            return b""
        at = self._at
        self._at += len(content)
        return self._patched(content, at=at)

    def _affords(self, count: int) -> bool:
        if self._budget is None:
            return True
        self._budget -= count
        if self._budget < 0:
            self._failure = OpeningBudgetError(
                f"its header does not end within {limits.OPENING_BYTES} bytes"
            )
        return self._budget >= 0

    def _patched(self, content: bytes, *, at: int) -> bytes:
        if self._unknown_at is None:
            return content
        first = self._unknown_at - at
        if not -len(_ALL_ONES) < first < len(content):
            return content
        patched = bytearray(content)
        for offset, byte in enumerate(_ALL_ONES, start=first):
            if 0 <= offset < len(patched):
                patched[offset] = byte
        return bytes(patched)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, as files do."""
        self._affords(_SEEK_COSTS_BYTES)
        base = {0: 0, 1: self._at, 2: self._end}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at
