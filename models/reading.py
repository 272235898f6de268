"""Reading files that somebody else may have made: never more than allowed, never waiting.

A path may lead to a pipe that nobody writes to, to a device that never ends, or to a file of any
size. All of them are refused before a byte is read.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from timbrescope.models.errors import UnreadableFileError

_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Opening a pipe without a writer, or some devices, would wait for ever else.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def kind_of_file(mode: int) -> str:
    """Say what a file of this `mode` is, if it is no regular file; else return an empty string."""
    return next((words for holds, words in _KINDS if holds(mode)), "")


def read_bounded(path: Path, *, limit_bytes: int) -> bytes:
    """Return the bytes of a regular file that has no more than `limit_bytes`.

    Raises
    ------
    UnreadableFileError
        If it is something else, is larger, or cannot be read; the message does not name the
        file, which the caller knows better.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            _check(found, limit_bytes)
            # As much as there should be: room for the limit takes longer to get than most files to
            # be read. But a file may grow, and those of the system state no size at all.
            content = file.read(found.st_size + 1)
            if len(content) > found.st_size:
                content += file.read(limit_bytes + 1 - len(content))
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL in it. A folder is refused when it is opened.
        raise UnreadableFileError(_reason(error)) from error
    if len(content) > limit_bytes:
        raise UnreadableFileError(_too_large(len(content), limit_bytes))
    return content


def _check(found: os.stat_result, limit_bytes: int) -> None:
    if kind := kind_of_file(found.st_mode):
        raise UnreadableFileError(f"it is {kind}, not a file")
    if found.st_size > limit_bytes:
        raise UnreadableFileError(_too_large(found.st_size, limit_bytes))


def _too_large(size_bytes: int, limit_bytes: int) -> str:
    return f"it has {size_bytes:,} bytes or more; the limit is {limit_bytes:,}"


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
