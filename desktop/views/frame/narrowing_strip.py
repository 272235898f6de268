"""A strip over both pages that says which limits answers have now; hidden without any."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.views.style.theme import BODY, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.instruments import NAMES

# More names than these would fill the line; how many there are says enough.
_MOST_NAMES = 6
# For an audience: the strip's width, in logical pixels, for each multiple of the body's type.
_PRESENTED_WIDTH = 680.0


def narrowing_words(narrowing: Narrowing) -> str:
    """Return the limits in words, empty without any."""
    said = []
    if 0 < len(narrowing.only) <= _MOST_NAMES:
        names = ", ".join(tr(name) for name in narrowing.only)
        said.append(tr("Only {names}", names=names))
    elif narrowing.only:
        said.append(
            tr("Only {count} of {all} instruments", count=len(narrowing.only), all=len(NAMES))
        )
    if narrowing.threshold is not None:
        share = f"{round(100 * narrowing.threshold)}\u202f%"
        said.append(tr("Named from {share} on", share=share))
    return " · ".join(said)


class NarrowingStrip(QFrame):
    """Says it in words; one button changes it, the other ends it."""

    change_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("narrowing")
        self._is_presenting = False
        self._words = QLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.change = QPushButton(tr("Change…"))
        self.change.clicked.connect(self.change_requested)
        self.end = QPushButton(tr("Remove the limits"))
        self.end.clicked.connect(self.end_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 6, 2)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self.change)
        row.addWidget(self.end)
        self.hide()

    @property
    def text(self) -> str:
        """What is said, empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_narrowing(self, narrowing: Narrowing) -> None:
        """Say what is in force."""
        words = narrowing_words(narrowing)
        self._words.setText(words)
        self._words.setToolTip(", ".join(tr(name) for name in narrowing.only))
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def set_presenting(self, presenting: bool) -> None:
        """Keep the words and hide the buttons while an audience watches."""
        self._is_presenting = presenting
        self.change.setVisible(not presenting)
        self.end.setVisible(not presenting)
        self._fit_type()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the words grow with the screen for an audience (Qt's hook)."""
        super().resizeEvent(event)
        self._fit_type()

    def _fit_type(self) -> None:
        scale = max(BODY, self.width() / _PRESENTED_WIDTH) if self._is_presenting else BODY
        self._words.setFont(scaled_font(scale))
