"""How a frame of the spectrogram is drawn, layer by layer, in pixels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.spectrogram.axes import (
    draw_frequency_axes,
    draw_time_axis,
    frequency_marks,
)
from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.crosshair import draw_crosshair
from timbrescope.desktop.views.spectrogram.explained import ExplainedSpan
from timbrescope.desktop.views.spectrogram.gap_marks import draw_gaps
from timbrescope.desktop.views.spectrogram.overlay import draw_frame, draw_key
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.spectrogram.still_layer import StillLayer
from timbrescope.desktop.views.spectrogram.traced_line import TracedLine
from timbrescope.desktop.views.style.theme import BODY, Colours, scaled_font

_FRAME_PX, _THIN_FRAME_PX, _LEAST_FRAME_PX = 2.0, 1.0, 24.0


@dataclass(frozen=True)
class Surroundings:
    """What stands round the picture, and seldom changes.

    Attributes
    ----------
    size : QSize
        Of the view.
    ratio : float
        Pixels of the screen in a pixel of the view.
    box : QRectF
        Where the picture lies.
    colours : Colours
    scale : float
        Of the type.
    meanings : tuple of str
        What the colours of the evidence mean.
    note, words : str
    taken : float
        See `overlay.draw_key`.
    """

    size: QSize
    ratio: float
    box: QRectF
    colours: Colours
    scale: float
    meanings: tuple[str, ...]
    note: str
    words: str
    taken: float

    @property
    def key(self) -> tuple[object, ...]:
        """All of it, as a key of a dictionary."""
        font = scaled_font(self.scale).key()
        said = (self.meanings, self.note, self.words, self.taken)
        return (self.box.getRect(), self.colours, font, *said)


@dataclass(frozen=True)
class Marks:
    """What is drawn over the picture.

    Attributes
    ----------
    line : TracedLine
        Round the evidence.
    gaps : tuple of Gap
    explained : tuple of ExplainedSpan
        Framed stretches, in seconds of the picture.
    is_still : bool
        Whether the picture stands still; several frames are thin then.
    played_s : float or None
        The cursor of what is played, in seconds of the picture.
    pointed : (QPointF, str) or None
        The pointer, and what lies under it.
    is_focused : bool
    """

    line: TracedLine
    gaps: tuple[Gap, ...]
    explained: tuple[ExplainedSpan, ...]
    played_s: float | None
    pointed: tuple[QPointF, str] | None
    is_focused: bool


class SpectrogramPainter:
    """Draws frames; what stays the same between them is kept."""

    def __init__(self) -> None:
        self._still = StillLayer()
        self._key: tuple[object, ...] | None = None
        self._ticks: list[QLineF] = []

    def paint(
        self,
        painter: QPainter,
        around: Surroundings,
        *,
        table: NDArray[np.uint32],
        image: ColumnImage,
        area: PlotArea,
        origin_s: float,
        marks: Marks,
    ) -> None:
        """Draw a frame.

        Parameters
        ----------
        painter : QPainter
        around : Surroundings
        table : ndarray, shape (64, 256), uint32
            Of the key, see `bivariate_table`.
        image : ColumnImage
        area : PlotArea
        origin_s : float
            What the picture's zero stands for.
        marks : Marks
        """
        key = around.key
        if key != self._key:
            self._key, self._ticks = key, frequency_marks(around.box, scale=around.scale)
        self._still.draw(
            painter,
            around.size,
            ratio=around.ratio,
            without=around.box,
            of=key,
            paint=lambda own: _paint_surroundings(own, around, table),
        )
        painter.setClipRect(around.box)
        _fill_beside(painter, area, image.span_s, colour=QColor(around.colours.surface))
        image.draw(painter, area, ratio=around.ratio)
        painter.setPen(QPen(QColor(around.colours.faint), 1.0))
        painter.drawLines(self._ticks)
        painter.setClipping(False)
        draw_time_axis(painter, area, origin_s=origin_s, colours=around.colours, scale=around.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(around.box)
        _paint_marks(painter, area, marks, around=around, origin_s=origin_s)
        painter.setClipping(False)
        if marks.is_focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(around.colours.accent), 2.0))
            painter.drawRect(around.box.adjusted(-1, -1, 1, 1))


def _paint_surroundings(painter: QPainter, around: Surroundings, table: NDArray[np.uint32]) -> None:
    box, colours = around.box, around.colours
    painter.fillRect(QRectF(QPointF(), around.size.toSizeF()), QColor(colours.surface))
    draw_frequency_axes(painter, box, colours=colours, scale=around.scale)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_key(
        painter,
        QRectF(box.left(), 0, box.width(), box.top()),
        table=table,
        meanings=around.meanings,
        colours=colours,
        note=around.note,
        words=around.words,
        scale=around.scale,
        taken=around.taken,
    )
    painter.restore()


def _fill_beside(
    painter: QPainter, area: PlotArea, span_s: tuple[float, float], *, colour: QColor
) -> None:
    """Fill what lies before the first column and behind the last one."""
    box = area.box
    left, right = (min(box.right(), max(box.left(), area.x(second))) for second in span_s)
    # Pixels that a column covers in part are filled too, and the next: columns lie on whole ones.
    for start, end in ((box.left(), math.ceil(left) + 1), (math.floor(right) - 1, box.right())):
        if end > start:
            painter.fillRect(QRectF(start, box.top(), end - start, box.height()), colour)


def _paint_marks(
    painter: QPainter, area: PlotArea, marks: Marks, *, around: Surroundings, origin_s: float
) -> None:
    box, colours, scale = area.box, around.colours, around.scale
    marks.line.draw(painter, area, colours=colours)
    draw_gaps(
        painter,
        marks.gaps,
        box,
        x_of=lambda second: area.x(second - origin_s),
        colours=colours,
        scale=scale,
    )
    _paint_frames(painter, area, marks, colours=colours, scale=scale)
    if marks.played_s is not None:
        x = area.x(marks.played_s)
        painter.setPen(QPen(QColor(colours.accent), 2.0))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    if marks.pointed is not None:
        place, words = marks.pointed
        draw_crosshair(painter, place, box, words, colours=colours, scale=max(BODY, scale))


def _paint_frames(
    painter: QPainter, area: PlotArea, marks: Marks, *, colours: Colours, scale: float
) -> None:
    box = area.box
    for explained in marks.explained:
        left = area.x(explained.start_s)
        # The picture lags a little; the frame's end is shown at its edge till it catches up.
        right = min(area.x(explained.end_s), box.right())
        framed = QRectF(left, box.top(), right - left, box.height())
        # Frames side by side, as in a file, would outshine the picture at full width.
        width = _FRAME_PX if explained.is_asked else _THIN_FRAME_PX
        # Of a file's last window hardly anything may be left beside the one that it overlaps.
        if framed.intersects(box) and (explained.is_asked or framed.width() >= _LEAST_FRAME_PX):
            draw_frame(
                painter, framed, explained, colours=colours, clip=box, width=width, scale=scale
            )
