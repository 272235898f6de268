"""The list of keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from timbrescope.desktop.views.frame.shortcuts import Shortcut
from timbrescope.desktop.views.style.theme import TITLE, scaled_font

_WORDS = (
    "Cool colours are the sound. Warm colours are the evidence: where in time and pitch the "
    "model found what speaks for the instrument. The frame marks the 3 seconds being explained. "
    "Side by side, what most models say is filled, what one says against them is outlined, and a "
    "guess that goes with them is dashed. Nothing that is heard leaves this machine."
)


class HelpDialog(QDialog):
    """Tells what the keys do and how to read the picture; it blocks nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Timbrescope: help")
        title = QLabel("Keys")
        title.setFont(scaled_font(TITLE, bold=True))
        keys = QGridLayout()
        keys.setHorizontalSpacing(28)
        keys.setVerticalSpacing(8)
        for row, shortcut in enumerate(Shortcut):
            key = QLabel(shortcut.keys)
            key.setFont(scaled_font(1.0, bold=True))
            keys.addWidget(key, row, 0)
            keys.addWidget(QLabel(shortcut.purpose), row, 1)
        keys.setColumnStretch(1, 1)
        words = QLabel(_WORDS)
        words.setWordWrap(True)
        words.setObjectName("muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(16)
        column.addWidget(title)
        column.addLayout(keys)
        column.addWidget(words)
        column.addWidget(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setMinimumWidth(keys.sizeHint().width() + 120)
