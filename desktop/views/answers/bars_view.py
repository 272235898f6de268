"""A bar for each of the 28 classes and one for none of them, in an order that never changes."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.views.answers.bar_rows import (
    BARS,
    ROW_OF,
    ROWS,
    RowPlaces,
    row_name,
)
from timbrescope.desktop.views.answers.bars_drawing import (
    STRONG_FROM,
    Row,
    RowStyle,
    aligned,
    draw_row,
)
from timbrescope.desktop.views.answers.picked_class import PickedClass
from timbrescope.desktop.views.answers.spoken import SpokenBars
from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.style.theme import BODY, CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.instruments import NAMES, index_of

# Time in which a bar covers 63 % of the way to a new value.
_EASE_S = 0.09
_SETTLED = 5e-4
# Smaller differences than this share of a bar cannot be seen.
_STEPS = 400


def _widest(metrics: QFontMetricsF) -> float:
    """Return the room that the longest name and its figure take."""
    return max(metrics.horizontalAdvance(f"{row_name(index)} 100 %") for index in ROWS)


class BarsView(PickedClass):
    """The probabilities of all classes; a click picks the class whose evidence is shown.

    The view owns no timer: `advance` moves the bars towards their values.
    """

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._target = np.zeros(len(BARS))
        self._shown = np.zeros(len(BARS))
        self._painted = np.zeros(len(BARS))
        self._best: int | None = None
        self._ruled_out: frozenset[int] = frozenset()
        self._style: tuple[RowPlaces, RowStyle] | None = None
        self.spoken = SpokenBars([row_name(index) for index in BARS], self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Probabilities of the instruments"))
        self.setToolTip(tr("Click an instrument to see its own evidence; click again for the best"))

    @property
    def values(self) -> NDArray[np.float64]:
        """The probabilities as drawn now, shape (28,), in class order."""
        return self._shown[: len(NAMES)].copy()

    @property
    def figures(self) -> NDArray[np.float64]:
        """What the figures beside the bars say, shape (29,), none of the 28 at the end."""
        return self._target.copy()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours, self._style = colours, None
        self.update()

    def show_probabilities(
        self,
        probabilities: NDArray[np.float32],
        *,
        best: int | None,
        none_of_them: float = 0.0,
    ) -> None:
        """Take new values (28,), and that of none of the 28.

        `best` is the class to highlight (28 for none of them), None for none.
        """
        values = np.append(np.asarray(probabilities, dtype=np.float64), none_of_them)
        if best == self._best and np.array_equal(values, self._target):
            return
        before, self._target = self._target, np.nan_to_num(values)
        # The figures change at once, the bars on their way.
        for index in np.flatnonzero(np.rint(100 * before) != np.rint(100 * self._target)).tolist():
            self._show_figure(index)
        if best != self._best:
            self._best = best
            named = (
                f"{row_name(best)} {percent(float(self._target[best]))}" if best is not None else ""
            )
            self.setAccessibleDescription(tr("Best: {answer}", answer=named) if named else "")
            self.update()

    def _show_figure(self, index: int) -> None:
        """Draw a row anew whose figure is another, and tell screen readers."""
        row = ROW_OF[index]
        self.update(self.row_rect(row).toAlignedRect())
        self.spoken.tell(row, round(100 * float(self._target[index])))

    def show_only(self, names: Sequence[str]) -> None:
        """Draw what cannot be playing more faintly; it can be anything if there are no names."""
        kept = {index_of(name) for name in names} or set(range(len(NAMES)))
        self._ruled_out = frozenset(range(len(NAMES))) - kept
        self.update()

    def advance(self, elapsed_s: float) -> None:
        """Move the bars on by `elapsed_s` seconds."""
        way = self._target - self._shown
        if not way.any():
            return
        if np.abs(way).max() < _SETTLED:
            self._shown = self._target.copy()
        else:
            self._shown += way * (1.0 - math.exp(-elapsed_s / _EASE_S))
        self._update_moved()

    def _update_moved(self) -> None:
        """Ask for a repaint of those bars that look different now."""
        style, places = self._row_style(), self._places
        for index in np.flatnonzero(np.rint(self._shown * _STEPS) != self._painted).tolist():
            rect = places.rect(ROW_OF[index])
            # What is stronger than a trace is also named more strongly.
            was_strong = self._painted[index] >= STRONG_FROM * _STEPS
            renamed = was_strong != (self._shown[index] >= STRONG_FROM)
            self.update(aligned(rect if renamed else style.track(rect)))

    def settle(self) -> None:
        """Show the newest values at once."""
        self._shown = self._target.copy()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what screen readers know in its place (Qt's hook)."""
        super().resizeEvent(event)
        for row in range(len(BARS)):
            self.spoken.place(row, self.row_rect(row))

    # -- geometry -------------------------------------------------------------------------

    def row_rect(self, row: int) -> QRectF:
        """Return the place of a row, counted from the top."""
        return self._places.rect(row)

    def _row_style(self) -> RowStyle:
        """Return type and columns; measured once for each size."""
        places = self._places
        if self._style is None or self._style[0] != places:
            self._style = (places, RowStyle(places.width, places.row_height))
        return self._style[1]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the longest name, a bar and the figure."""
        metrics = QFontMetricsF(scaled_font(BODY))
        return QSize(round(_widest(metrics) * 2.3), 560)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room in which all rows can be read."""
        metrics = QFontMetricsF(scaled_font(CAPTION))
        return QSize(round(_widest(metrics) * 1.9), 224)

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows that have changed (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, places, region = self._row_style(), self._places, event.region()
        for number, index in enumerate(BARS):
            rect = places.rect(number)
            if region.intersects(aligned(rect)):
                self._painted[index] = round(self._shown[index] * _STEPS)
                row = self._row(index)
                draw_row(painter, rect, row, style=style, colours=self._colours, region=region)
        painter.setOpacity(1.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.accent), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _row(self, index: int) -> Row:
        return Row(
            index,
            float(self._shown[index]),
            float(self._target[index]),
            is_best=index == self._best,
            is_chosen=index == self._chosen,
            is_hovered=index == self._hovered,
            is_ruled_out=index in self._ruled_out,
        )
