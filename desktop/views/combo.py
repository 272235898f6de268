"""A combo box whose arrow follows the theme, and which never cuts a word in half."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter


class Combo(QComboBox):
    """Draws its own arrow: a style sheet could only take one from a picture file."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the box, then the arrow (Qt's hook)."""
        self._draw_box()
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

    def _draw_box(self) -> None:
        """Draw box and text; what does not fit ends in an ellipsis instead of in mid-letter."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, field.width() - 4
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
