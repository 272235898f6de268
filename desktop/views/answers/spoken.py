"""What screen readers get: announcements of the answer, and a value for each bar."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have a text read aloud without moving the focus, if anybody listens."""
    if QAccessible.isActive() and text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class SpokenBar(QProgressBar):
    """Says what a drawn bar says; it draws nothing itself and takes no clicks."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setRange(0, 100)
        self.setAccessibleName(name)
        # A new value must not make the bars below it be drawn anew.
        self.setUpdatesEnabled(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw nothing (Qt's hook)."""


class SpokenBars:
    """A `SpokenBar` over each drawn one, in the order in which they are drawn."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        self._bars = [SpokenBar(name, parent) for name in names]

    @property
    def values(self) -> dict[str, int]:
        """Names and per cent, as they are read."""
        return {bar.accessibleName(): bar.value() for bar in self._bars}

    def place(self, number: int, area: QRectF) -> None:
        """Say where a bar is drawn: magnifiers and touch readers go by it."""
        self._bars[number].setGeometry(area.toAlignedRect())

    def tell(self, number: int, percent: int) -> None:
        """Take a new value."""
        if self._bars[number].value() != percent:
            self._bars[number].setValue(percent)
