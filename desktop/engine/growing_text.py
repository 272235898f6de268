"""A text file that ends with a whole line at any moment while it grows."""

import os
from contextlib import suppress
from pathlib import Path


class GrowingText:
    """Appends lines to a file. Owned by one thread.

    Raises
    ------
    OSError
        From the constructor, if it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._whole_bytes = os.fstat(self._file.fileno()).st_size

    def write(self, line: str) -> None:
        """Append a line, with its end.

        Raises
        ------
        OSError
            If it does not fit; then nothing of it is left.
        """
        data = left = memoryview(line.encode("utf-8"))
        try:
            while left:
                # On a disk that is nearly full, only a part is written at first.
                left = left[self._file.write(left) or 0 :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._whole_bytes)
            raise
        self._whole_bytes += len(data)

    def close(self) -> None:
        """End the file; may be called after any error."""
        self._file.close()
