"""What a file manager is told about a drop: never that its files have moved away."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from timbrescope.desktop.views.frame.drops import DropWindow
from timbrescope.desktop.views.style.theme import DARK

MOVE, COPY, LINK = Qt.DropAction.MoveAction, Qt.DropAction.CopyAction, Qt.DropAction.LinkAction


class FileManager:
    """Drags a file as file managers do, and deletes it if it is told that it was moved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mime = QMimeData()
        self.mime.setUrls([QUrl.fromLocalFile(str(path))])

    def drop_on(self, window: DropWindow, *, offered: Qt.DropAction) -> None:
        where, button = QPoint(60, 60), Qt.MouseButton.LeftButton
        plain = Qt.KeyboardModifier.NoModifier
        handle = window.windowHandle()
        enter = QDragEnterEvent(where, offered, self.mime, button, plain)
        QApplication.sendEvent(handle, enter)
        move = QDragMoveEvent(where, offered, self.mime, button, plain)
        QApplication.sendEvent(handle, move)
        drop = QDropEvent(where.toPointF(), offered, self.mime, button, plain)
        QApplication.sendEvent(handle, drop)
        told = [event.dropAction() for event in (enter, move, drop) if event.isAccepted()]
        if MOVE in told:
            self.path.unlink()


@pytest.mark.parametrize(
    "offered", [MOVE, COPY, LINK, MOVE | COPY], ids=["move", "copy", "link", "move or copy"]
)
def test_a_dropped_recording_stays_where_it_is(
    qtbot: QtBot, tmp_path: Path, offered: Qt.DropAction
) -> None:
    recording = tmp_path / "only take.wav"
    recording.write_bytes(b"RIFF")
    window = DropWindow(DARK)
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    with qtbot.waitSignal(window.paths_dropped, timeout=1000) as told:
        FileManager(recording).drop_on(window, offered=offered)
    assert told.args == [[recording]]
    assert recording.exists()
