"""Presentation: the live page alone, as large as a screen, for people at the back of the room."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow, QWidget

from timbrescope.desktop.views.frame.awake import KeepAwake


class Presentation(QObject):
    """Takes everything away but the page, and puts it back.

    Parameters
    ----------
    window : QMainWindow
    chrome : sequence of QWidget
        What is hidden meanwhile.
    screens : callable, optional
        Gives the screens there are; tests pass their own.
    """

    changed = Signal(bool)

    def __init__(
        self,
        window: QMainWindow,
        chrome: Sequence[QWidget],
        *,
        screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens,
    ) -> None:
        super().__init__(window)
        self._window, self._chrome, self._screens = window, chrome, screens
        self._awake = KeepAwake()
        self._hidden: list[QWidget] = []
        self._home: QScreen | None = None
        self._before = QByteArray()
        self._was_full = False
        self.is_on = False

    def toggle(self) -> None:
        """Begin, or end."""
        if self.is_on:
            self.end()
        else:
            self.begin()

    def begin(self) -> None:
        """Fill the second screen if there is one, else this one."""
        window = self._window
        self.is_on, self._was_full = True, window.isFullScreen()
        self._hidden = [widget for widget in self._chrome if not widget.isHidden()]
        for widget in self._hidden:
            widget.hide()
        self._home, self._before = window.screen(), window.saveGeometry()
        other = next((each for each in self._screens() if each is not self._home), None)
        if other is not None:
            window.showNormal()
            window.setScreen(other)
            window.move(other.geometry().topLeft())
        window.showFullScreen()
        window.setCursor(Qt.CursorShape.BlankCursor)
        self._awake.start()
        self.changed.emit(True)

    def end(self) -> None:
        """Put everything back where it was."""
        window = self._window
        self.is_on = False
        self._awake.stop()
        window.unsetCursor()
        for widget in self._hidden:
            widget.show()
        if self._home is not None and window.screen() is not self._home:
            window.showNormal()
            window.setScreen(self._home)
            # Place, size and whether it filled the screen: the second one may have been smaller.
            window.restoreGeometry(self._before)
        elif not self._was_full:
            window.showNormal()
        self.changed.emit(False)
