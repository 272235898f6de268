"""How large the window is at first: as large as is pleasant, never larger than the screen."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget

_PLEASANT = QSize(1280, 800)
# What a window manager puts round a window; it is not known before the window is shown.
_FRAME = QSize(4, 36)


def first_size(available: QSize) -> QSize:
    """Return the size of the first window where `available` is free, in logical pixels."""
    return _PLEASANT.boundedTo(available - _FRAME)


def fit_to_screen(window: QWidget, screen: QScreen | None = None) -> None:
    """Bring a window whose place was remembered back onto a screen that has become smaller."""
    screen = screen or window.screen()
    free: QRect = screen.availableGeometry()
    if window.width() > free.width() or window.height() > free.height():
        window.resize(first_size(free.size()))
    if not free.contains(window.frameGeometry()):
        window.move(free.topLeft())
