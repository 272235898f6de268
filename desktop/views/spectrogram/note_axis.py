"""Axes of the spectrogram: hertz on one side, note names on the other, time below."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF

from timbrescope.desktop.views.answers.wording import clock
from timbrescope.desktop.views.spectrogram.mel_scale import Tick, hz_ticks, note_ticks
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font

_LINE_SPACING = 0.95
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


class PlainAxis(pg.AxisItem):
    """An axis without a line of its own, in the theme's small type unless told otherwise."""

    def __init__(self, orientation: str, colours: Colours) -> None:
        super().__init__(orientation)
        self.setStyle(tickLength=-4, tickTextOffset=4, autoExpandTextSpace=False)
        # It would write the axis' name anew at every move, though there is none.
        self.enableAutoSIPrefix(False)
        self._type = CAPTION
        self.set_colours(colours)

    def set_type(self, scale: float) -> None:
        """Write in type of a multiple of the body's."""
        self._type = scale
        font = scaled_font(scale)
        self.setTickFont(font)
        metrics = QFontMetricsF(font)
        if self.orientation in ("left", "right"):
            self.setWidth(metrics.horizontalAdvance("6 k 0") + 10)
        else:
            self.setHeight(metrics.height() + 8)
        # pyqtgraph keeps the labels drawn until the range changes.
        self.picture = None
        self.update()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        # The system's type may have changed with them.
        self.set_type(self._type)
        self.setPen(pg.mkPen(colours.faint))
        self.setTextPen(pg.mkPen(colours.muted))


class FrequencyAxis(PlainAxis):
    """Labels at their place on the mel scale, in Hz or as note names.

    Parameters
    ----------
    orientation : {"left", "right"}
    colours : Colours
    notes : bool
        Note names instead of Hz.
    """

    def __init__(self, orientation: str, colours: Colours, *, notes: bool) -> None:
        self._notes = notes
        super().__init__(orientation, colours)

    def ticks(self, low: float, high: float, length: float) -> list[Tick]:
        """Return the labels that fit between two heights on an axis of `length` pixels."""
        line = QFontMetricsF(scaled_font(self._type)).height() * _LINE_SPACING
        gap = line * (high - low) / max(length, 1.0)
        found = note_ticks(gap=gap) if self._notes else hz_ticks(gap=gap)
        # A label that would stick out of the axis is left away rather than cut.
        return [tick for tick in found if low + gap / 2 <= tick.height <= high - gap / 2]

    def tickValues(  # noqa: N802 - pyqtgraph's name
        self, low: float, high: float, length: float
    ) -> list[tuple[float, list[float]]]:
        """Return where the labels stand (pyqtgraph's hook)."""
        self._texts = {tick.height: tick.text for tick in self.ticks(low, high, length)}
        return [(1.0, list(self._texts))]

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: Sequence[float], *_: float
    ) -> list[str]:
        """Return the labels at `values` (pyqtgraph's hook)."""
        return [self._texts.get(value, "") for value in values]


class TimeAxis(PlainAxis):
    """Seconds of the stream or file as m:ss.

    Attributes
    ----------
    origin_s : float
        What the axis' zero stands for, e.g. the start of a stretch in its file.
    """

    def __init__(self, orientation: str, colours: Colours) -> None:
        self._origin_s = 0.0
        super().__init__(orientation, colours)

    @property
    def origin_s(self) -> float:
        """What the axis' zero stands for."""
        return self._origin_s

    @origin_s.setter
    def origin_s(self, second: float) -> None:
        if second != self._origin_s:
            self._origin_s = second
            # pyqtgraph draws the labels anew only when the range changes, which it need not.
            self.picture = None
            self.update()

    def tickValues(  # noqa: N802 - pyqtgraph's name
        self, low: float, high: float, length: float
    ) -> list[tuple[float, list[float]]]:
        """Return whole seconds, as many as there is room for (pyqtgraph's hook)."""
        room = QFontMetricsF(scaled_font(self._type)).horizontalAdvance("00:00:00") * 1.5
        shortest = (high - low) * room / max(length, 1.0)
        step = next((step for step in _STEPS_S if step >= shortest), _STEPS_S[-1])
        first = max(0, int((low + self.origin_s) // step))
        last = int((high + self.origin_s) // step) + 1
        seconds = [at * step - self.origin_s for at in range(first, last)]
        return [(float(step), [at for at in seconds if low <= at <= high])]

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: Sequence[float], *_: float
    ) -> list[str]:
        """Return the labels at `values` (pyqtgraph's hook)."""
        return [clock(value + self.origin_s) for value in values]
