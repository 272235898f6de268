"""Draws the entries of a list with a figure at their right end."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

FIGURE_ROLE = Qt.ItemDataRole.UserRole + 1
_GAP_HEIGHTS = 1.5
_ROW_HEIGHTS = 1.6
_SEPARATOR_PX = 9


def _is_separator(index: QModelIndex | QPersistentModelIndex) -> bool:
    """Return whether an entry is one that QComboBox.insertSeparator made, as Qt marks them."""
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")


class FigureDelegate(QStyledItemDelegate):
    """Entries whose `FIGURE_ROLE` holds text show it on the right, fainter than their title."""

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Make room for title and figure (Qt's hook)."""
        size = super().sizeHint(option, index)
        if _is_separator(index):
            return QSize(size.width(), _SEPARATOR_PX)
        metrics = option.fontMetrics
        figure = metrics.horizontalAdvance(index.data(FIGURE_ROLE) or "")
        gap = round(_GAP_HEIGHTS * metrics.height()) if figure else 0
        return QSize(size.width() + figure + gap, round(_ROW_HEIGHTS * metrics.height()))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the entry, then its figure (Qt's hook)."""
        if _is_separator(index):
            _draw_separator(painter, option)
            return
        super().paint(painter, option, index)
        figure = index.data(FIGURE_ROLE)
        if not figure:
            return
        selected = option.state & QStyle.StateFlag.State_Selected
        palette: QPalette = option.palette
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.save()
        painter.setPen(palette.color(role))
        painter.setOpacity(1.0 if selected else 0.7)
        inset = option.fontMetrics.height() // 2
        painter.drawText(
            option.rect.adjusted(0, 0, -inset, 0),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            figure,
        )
        painter.restore()


def _draw_separator(painter: QPainter, option: QStyleOptionViewItem) -> None:
    painter.save()
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    painter.setOpacity(0.25)
    middle = option.rect.center().y()
    painter.drawLine(option.rect.left(), middle, option.rect.right(), middle)
    painter.restore()
