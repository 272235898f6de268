"""The log file: in the platform's place for logs, never large, without sound or names of files.

What a program says of itself goes there from level INFO on; and, should it crash in native code,
where its threads were.
"""

import faulthandler
import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

import platformdirs

from timbrescope.models.names import printable

logger = logging.getLogger(__name__)

NAME = "timbrescope.log"
LARGEST_BYTES = 500_000
KEPT = 3
# A path in a message may tell what somebody works on: its name is left out, its ending stays.
_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/:*?\"<>|'\n]+)+|'[^'\n]*\.\w{2,5}'")


def log_folder() -> Path:
    """Return the platform's place for the logs of this program."""
    return platformdirs.user_log_path("Timbrescope", appauthor=False)


def without_paths(text: str) -> str:
    """Return a text with what looks like a path reduced to its ending."""

    def reduced(found: re.Match[str]) -> str:
        path = Path(found.group().strip("'"))
        return path.name if path.suffix == ".py" else f"<file{path.suffix}>"

    return _PATH.sub(reduced, text)


class _Private(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(
            without_paths(printable(line)) for line in super().format(record).split("\n")
        )


def start_log_file(folder: Path | None = None) -> Path | None:
    """Write the program's own messages to a file from now on.

    Returns
    -------
    Path or None
        The file; None if there can be none, which is no reason not to start.
    """
    folder = folder or log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / NAME, maxBytes=LARGEST_BYTES, backupCount=KEPT, encoding="utf-8", delay=False
        )
    except OSError as error:
        logger.warning("there is no log file: %s", error)
        return None
    handler.setFormatter(_Private("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    package = logging.getLogger("timbrescope")
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    _watch_for_crashes(folder)
    return folder / NAME


_crashes: list[TextIO] = []


def _watch_for_crashes(folder: Path) -> None:
    """Have native crashes written to a file of their own; it stays open while the program runs."""
    path = folder / "crashes.log"
    try:
        if path.exists() and path.stat().st_size > LARGEST_BYTES:
            path.unlink(missing_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        logger.warning("crashes are not written down: %s", error)
        return
    _crashes.append(file)
    faulthandler.enable(file)
