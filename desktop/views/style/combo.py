"""A combo box whose arrow follows the theme, and which never cuts a word in half."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter


class Combo(QComboBox):
    """Draws its own arrow: a style sheet could only take one from a picture file."""

    def wordings(self) -> Sequence[str]:
        """Return what the box may say of its current entry, the longest first."""
        return (self.currentText(),)

    @property
    def shown_text(self) -> str:
        """What the box has room for: the first wording that fits, or the last one elided."""
        metrics, room = self.fontMetrics(), self._text_room(self._option())
        wordings = self.wordings()
        for words in wordings:
            if metrics.horizontalAdvance(words) <= room:
                return words
        return metrics.elidedText(wordings[-1], Qt.TextElideMode.ElideRight, room)

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
        option = self._option()
        option.currentText = self.shown_text
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option

    def _text_room(self, option: QStyleOptionComboBox) -> int:
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        return field.width() - 4
