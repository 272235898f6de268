"""A strip that tells of trouble without standing in the way."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget


class Severity(StrEnum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Banner(QFrame):
    """One message with optional buttons; a new message replaces the old one.

    A message that the user has closed stays away until another one is shown.
    """

    action_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._closed_text = ""
        self._actions: tuple[str, ...] = ()
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.close_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._label, 1)
        row.addLayout(self._buttons)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, empty when hidden."""
        return self._label.text() if not self.isHidden() else ""

    @property
    def actions_offered(self) -> tuple[str, ...]:
        """The texts of the buttons."""
        return self._actions

    def show_message(self, text: str, severity: Severity, *, actions: tuple[str, ...] = ()) -> None:
        """Show `text` with a button for each of `actions`, the first one emphasised."""
        if text == self._closed_text or (text == self.text and actions == self._actions):
            return
        self._closed_text = ""
        self._label.setText(text)
        self.setAccessibleName(text)
        self._set_actions(actions)
        self.setProperty("severity", str(severity))
        # Qt looks at properties in style sheets only when the style is set anew.
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def clear(self) -> None:
        """Take the message away; the same one may come again."""
        self._closed_text = ""
        self.hide()

    def close_message(self) -> None:
        """Take the message away for good, as its close button does."""
        self._closed_text = self._label.text()
        self.hide()

    def _set_actions(self, actions: tuple[str, ...]) -> None:
        self._actions = actions
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, text in enumerate(actions):
            button = QPushButton(text)
            button.setObjectName("primary" if number == 0 else "")
            button.clicked.connect(lambda _=False, text=text: self.action_chosen.emit(text))
            self._buttons.addWidget(button)
