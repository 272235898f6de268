"""What the files engine reports about one dropped file; no Qt, so any front end may read it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from timbrescope.desktop.engine.file_messages import FileResult


class FileEventKind(StrEnum):
    """Where a file is on its way through the files engine."""

    QUEUED = "queued"
    PROGRESS = "progress"
    DONE = "done"
    SKIPPED = "skipped"
    LEFT_OUT = "left out"
    STOPPED = "stopped"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class FileEvent:
    """One step of one file.

    Attributes
    ----------
    path : Path
        The file; it is the identity of its row.
    kind : FileEventKind
        ``DONE`` carries a `result` (which may be an error row), ``SKIPPED`` a `message`.
        ``LEFT_OUT`` says of a folder what in it is no sound file, also in `message`.
        ``STOPPED`` is a file given up because the user said so; it may be added again.
        ``UNEXPLAINED`` says why the evidence asked for cannot be had; the result stands.
    progress : float
        Share of the file that has been analysed, 0 to 1.
    result : FileResult or None
    message : str
        A sentence for the user, e.g. why a file was skipped; else empty.
    """

    path: Path
    kind: FileEventKind
    progress: float = 0.0
    result: FileResult | None = None
    message: str = ""
