"""Files in which a run remembers where it is; a damaged one is set aside and made again.

A run that is killed, a full disk or a sync program may leave anything in such a file. Whoever goes
on must neither stop at it for ever nor lose it unseen.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from timbrescope.models.errors import TimbrescopeError

logger = logging.getLogger(__name__)


class BusyError(TimbrescopeError):
    """Another process works in the same folder."""


def read_state(path: Path, kind: Any) -> Any:
    """Return what a state file holds, of the type `kind`.

    Parameters
    ----------
    path : Path
        A JSON file.
    kind : type
        A dataclass, or a collection as ``dict[str, float]``.

    Returns
    -------
    object or None
        None if there is no such file, or a damaged one, which is set aside with a warning.

    Raises
    ------
    OSError
        If the file is there and cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return msgspec.convert(json.loads(content), kind)
    # ValueError: not JSON, not UTF-8, or of another type.
    except (ValueError, RecursionError) as error:
        logger.warning("%s", set_aside(path, error))
        return None


def set_aside(path: Path, reason: object) -> str:
    """Rename a damaged file so that it is made again; return a sentence that says so."""
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(kept)
    return f"{path} is damaged ({reason}); it is kept as {kept.name}, and made again"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes of ours out of a folder as long as the block lasts.

    Raises
    ------
    BusyError
        If another one is in it.
    """
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise BusyError(
            f"another process is at work in {folder}: wait until it has ended, or name another "
            "folder"
        ) from None
    try:
        yield
    finally:
        lock.release()
