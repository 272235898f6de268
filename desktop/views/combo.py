"""A combo box whose arrow follows the theme."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox


class Combo(QComboBox):
    """Draws its own arrow: a style sheet could only take one from a picture file."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the box, then the arrow (Qt's hook)."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self.palette().color(QPalette.ColorRole.PlaceholderText)), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        side = self.fontMetrics().height() * 0.24
        centre = QPointF(self.width() - 4.0 * side, self.height() / 2)
        painter.drawPolyline(
            QPolygonF(
                [
                    centre + QPointF(-side, -side / 2),
                    centre + QPointF(0, side / 2),
                    centre + QPointF(side, -side / 2),
                ]
            )
        )
        painter.end()
