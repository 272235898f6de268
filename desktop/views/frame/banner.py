"""A strip that tells of trouble without standing in the way."""

from enum import StrEnum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from timbrescope.desktop.views.words.catalogue import tr, translated

# Long enough to be read, and to reach a button.
BRIEF_MS = 8000


class Severity(StrEnum):
    """How bad it is; what is brief goes by itself."""

    BRIEF = "brief"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Banner(QFrame):
    """One message with optional buttons; a new message replaces the old one.

    A message that the user has closed stays away until another one is shown.
    """

    action_chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._closed_text = ""
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(BRIEF_MS)
        self._passing.timeout.connect(self._pass)
        self._actions: tuple[str, ...] = ()
        self._text = self._details = ""
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._more = QPushButton(tr("Details"))
        self._more.setCheckable(True)
        self._more.toggled.connect(self._write)
        self._more.hide()
        close = QToolButton()
        close.setText("×")
        close.setAutoRaise(True)
        close.setAccessibleName(tr("Close this message"))
        close.clicked.connect(self.close_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._label, 1)
        row.addWidget(self._more)
        row.addLayout(self._buttons)
        row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, empty when hidden."""
        return self._text if not self.isHidden() else ""

    @property
    def whole_text(self) -> str:
        """The message with what *Details* adds to it while that is pressed."""
        return self._label.text() if not self.isHidden() else ""

    @property
    def actions_offered(self) -> tuple[str, ...]:
        """The texts of the buttons."""
        return self._actions

    def show_message(
        self, text: str, severity: Severity, *, actions: tuple[str, ...] = (), details: str = ""
    ) -> None:
        """Show `text` with a button for each of `actions`, the first one emphasised.

        `details` are shown when the user asks for them.
        """
        text = translated(text)
        if severity is Severity.BRIEF:
            # What was done once may be done again: each time it is said.
            self._closed_text = ""
            self._passing.start()
        else:
            self._passing.stop()
        if text == self._closed_text:
            return
        if text == self.text and actions == self._actions:
            self._show_details(details)
            return
        self._closed_text = ""
        self._text = text
        self._more.setChecked(False)
        self._show_details(details)
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
        self._passing.stop()
        self.hide()

    def _pass(self) -> None:
        # Nothing goes from under the pointer.
        if self.underMouse() and not self.isHidden():
            self._passing.start()
        else:
            self.clear()

    def close_message(self) -> None:
        """Take the message away for good, as its close button does."""
        self._passing.stop()
        self._closed_text = self._text
        self.hide()
        self.closed.emit()

    def _show_details(self, details: str) -> None:
        self._details = details
        self._more.setVisible(bool(details))
        self._write()

    def _write(self) -> None:
        opened = self._more.isChecked() and self._details
        self._label.setText(f"{self._text}\n{self._details}" if opened else self._text)

    def _set_actions(self, actions: tuple[str, ...]) -> None:
        self._actions = actions
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, text in enumerate(actions):
            button = QPushButton(tr(text))
            button.setObjectName("primary" if number == 0 else "")
            button.clicked.connect(lambda _=False, text=text: self.action_chosen.emit(text))
            self._buttons.addWidget(button)
