"""A notice that lies over a view, so that nothing moves under the pointer as it comes and goes."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

_MARGIN_PX = 10


class FloatingNotice(QWidget):
    """Keeps a notice along the lower edge of a view.

    Parameters
    ----------
    notice : QWidget
        Comes and goes as it likes; hidden, it takes no room.
    over : QWidget
        Lies within `parent`.
    parent : QWidget
        What both are children of; a picture of a page of it shows no notice.
    """

    def __init__(self, notice: QWidget, *, over: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = over
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(notice)
        over.installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        """Take the room that the notice needs now (Qt's hook)."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the view (Qt's hook)."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Lie where the view ends."""
        parent, layout = self.parentWidget(), self.layout()
        if parent is None or layout is None:
            return
        corner = self._over.mapTo(parent, QPoint(_MARGIN_PX, self._over.height() - _MARGIN_PX))
        width = max(0, self._over.width() - 2 * _MARGIN_PX)
        height = layout.totalHeightForWidth(width)
        if height < 0:
            height = layout.totalSizeHint().height()
        self.setGeometry(corner.x(), corner.y() - height, width, height)
        self.raise_()
