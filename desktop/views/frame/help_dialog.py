"""The list of keys."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from timbrescope.desktop.views.frame.scrolled import scrolled
from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut
from timbrescope.desktop.views.style.theme import TITLE, scaled_font
from timbrescope.desktop.views.words.catalogue import mark, tr

_WORDS = mark(
    "Cool colours are the sound. Warm colours are the evidence: where in time and pitch the "
    "model found what speaks for the instrument. The frame marks the 3 seconds being explained. "
    "Side by side, what most models say is filled, what one says against them is outlined, and a "
    "guess that goes with them is dashed. Nothing that is heard leaves this machine."
)


class HelpDialog(QDialog):
    """Tells what the keys do and how to read the picture; it blocks nothing."""

    diagnostics_wanted = Signal()

    def __init__(self, keys: KeyMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Timbrescope: help"))
        title = QLabel(tr("Keys and pedals"))
        title.setFont(scaled_font(TITLE, bold=True))
        self._keys = keys
        self._labels: dict[Shortcut, QLabel] = {}
        rows = QGridLayout()
        rows.setHorizontalSpacing(28)
        rows.setVerticalSpacing(6)
        for row, shortcut in enumerate(Shortcut):
            key = QLabel()
            key.setFont(scaled_font(1.0, bold=True))
            self._labels[shortcut] = key
            rows.addWidget(key, row, 0)
            rows.addWidget(QLabel(shortcut.purpose), row, 1)
        rows.setColumnStretch(1, 1)
        words = QLabel(tr(_WORDS))
        words.setWordWrap(True)
        words.setObjectName("muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        copy = buttons.addButton(tr("Copy diagnostics"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setToolTip(tr("Versions, devices and how listening goes: for a report of a fault"))
        copy.clicked.connect(self.diagnostics_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(16)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 12, 0)
        inner.setSpacing(16)
        inner.addLayout(rows)
        inner.addWidget(words)
        inner.addStretch(1)
        column.addWidget(title)
        column.addWidget(scrolled(page), 1)
        column.addWidget(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setMinimumWidth(rows.sizeHint().width() + 120)
        # As high as all of it, if the screen is.
        whole = page.sizeHint().height() + 160
        self.resize(self.minimumWidth(), min(whole, self.screen().availableSize().height() - 48))
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that the map has now."""
        for shortcut, label in self._labels.items():
            keys = QKeySequence(self._keys.keys(shortcut))
            label.setText(keys.toString(QKeySequence.SequenceFormat.NativeText) or "–")
