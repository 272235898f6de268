"""The buttons of the bar that open a menu: what to open, and how everything is dressed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from timbrescope.desktop.views.style.theme import Theme
from timbrescope.desktop.views.words.catalogue import tr


def tool_button(tip: str, *, name: str) -> QToolButton:
    """Return a button whose tip screen readers say; `name` is that of the style sheet."""
    return _named(QToolButton(), tip, name)


def _named(button: QToolButton, tip: str, name: str) -> QToolButton:
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


class OpenMenu(QToolButton):
    """Files, a folder, or a folder that is watched."""

    files_requested = Signal()
    folder_requested = Signal()
    watch_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _named(self, tr("Open sound files or a folder, or drop them anywhere"), "open")
        self.setText(tr("Open"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        for text, wanted in (
            (tr("Sound files…"), self.files_requested),
            (tr("A folder…"), self.folder_requested),
            (tr("Watch a folder…"), self.watch_requested),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, wanted=wanted: wanted.emit())
        self.setMenu(menu)


class ThemeMenu(QToolButton):
    """The themes there are, with a tick at the one in use."""

    theme_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _named(self, tr("Dark, light, or as the system"), "theme")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._actions = QActionGroup(self)
        for theme in Theme:
            action = QAction(theme.words, self)
            action.setCheckable(True)
            action.setData(str(theme))
            action.triggered.connect(lambda _=False, name=str(theme): self.theme_chosen.emit(name))
            self._actions.addAction(action)
            menu.addAction(action)
        self.setMenu(menu)

    def show_theme(self, name: str) -> None:
        """Tick the theme in use."""
        for action in self._actions.actions():
            action.setChecked(action.data() == name)
