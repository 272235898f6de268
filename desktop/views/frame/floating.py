"""Notices that lie over a view, so that nothing moves under the pointer as they come and go."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

_MARGIN_PX, _BETWEEN_PX = 10, 8


class FloatingNotices(QWidget):
    """Keeps notices along the lower edge of a view.

    Parameters
    ----------
    notices : sequence of QWidget
        Come and go as they like; hidden ones take no room.
    parent : QWidget
        What the views lie in too; a picture of one of them shows no notice.
    """

    def __init__(self, notices: Sequence[QWidget], *, parent: QWidget) -> None:
        super().__init__(parent)
        self._over: tuple[QWidget, ...] = ()
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(_BETWEEN_PX)
        for notice in notices:
            self._room.addWidget(notice)

    def lie_over(self, *views: QWidget) -> None:
        """Lie over the first of `views` that is on screen, from now on."""
        for view in self._over:
            view.removeEventFilter(self)
        self._over = views
        for view in views:
            view.installEventFilter(self)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Take the room that the notices need now (Qt's hook)."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the view (Qt's hook)."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None or not self._over:
            return
        over = next((view for view in self._over if view.isVisible()), self._over[-1])
        corner = over.mapTo(parent, QPoint(_MARGIN_PX, over.height() - _MARGIN_PX))
        width = max(0, over.width() - 2 * _MARGIN_PX)
        height = self._room.totalHeightForWidth(width)
        if height < 0:
            height = self._room.totalSizeHint().height()
        self.setGeometry(corner.x(), corner.y() - height, width, height)
        self.raise_()
