"""The line round the evidence as Qt draws it: made when the evidence changes, moved with it."""

import struct

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.style.theme import Colours

_OPACITY = 0.8
# A point of a path as Qt writes it to a stream: 0 begins a piece, 1 goes on with it.
_POINT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])


def path_of_pieces(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPainterPath:
    """Return straight pieces, start and end in turn, as one path.

    Point by point from Python it would take longer than everything else in a frame; see
    ``operator<<(QDataStream &, const QPainterPath &)`` for the form.
    """
    points = np.zeros(len(x), _POINT)
    points["kind"][1::2] = 1
    points["x"], points["y"] = x, y
    data = struct.pack(">i", len(points)) + points.tobytes() + struct.pack(">ii", 0, 0)
    path = QPainterPath()
    QDataStream(QByteArray(data)) >> path
    return path


class TracedLine:
    """Pieces of a line in seconds and bands, drawn in pixels.

    Qt strokes a scaled path some twenty times more slowly than one that is only moved.
    """

    def __init__(self) -> None:
        self.points: NDArray[np.float64] = np.empty((0, 2))
        self._path = QPainterPath()
        self._scales: tuple[float, float] | None = None

    def trace(self, points: NDArray[np.float64]) -> None:
        """Take another line, see `evidence_line`; shape (2 k, 2)."""
        self.points, self._scales = points, None

    def draw(self, painter: QPainter, area: PlotArea, *, colours: Colours) -> None:
        """Draw the line at its place."""
        if len(self.points) == 0:
            return
        scales = (area.pixels_per_s, area.pixels_per_band)
        first_s = float(self.points[0, 0])
        if scales != self._scales:
            self._scales = scales
            x = (self.points[:, 0] - first_s) * scales[0]
            self._path = path_of_pieces(x, -self.points[:, 1] * scales[1])
        colour = QColor(colours.contour)
        colour.setAlphaF(_OPACITY)
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = QPointF(area.x(first_s), area.box.bottom())
        painter.translate(place)
        painter.drawPath(self._path)
        painter.translate(-place)
