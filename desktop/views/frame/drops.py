"""Files dragged onto the window: which they are, the sheet that invites them, and the drop."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from timbrescope.desktop.views.style.theme import TITLE, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Return the local files and folders that a drag carries (``text/uri-list``)."""
    if not mime.hasUrls():
        return []
    names = (url.toLocalFile() for url in mime.urls() if url.isLocalFile())
    return [Path(name) for name in names if name]


def take_as_copy(event: QDropEvent) -> None:
    """Accept a drag or drop as a copy, whatever was proposed.

    A file manager that is told *move* deletes the files: for it they have gone elsewhere. One
    that offers nothing but a move is told that nothing was done with them.
    """
    copies = bool(event.possibleActions() & Qt.DropAction.CopyAction)
    event.setDropAction(Qt.DropAction.CopyAction if copies else Qt.DropAction.IgnoreAction)
    event.accept()


class DropSheet(QWidget):
    """A sheet over the window while files hover above it."""

    def __init__(self, colours: Colours, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours = colours
        # The window below keeps getting the drag's events.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours

    def cover(self) -> None:
        """Show the sheet over all of its parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the sheet (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self._colours.window)
        veil.setAlphaF(0.86)
        painter.fillRect(self.rect(), veil)
        pen = QPen(QColor(self._colours.accent), 3.0, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(24, 24, -24, -24), 16, 16)
        painter.setFont(scaled_font(TITLE, bold=True))
        painter.setPen(QColor(self._colours.text))
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Drop to find out which instruments play")
        )
        painter.end()


class DropWindow(QMainWindow):
    """A window on which files and folders may be dropped anywhere."""

    paths_dropped = Signal(list)

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._sheet = DropSheet(colours, self)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the drop sheet over everything (Qt's hook)."""
        super().resizeEvent(event)
        if self._sheet.isVisible():
            self._sheet.cover()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Invite files and folders (Qt's hook)."""
        if dropped_paths(event.mimeData()):
            take_as_copy(event)
            self._sheet.cover()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        """Keep saying that a copy is wanted (Qt's hook)."""
        if dropped_paths(event.mimeData()):
            take_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002, N802
        """Take the sheet away (Qt's hook)."""
        self._sheet.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Take the files (Qt's hook)."""
        self._sheet.hide()
        if paths := dropped_paths(event.mimeData()):
            take_as_copy(event)
            self.paths_dropped.emit(paths)
