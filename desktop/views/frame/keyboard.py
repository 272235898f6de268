"""The keys of the window at work: shortcuts that follow the user's choice, buttons that listen."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut

_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = (*_PRESS, Qt.Key.Key_Space)


class Keyboard(QObject):
    """Owns the window's shortcuts.

    Parameters
    ----------
    window : QWidget
    keys : KeyMap
    actions : mapping
        What each shortcut does.
    """

    def __init__(
        self, window: QWidget, keys: KeyMap, actions: Mapping[Shortcut, Callable[[], object]]
    ) -> None:
        super().__init__(window)
        self._keys = keys
        self._made: dict[Shortcut, QShortcut] = {}
        for shortcut in Shortcut:
            made = QShortcut(window)
            made.activated.connect(actions[shortcut])
            self._made[shortcut] = made
        self._buttons = ButtonKeys(self)
        self.follow_keys()

    def follow_keys(self) -> None:
        """Take the keys that the map has now."""
        for shortcut, made in self._made.items():
            made.setKey(QKeySequence(self._keys.keys(shortcut)))


class ButtonKeys(QObject):
    """Return and Space press the button that has the focus, before they mean anything else.

    It listens to the focused widget only: listening to everything would cost every frame.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:  # noqa: ARG002
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = new if isinstance(new, QAbstractButton | QComboBox) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep these keys for the button (Qt's hook)."""
        if not isinstance(event, QKeyEvent) or event.key() not in _OWN_KEYS:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and event.key() in _PRESS:
            _press(watched)
            return True
        return False


def _press(widget: QObject) -> None:
    if isinstance(widget, QComboBox):
        widget.showPopup()
    elif isinstance(widget, QAbstractButton):
        widget.click()
