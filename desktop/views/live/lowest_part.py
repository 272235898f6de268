"""The lowest part of a presentation: the three best, and the level while there are none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from timbrescope.desktop.views.answers.top_bars import TopBars
from timbrescope.desktop.views.live.level_meter import LevelMeter

# A pause between two notes is no reason to change what is shown.
EMPTY_FOR_S = 1.0
# The meter's type beside that of the bars: it has more lines.
_METER_SHARE = 0.72


class LowestPart(QWidget):
    """Keeps its room, whichever of the two it shows: the picture above must not jump.

    Parameters
    ----------
    bars, meter
        Lent to it from `begin` to `end`.
    """

    def __init__(self, bars: TopBars, meter: LevelMeter, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._bars, self._meter = bars, meter
        self._empty_s = 0.0
        self._beside = QWidget()
        column = QVBoxLayout(self._beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._layout = QStackedLayout(self)
        self._layout.addWidget(self._beside)

    def begin(self) -> None:
        """Take the bars and the meter."""
        self._layout.addWidget(self._bars)
        column = self._beside.layout()
        if column is not None:
            column.addWidget(self._meter)
        self._meter.show()
        # What is not to be seen at once gives way at once.
        self._empty_s = EMPTY_FOR_S
        self.advance(0.0)

    def end(self) -> None:
        """Give them back; whoever takes them shows them."""
        self._layout.removeWidget(self._bars)
        column = self._beside.layout()
        if column is not None:
            column.removeWidget(self._meter)

    def set_scale(self, scale: float) -> None:
        """Set the type of the bars, as a multiple of the body's."""
        self._bars.set_scale(scale)
        self._meter.set_type(_METER_SHARE * scale)

    def advance(self, elapsed_s: float) -> None:
        """Show the bars as soon as there are any, and the level once there have been none."""
        self._empty_s = 0.0 if self._bars.lines else self._empty_s + elapsed_s
        shown = self._beside if self._empty_s >= EMPTY_FOR_S else self._bars
        if self._layout.currentWidget() is not shown:
            self._layout.setCurrentWidget(shown)
