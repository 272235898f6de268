"""A page that is scrolled where the screen is too low for it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QScrollArea, QWidget


def scrolled(page: QWidget) -> QScrollArea:
    """Return `page` in an area that scrolls up and down only.

    The wheel scrolls it wherever the pointer is; a box that the pointer passes keeps its value.
    """
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    guard = _WheelGuard(area)
    for box in (*page.findChildren(QComboBox), *page.findChildren(QAbstractSpinBox)):
        # Otherwise the wheel would give it the focus.
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(guard)
    return area


class _WheelGuard(QObject):
    """Keeps the wheel from boxes that have not the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Hand the wheel on to the page (Qt's hook)."""
        if event.type() != QEvent.Type.Wheel:
            return False
        if isinstance(watched, QWidget) and watched.hasFocus():
            return False
        event.ignore()
        return True
