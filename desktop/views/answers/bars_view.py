"""A bar for each of the 28 classes and one for none of them, in an order that never changes."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.views.answers.spoken import SpokenBars
from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.style.theme import BODY, CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.instruments import INSTRUMENTS, NAMES, index_of

_FAMILY_ORDER = ("Strings", "Woodwind", "Brass", "Free reed", "Keys", "Percussion")

# Class indices, top to bottom: families stay together, alphabetical within.
ROWS: tuple[int, ...] = tuple(
    sorted(
        range(len(NAMES)),
        key=lambda index: (_FAMILY_ORDER.index(INSTRUMENTS[index].family), NAMES[index]),
    )
)
# Below all families: what is none of them.
NONE_OF_THEM = len(NAMES)
BARS: tuple[int, ...] = (*ROWS, NONE_OF_THEM)
_NONE_NAME, _NONE_COLOUR = mark("None of the 28"), "#8a8f98"
_FAMILY_STARTS = frozenset(
    row
    for row in range(1, len(ROWS))
    if INSTRUMENTS[ROWS[row]].family != INSTRUMENTS[ROWS[row - 1]].family
) | {len(ROWS)}

_GAPS_BEFORE = tuple(sum(start <= row for start in _FAMILY_STARTS) for row in range(len(BARS)))
_ROW_OF = {index: row for row, index in enumerate(BARS)}

# Time in which a bar covers 63 % of the way to a new value.
_EASE_S = 0.09
_SETTLED = 5e-4
# Smaller differences than this share of a bar cannot be seen.
_STEPS = 400
_GAP_SHARE = 0.45
_TYPE_SHARE = 0.7
_SMALLEST_TYPE, _LARGEST_TYPE = 0.7, 1.35
_RULED_OUT_OPACITY = 0.35


def _name(index: int) -> str:
    return tr(_NONE_NAME if index == NONE_OF_THEM else NAMES[index])


def _widest(metrics: QFontMetricsF) -> float:
    """Return the room that the longest name and its figure take."""
    return max(metrics.horizontalAdvance(f"{_name(index)} 100 %") for index in ROWS)


def _colour(index: int) -> str:
    return _NONE_COLOUR if index == NONE_OF_THEM else INSTRUMENTS[index].colour


class BarsView(QWidget):
    """The probabilities of all classes; a click picks the class whose evidence is shown.

    The view owns no timer: `advance` moves the bars towards their values.
    """

    class_chosen = Signal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._target = np.zeros(len(BARS))
        self._shown = np.zeros(len(BARS))
        self._painted = np.zeros(len(BARS))
        self._best: int | None = None
        self._chosen: int | None = None
        self._hovered: int | None = None
        self._ruled_out: frozenset[int] = frozenset()
        self._measured: tuple[str, tuple[float, float]] | None = None
        self.spoken = SpokenBars([_name(index) for index in BARS], self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Probabilities of the instruments"))
        self.setToolTip(tr("Click an instrument to see its own evidence; click again for the best"))

    @property
    def chosen(self) -> int | None:
        """Class picked for its evidence, None for the best."""
        return self._chosen

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
        self._colours = colours
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
        before, self._target = self._target, np.nan_to_num(values)
        # The figures change at once, the bars on their way.
        for index in np.flatnonzero(np.rint(100 * before) != np.rint(100 * self._target)).tolist():
            self._show_figure(index)
        if best != self._best:
            self._best = best
            named = (
                f"{_name(best)} {percent(float(self._target[best]))}" if best is not None else ""
            )
            self.setAccessibleDescription(tr("Best: {answer}", answer=named) if named else "")
            self.update()

    def _show_figure(self, index: int) -> None:
        """Draw a row anew whose figure is another, and tell screen readers."""
        row = _ROW_OF[index]
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
        """Ask for a repaint of those rows whose bar or figure looks different now."""
        visible = np.rint(self._shown * _STEPS)
        for row, index in enumerate(BARS):
            if visible[index] != self._painted[index]:
                self.update(self.row_rect(row).toAlignedRect())

    def settle(self) -> None:
        """Show the newest values at once."""
        self._shown = self._target.copy()
        self.update()

    def choose(self, index: int | None) -> None:
        """Pick the class whose evidence is wanted; picking it again picks none."""
        if index == NONE_OF_THEM:
            return
        wanted = None if index == self._chosen else index
        if wanted != self._chosen:
            self._chosen = wanted
            self.update()
            self.class_chosen.emit(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what screen readers know in its place (Qt's hook)."""
        super().resizeEvent(event)
        for row in range(len(BARS)):
            self.spoken.place(row, self.row_rect(row))

    # -- geometry -------------------------------------------------------------------------

    def row_rect(self, row: int) -> QRectF:
        """Return the place of a row, counted from the top."""
        gaps = len(_FAMILY_STARTS) * _GAP_SHARE
        height = self.height() / (len(BARS) + gaps)
        return QRectF(0.0, (row + _GAPS_BEFORE[row] * _GAP_SHARE) * height, self.width(), height)

    def row_at(self, y: float) -> int | None:
        """Return the row at a height, None between families."""
        return next(
            (
                r
                for r in range(len(BARS))
                if self.row_rect(r).top() <= y < self.row_rect(r).bottom()
            ),
            None,
        )

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
        # The type follows the rows' height, within bounds.
        fitting = (
            self.row_rect(0).height() * _TYPE_SHARE / QFontMetricsF(scaled_font(BODY)).height()
        )
        scale = round(min(_LARGEST_TYPE, max(_SMALLEST_TYPE, fitting)), 1)
        font, bold = scaled_font(scale), scaled_font(scale, bold=True)
        names_width, figure_width = self._widths(bold)
        for row, index in enumerate(BARS):
            if not event.region().intersects(self.row_rect(row).toAlignedRect()):
                continue
            self._painted[index] = round(self._shown[index] * _STEPS)
            painter.setFont(bold if index == self._best else font)
            painter.setOpacity(_RULED_OUT_OPACITY if index in self._ruled_out else 1.0)
            self._draw_row(painter, row, index, names_width, figure_width)
        painter.setOpacity(1.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.accent), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _widths(self, font: QFont) -> tuple[float, float]:
        """Return the room that names and figures take; measured once for each type."""
        if self._measured is None or self._measured[0] != font.key():
            metrics = QFontMetricsF(font)
            names = max(metrics.horizontalAdvance(_name(index)) for index in BARS)
            self._measured = (font.key(), (names, metrics.horizontalAdvance(percent(1.0))))
        return self._measured[1]

    def _draw_row(
        self, painter: QPainter, row: int, index: int, names_width: float, figure_width: float
    ) -> None:
        rect = self.row_rect(row)
        pad = rect.height() * 0.35
        self._draw_ground(painter, rect, index)
        is_best = index == self._best
        value, figure_of = float(self._shown[index]), float(self._target[index])
        strong = is_best or index == self._chosen or value >= 0.10
        painter.setPen(QColor(self._colours.text if strong else self._colours.muted))
        name = QRectF(rect.left() + pad, rect.top(), names_width, rect.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, _name(index))
        figure = QRectF(rect.right() - figure_width - pad, rect.top(), figure_width, rect.height())
        if round(100 * figure_of) > 0:
            painter.drawText(
                figure,
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                percent(figure_of),
            )
        track = QRectF(QPointF(name.right() + pad, 0), QPointF(figure.left() - pad, 0))
        thickness = rect.height() * (0.62 if is_best else 0.46)
        track.setHeight(thickness)
        track.moveTop(rect.center().y() - thickness / 2)
        self._draw_bar(painter, track, value, _colour(index))

    def _draw_ground(self, painter: QPainter, rect: QRectF, index: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if index == self._best or index == self._hovered:
            painter.setBrush(QColor(self._colours.raised))
            painter.drawRoundedRect(rect.adjusted(0, 0.5, 0, -0.5), 4, 4)
        if index == self._chosen:
            painter.setPen(QColor(self._colours.evidence))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 0.5, -1, -0.5), 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)

    def _draw_bar(self, painter: QPainter, track: QRectF, value: float, colour: str) -> None:
        if track.width() <= 0:
            return
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        empty = QColor(self._colours.line)
        empty.setAlphaF(0.55)
        painter.setBrush(empty)
        painter.drawRoundedRect(track, radius, radius)
        if round(100 * value) == 0:
            return
        filled = QRectF(track)
        # One per cent still shows, as a dot.
        filled.setWidth(max(track.height(), track.width() * min(1.0, value)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(filled, radius, radius)

    # -- input ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the class under the pointer (Qt's hook)."""
        row = self.row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            self.choose(BARS[row])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Highlight the row under the pointer (Qt's hook)."""
        row = self.row_at(event.position().y())
        self._hover(None if row is None else BARS[row])

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Highlight no row (Qt's hook)."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the pick with the arrow keys, drop it with Escape (Qt's hook)."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            row = ROWS.index(self._chosen) + step if self._chosen is not None else 0
            self.choose(ROWS[row % len(ROWS)])
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(self._chosen)
        else:
            super().keyPressEvent(event)
