"""How a row of the bars is drawn: name, bar, figure."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QRegion

from timbrescope.desktop.views.answers.bar_rows import BARS, row_colour, row_name
from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.style.labels import draw_label
from timbrescope.desktop.views.style.theme import BODY, Colours, scaled_font

_TYPE_SHARE = 0.7
_SMALLEST_TYPE, _LARGEST_TYPE = 0.7, 1.35
_PAD_SHARE = 0.35
# So much of the width belongs to the bars and what is left free, whatever the type.
_BAR_SHARE = 0.4
_BEST_THICKNESS, _THICKNESS = 0.62, 0.46
# From here on a row is written strongly.
STRONG_FROM = 0.10
_RULED_OUT_OPACITY = 0.35


@dataclass(frozen=True)
class Row:
    """What a row shows.

    Attributes
    ----------
    index : int
        Class, 28 for none of them.
    value : float
        Where the bar is on its way, 0 to 1.
    figure : float
        What is written, 0 to 1.
    is_best, is_chosen, is_hovered, is_ruled_out : bool
    """

    index: int
    value: float
    figure: float
    is_best: bool
    is_chosen: bool
    is_hovered: bool
    is_ruled_out: bool


class RowStyle:
    """The type and the columns of rows of one size."""

    def __init__(self, width: float, row_height: float) -> None:
        # The type follows the rows' height, within bounds, and leaves room for the bars.
        by_height = row_height * _TYPE_SHARE / QFontMetricsF(scaled_font(BODY)).height()
        by_width = width * (1.0 - _BAR_SHARE) / sum(_widths(scaled_font(BODY, bold=True)))
        fitting = min(by_height, by_width)
        scale = round(min(_LARGEST_TYPE, max(_SMALLEST_TYPE, fitting)), 1)
        self.font, self.bold = scaled_font(scale), scaled_font(scale, bold=True)
        self._pad = row_height * _PAD_SHARE
        self._names, self._figures = _widths(self.bold)

    def name(self, rect: QRectF) -> QRectF:
        """Return where a row's name stands."""
        return QRectF(rect.left() + self._pad, rect.top(), self._names, rect.height())

    def figure(self, rect: QRectF) -> QRectF:
        """Return where a row's figure stands."""
        left = rect.right() - self._figures - self._pad
        return QRectF(left, rect.top(), self._figures, rect.height())

    def track(self, rect: QRectF) -> QRectF:
        """Return the column in which a row's bar lies."""
        left, right = self.name(rect).right() + self._pad, self.figure(rect).left() - self._pad
        return QRectF(left, rect.top(), right - left, rect.height())


def _widths(font: QFont) -> tuple[float, float]:
    """Return the room that names and figures take."""
    metrics = QFontMetricsF(font)
    names = max(metrics.horizontalAdvance(row_name(index)) for index in BARS)
    return names, metrics.horizontalAdvance(percent(1.0))


def draw_row(
    painter: QPainter,
    rect: QRectF,
    row: Row,
    *,
    style: RowStyle,
    colours: Colours,
    region: QRegion,
) -> None:
    """Draw those parts of a row that lie in `region`."""
    painter.setOpacity(_RULED_OUT_OPACITY if row.is_ruled_out else 1.0)
    _draw_ground(painter, rect, row, colours=colours)
    painter.setFont(style.bold if row.is_best else style.font)
    strong = row.is_best or row.is_chosen or row.value >= STRONG_FROM
    painter.setPen(QColor(colours.text if strong else colours.muted))
    name, figure = style.name(rect), style.figure(rect)
    if region.intersects(aligned(name)):
        draw_label(painter, name, row_name(row.index))
    if round(100 * row.figure) > 0 and region.intersects(aligned(figure)):
        draw_label(painter, figure, percent(row.figure), at=Qt.AlignmentFlag.AlignRight)
    track = style.track(rect)
    thickness = rect.height() * (_BEST_THICKNESS if row.is_best else _THICKNESS)
    track.setHeight(thickness)
    track.moveTop(rect.center().y() - thickness / 2)
    _draw_bar(painter, track, row, colours=colours)


def aligned(rect: QRectF) -> QRect:
    """Return the whole pixels that a place touches."""
    return rect.toAlignedRect()


def _draw_ground(painter: QPainter, rect: QRectF, row: Row, *, colours: Colours) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if row.is_best or row.is_hovered:
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(rect.adjusted(0, 0.5, 0, -0.5), 4, 4)
    if row.is_chosen:
        painter.setPen(QColor(colours.evidence))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 0.5, -1, -0.5), 4, 4)


def _draw_bar(painter: QPainter, track: QRectF, row: Row, *, colours: Colours) -> None:
    if track.width() <= 0:
        return
    radius = track.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    empty = QColor(colours.line)
    empty.setAlphaF(0.55)
    painter.setBrush(empty)
    painter.drawRoundedRect(track, radius, radius)
    if round(100 * row.value) == 0:
        return
    # One per cent still shows, as a dot.
    length = max(track.height(), track.width() * min(1.0, row.value))
    filled = QRectF(track.topLeft(), QPointF(track.left() + length, track.bottom()))
    painter.setBrush(QColor(row_colour(row.index)))
    painter.drawRoundedRect(filled, radius, radius)
