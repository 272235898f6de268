"""Axes of the spectrogram: hertz on one side, note names on the other, time below."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from timbrescope.desktop.views.spectrogram.mel_scale import Tick, hz_ticks, note_ticks
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.style.labels import label_of
from timbrescope.desktop.views.style.theme import Colours, scaled_font
from timbrescope.models.frontend import MEL_BANDS
from timbrescope.models.times import clock

_LINE_SPACING = 0.95
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_TICK_PX = 4.0
# Between the picture's edge and a label.
_LABEL_GAP_PX = 4.0
_BESIDE_PX, _BELOW_PX = 10.0, 8.0
_ROUND_PX = 1.0
# Wider than any label.
_LABEL_ROOM_PX = 200.0


def axis_margins(scale: float) -> QMarginsF:
    """Return the room that the axes take round the picture; `scale` is that of their type."""
    metrics = _metrics(scale)
    beside = metrics.horizontalAdvance("6 k 0") + _BESIDE_PX + _ROUND_PX
    return QMarginsF(beside, _ROUND_PX, beside, metrics.height() + _BELOW_PX + _ROUND_PX)


def _metrics(scale: float) -> QFontMetricsF:
    return QFontMetricsF(scaled_font(scale))


@lru_cache(maxsize=16)
def frequency_ticks(*, notes: bool, height: float, line: float) -> tuple[Tick, ...]:
    """Return the labels that fit beside a picture: hertz, or note names.

    Parameters
    ----------
    notes : bool
    height, line : float
        Of the picture, and of a line of type, in pixels.
    """
    gap = line * _LINE_SPACING * MEL_BANDS / max(height, 1.0)
    found = note_ticks(gap=gap) if notes else hz_ticks(gap=gap)
    # A label that would stick out of the axis is left away rather than cut.
    return tuple(tick for tick in found if gap / 2 <= tick.height <= MEL_BANDS - gap / 2)


@dataclass(frozen=True)
class TimeTick:
    """A label on the time axis, at a second of what the picture shows."""

    second: float
    text: str


def time_ticks(area: PlotArea, *, origin_s: float, room: float) -> tuple[TimeTick, ...]:
    """Return whole seconds as m:ss, as many as there is room for.

    Parameters
    ----------
    area : PlotArea
    origin_s : float
        What the picture's zero stands for, e.g. the start of a stretch in its file.
    room : float
        That a label takes, in pixels.
    """
    low, high = area.start_s + origin_s, area.end_s + origin_s
    shortest = room / area.pixels_per_s
    step = next((step for step in _STEPS_S if step >= shortest), _STEPS_S[-1])
    seconds = [at * step for at in range(max(0, int(low // step)), int(high // step) + 1)]
    return tuple(TimeTick(at - origin_s, clock(at)) for at in seconds if low <= at <= high)


def draw_frequency_axes(painter: QPainter, box: QRectF, *, colours: Colours, scale: float) -> None:
    """Draw hertz at the left of the picture and notes at its right, and the lines round it."""
    left, right = box.left() - 1.0, box.right() + 1.0
    line = _metrics(scale).height()
    for notes, edge in ((False, left), (True, right)):
        painter.setPen(QPen(QColor(colours.faint), 1.0))
        painter.drawLine(QLineF(edge, box.top() - 1.0, edge, box.bottom() + 1.0))
        painter.setPen(QColor(colours.muted))
        painter.setFont(scaled_font(scale))
        for tick in frequency_ticks(notes=notes, height=box.height(), line=line):
            y = box.bottom() - tick.height * box.height() / MEL_BANDS
            label = QRectF(0.0, y - line, _LABEL_ROOM_PX, 2.0 * line)
            if notes:
                label.moveLeft(edge + _LABEL_GAP_PX)
                at = Qt.AlignmentFlag.AlignLeft
            else:
                label.moveRight(edge - _LABEL_GAP_PX + 1.0)
                at = Qt.AlignmentFlag.AlignRight
            painter.drawText(label, at | Qt.AlignmentFlag.AlignVCenter, tick.text)
    painter.setPen(QPen(QColor(colours.faint), 1.0))
    below = box.bottom() + 1.0
    painter.drawLine(QLineF(left, below, right, below))


def frequency_marks(box: QRectF, *, scale: float) -> list[QLineF]:
    """Return the short lines at the labels, inside the picture."""
    line, bottom, height = _metrics(scale).height(), box.bottom(), box.height()
    marks = []
    for notes, edge, way in ((False, box.left(), _TICK_PX), (True, box.right(), -_TICK_PX)):
        for tick in frequency_ticks(notes=notes, height=height, line=line):
            y = bottom - tick.height * height / MEL_BANDS
            marks.append(QLineF(edge, y, edge + way, y))
    return marks


def draw_time_axis(
    painter: QPainter, area: PlotArea, *, origin_s: float, colours: Colours, scale: float
) -> None:
    """Draw the times below the picture."""
    font, box = scaled_font(scale), area.box
    painter.setFont(font)
    key = font.key()
    room = label_of("00:00:00", key).width * 1.5
    ticks = time_ticks(area, origin_s=origin_s, room=room)
    places = [area.x(tick.second) for tick in ticks]
    bottom = box.bottom()
    painter.setPen(QPen(QColor(colours.faint), 1.0))
    painter.drawLines([QLineF(x, bottom, x, bottom - _TICK_PX) for x in places])
    painter.setPen(QColor(colours.muted))
    top = bottom + 1.0 + _LABEL_GAP_PX
    for tick, x in zip(ticks, places, strict=True):
        label = label_of(tick.text, key)
        painter.drawStaticText(QPointF(x - label.width / 2, top), label.text)
