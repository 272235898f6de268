"""What a long command needs besides Python, asked for before it starts: programs, and space."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from timbrescope.models.errors import TimbrescopeError

BYTES_PER_GB = 1_000_000_000


class PrerequisiteError(TimbrescopeError):
    """A program is not installed, or a disk is too full, for what is about to be done."""


def require_programs(programs: Iterable[str], *, purpose: str) -> None:
    """Check that programs are installed.

    Raises
    ------
    PrerequisiteError
        If one is not.
    """
    missing = sorted({program for program in programs if shutil.which(program) is None})
    if missing:
        raise PrerequisiteError(
            f"cannot {purpose}: not installed {', '.join(missing)}; install it with the system's "
            "package manager and run the command again"
        )


def require_space(folder: Path, needed_bytes: int, *, purpose: str) -> None:
    """Check that so much can be written below `folder`, which need not exist yet.

    Raises
    ------
    PrerequisiteError
        If less is free.
    """
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free_bytes = shutil.disk_usage(place).free
    if free_bytes < needed_bytes:
        raise PrerequisiteError(
            f"cannot {purpose}: {folder} needs {needed_bytes / BYTES_PER_GB:.1f} GB and "
            f"{free_bytes / BYTES_PER_GB:.1f} GB are free; make room, or choose another --cache"
        )
