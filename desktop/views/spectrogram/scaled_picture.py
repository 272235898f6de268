"""Columns as pixels of the screen, kept: in each frame only what is new of them is scaled.

To scale all of a live picture smoothly in every frame costs several times as much as everything
else that is drawn in it.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea

# So many pixels a picture may move on before what is kept of it is copied to the beginning.
_ROOM_PX = 256


def columns_image(pixels: NDArray[np.uint32]) -> QImage:
    """Return colours (bands, columns) as an image of the same memory, its first row the lowest."""
    bands, count = pixels.shape
    return QImage(pixels.data, count, bands, pixels.strides[0], QImage.Format.Format_RGB32)


class ScaledPicture:
    """A part of a stream's columns, each at its place on a grid of pixels that does not move.

    The grid's zero is the middle of column 0. What was drawn last is kept as long as the picture
    is as high, and a second as wide; whoever changes columns says so (`drop_from`).
    """

    def __init__(self) -> None:
        self._image = QImage()
        # Where the image begins on the grid, and between which places it is drawn.
        self._start = self._from = self._until = 0
        self._scales = (0.0, 0)

    def drop_from(self, column: int) -> None:
        """Draw this column and those behind it anew: they have changed, or were not there."""
        # Columns run into their neighbours.
        kept = math.floor((column - 1.5) * self._scales[0])
        self._until = max(self._from, min(self._until, kept))

    def draw(
        self,
        painter: QPainter,
        area: PlotArea,
        pixels: NDArray[np.uint32],
        *,
        first_column: int,
        ratio: float,
    ) -> None:
        """Draw columns at their place, to a whole pixel of the screen.

        Parameters
        ----------
        painter : QPainter
            Of a view, its origin at the upper left corner.
        area : PlotArea
        pixels : ndarray, shape (128, n), uint32
            Colours, lowest band first; contiguous, and not changed in place.
        first_column : int
        ratio : float
            Pixels of the screen in a pixel of the view.
        """
        per_s = area.pixels_per_s * ratio
        per_column, height = per_s * COLUMN_S, round(area.box.height() * ratio)
        edges = (first_column - 0.5, first_column + pixels.shape[1] - 0.5)
        first, last = (round(edge * per_column) for edge in edges)
        left = max(first, math.floor(area.start_s * per_s))
        right = min(last, math.ceil(area.end_s * per_s) + 1)
        if right <= left or height <= 0:
            return
        if (per_column, height) != self._scales:
            self._scales = (per_column, height)
            self._until = self._from
        if not self._from <= left <= self._until:
            self._from = self._until = left
        self._make_room(left, right)
        self._from = left
        if self._until < right:
            self._draw_missing(right, pixels, first_column)
        x = area.box.left() * ratio + left - area.start_s * per_s
        source = QRectF(left - self._start, 0.0, right - left, height)
        painter.save()
        # Pixel by pixel: nothing is scaled any more.
        painter.scale(1.0 / ratio, 1.0 / ratio)
        place = QPointF(round(x), round(area.box.top() * ratio))
        painter.drawImage(place, self._image, source)
        painter.restore()

    def _draw_missing(self, right: int, pixels: NDArray[np.uint32], first_column: int) -> None:
        """Draw what the image lacks up to a place of the grid."""
        (per_column, height), begin = self._scales, self._until
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(QRectF(begin - self._start, 0, right - begin, height))
        # Row 0 is the lowest band, and Qt's first row is the uppermost.
        shown_from = (first_column - 0.5) * per_column - self._start
        painter.translate(QPointF(shown_from, height))
        bands, count = pixels.shape
        painter.scale(per_column, -height / bands)
        painter.drawImage(QRectF(0.0, 0.0, count, bands), columns_image(pixels))
        painter.end()
        self._until = right

    def _make_room(self, left: int, right: int) -> None:
        height = self._scales[1]
        fits = self._start <= left and right - self._start <= self._image.width()
        if fits and self._image.height() == height:
            return
        room = QImage(right - left + _ROOM_PX, height, QImage.Format.Format_RGB32)
        kept = min(self._until - left, room.width())
        if kept > 0:
            painter = QPainter(room)
            source = QRectF(left - self._start, 0.0, kept, height)
            painter.drawImage(QPointF(), self._image, source)
            painter.end()
        self._image, self._start, self._until = room, left, left + kept
