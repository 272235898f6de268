"""A folder that is watched: sound files that come into it are analysed by themselves."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.audio.collect import AUDIO_SUFFIXES

logger = logging.getLogger(__name__)

STOP_WATCHING = mark("Stop watching")
# A file that is still being written grows from one look to the next.
_LOOK_MS = 1000
_Size = tuple[int, int]


def ask_watched(parent: QWidget) -> Path | None:
    """Let the user pick the folder."""
    name = QFileDialog.getExistingDirectory(parent, tr("Watch a folder"))
    return Path(name) if name else None


class FolderWatch(QObject):
    """Tells of files that are new and have stopped growing. Owned by the window's thread.

    The system says when a folder changes; a look costs one listing of what it holds.

    Parameters
    ----------
    notice : Banner
        Tells which folder is watched, and offers to stop.
    ask : callable, optional
        Asks which folder; tests pass their own.
    """

    files_came = Signal(list)

    def __init__(
        self, notice: Banner, *, ask: Callable[[QWidget], Path | None] = ask_watched
    ) -> None:
        super().__init__()
        self._notice, self._ask = notice, ask
        self._folder: Path | None = None
        self._known: set[Path] = set()
        self._growing: dict[Path, _Size] = {}
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        self._timer.timeout.connect(self.look)
        notice.action_chosen.connect(self._on_notice)

    @property
    def folder(self) -> Path | None:
        """The folder watched, None without one."""
        return self._folder

    def choose(self) -> None:
        """Ask for a folder and watch it; what it holds already is analysed too."""
        folder = self._ask(self._notice)
        if folder is not None:
            self.watch(folder)

    def watch(self, folder: Path) -> None:
        """Watch a folder with all that it holds, in place of another."""
        self.stop()
        self._folder = folder
        words = tr("Watching {folder}: sound files that come into it are analysed.", folder=folder)
        self._notice.show_message(words, Severity.INFO, actions=(STOP_WATCHING,))
        self.look()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._timer.stop()
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)
        self._folder = None
        self._known.clear()
        self._growing.clear()

    def look(self) -> None:
        """Tell of the files that have come and are whole."""
        if self._folder is None:
            return
        came, growing = [], {}
        for path, size in self._found(self._folder):
            if path in self._known:
                continue
            if self._growing.get(path) == size:
                self._known.add(path)
                came.append(path)
            else:
                growing[path] = size
        self._growing = growing
        if growing:
            self._timer.start()
        if came:
            self.files_came.emit(sorted(came))

    def _found(self, folder: Path) -> Iterator[tuple[Path, _Size]]:
        for name, _, files in os.walk(folder):
            if name not in self._watcher.directories():
                self._watcher.addPath(name)
            for file in files:
                path = Path(name, file)
                if path.suffix.lower() not in AUDIO_SUFFIXES:
                    continue
                try:
                    state = path.stat()
                except OSError as error:
                    logger.info("not looked at: %s", error)
                    continue
                if state.st_size and not file.startswith("."):
                    yield path, (state.st_size, state.st_mtime_ns)

    def _on_notice(self, action: str) -> None:
        if action == STOP_WATCHING:
            self.stop()
            self._notice.clear()
