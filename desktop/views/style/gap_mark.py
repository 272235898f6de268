"""How a gap in the sound looks, on the spectrogram and on the timeline."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from timbrescope.desktop.views.style.theme import Colours


def draw_gap(
    painter: QPainter,
    left: float,
    right: float,
    box: QRectF,
    *,
    pattern: Qt.BrushStyle,
    colours: Colours,
) -> bool:
    """Draw in `box` (pixels) that the sound does not go on: hatched if it is wide, and a line.

    Returns
    -------
    bool
        Whether anything of it lies in the box.
    """
    if right < box.left() or left > box.right():
        return False
    colour = QColor(colours.muted)
    if right - left >= 1.0:
        area = QRectF(left, box.top(), right - left, box.height())
        painter.fillRect(area, QBrush(colour, pattern))
    painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(left, box.top()), QPointF(left, box.bottom()))
    return True
