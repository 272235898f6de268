"""Files that the window wrote: where they are proposed, and what is offered once they are there."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices

from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.words.catalogue import mark

OPEN, SHOW_FOLDER = mark("Open"), mark("Show in folder")


def users_folder(wanted: QStandardPaths.StandardLocation) -> Path:
    """Return the user's folder for something, their home if there is none.

    A dialog that is given a folder that does not exist starts where the program was started.
    """
    folder = QStandardPaths.writableLocation(wanted)
    return Path(folder) if folder and Path(folder).is_dir() else Path.home()


class WrittenFile:
    """Tells where a file or folder was written, and opens it when the user asks.

    Parameters
    ----------
    notice : Banner
        May tell of something else meanwhile; its buttons then are not meant for this.
    """

    def __init__(self, notice: Banner) -> None:
        self._notice = notice
        self._path: Path | None = None
        self._words = ""
        notice.action_chosen.connect(self._on_notice)

    def tell(self, words: str, path: Path) -> None:
        """Say in `words` that `path` was written."""
        self._path = path
        self._notice.show_message(words, Severity.BRIEF, actions=(OPEN, SHOW_FOLDER))
        self._words = self._notice.text

    def _on_notice(self, action: str) -> None:
        if self._path is None or self._notice.text != self._words:
            return
        if action in (OPEN, SHOW_FOLDER):
            path = self._path if action == OPEN else self._path.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
