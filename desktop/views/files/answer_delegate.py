"""Draws the cell of the answer in the table of files."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from timbrescope.desktop.engine.file_events import FileEventKind
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.files.file_table import Index
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.models.instruments import INSTRUMENTS

_DISC_PIXELS = 48


class AnswerDelegate(QStyledItemDelegate):
    """Draws the instrument's colour before its name, and progress below the text."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self.colours = colours

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Put the instrument's colour before its name (Qt's hook)."""
        super().initStyleOption(option, index)
        row: FileRow = index.data(Qt.ItemDataRole.UserRole)
        answer = None if row.is_unfinished else row.answer
        if answer is not None and answer.index is not None:
            side = round(QFontMetricsF(option.font).height() * 0.6)
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(side, side)
            option.icon = _disc(INSTRUMENTS[answer.index].colour)
        if not has_room(option):
            option.text = row.short_answer_words
        if row.is_error:
            # Otherwise a selected error would look like any other row.
            option.palette.setColor(QPalette.ColorRole.HighlightedText, QColor(self.colours.error))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell (Qt's hook)."""
        super().paint(painter, option, index)
        row: FileRow = index.data(Qt.ItemDataRole.UserRole)
        if row.kind is FileEventKind.PROGRESS:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            self._draw_progress(painter, QRectF(option.rect), row.progress)
            painter.restore()

    def _draw_progress(self, painter: QPainter, cell: QRectF, progress: float) -> None:
        track = QRectF(cell.left() + 6, cell.bottom() - 5, (cell.width() - 12) * 0.6, 3)
        painter.setBrush(QColor(self.colours.line))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(track.width() * min(1.0, max(0.0, progress)))
        painter.setBrush(QColor(self.colours.accent))
        painter.drawRoundedRect(track, 1.5, 1.5)


def has_room(option: QStyleOptionViewItem) -> bool:
    """Return whether a cell has room for its words; one without a place yet has."""
    if option.rect.isEmpty():
        return True
    widget = option.widget
    style = QApplication.style() if widget is None else widget.style()
    place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, widget)
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, widget) + 1
    words = QFontMetricsF(option.font).horizontalAdvance(option.text)
    return bool(words <= place.width() - 2 * margin)


@lru_cache(maxsize=len(INSTRUMENTS))
def _disc(colour: str) -> QIcon:
    picture = QPixmap(_DISC_PIXELS, _DISC_PIXELS)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    middle = _DISC_PIXELS / 2
    painter.drawEllipse(QPointF(middle, middle), middle - 2, middle - 2)
    painter.end()
    icon = QIcon(picture)
    # Qt would grey it in a selected row.
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
