"""Files that are either whole or as they were before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def whole_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Give a text file that takes the place of `path` once it has been written to its end.

    Raises
    ------
    OSError
        If it cannot be written; what was at `path` stays.
    """
    draft = path.with_name(path.name + ".part")
    try:
        # Names of files need not be text in any encoding: what cannot be written is escaped.
        with draft.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
            yield file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
