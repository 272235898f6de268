"""A small bar that shows how loud something is, beside its name."""

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from timbrescope.desktop.views.answers.figure_delegate import FigureDelegate
from timbrescope.desktop.views.style.theme import Colours, base_points

# What a list knows of an entry: the peak in dBFS, None if nothing is known; and whether it is
# heard now.
PEAK_ROLE = Qt.ItemDataRole.UserRole + 10
HEARD_ROLE = PEAK_ROLE + 1
# Quieter than this, a level is shown as nothing.
_FLOOR_DBFS = -60.0
_WIDTH_EM, _HEIGHT_EM = 8.0, 0.7


def level_width() -> int:
    """Return how wide a bar is."""
    return round(base_points() * _WIDTH_EM)


def share_of(peak_dbfs: float) -> float:
    """Return how much of a bar is full."""
    finite = max(_FLOOR_DBFS, peak_dbfs) if not math.isnan(peak_dbfs) else _FLOOR_DBFS
    return min(1.0, 1.0 - finite / _FLOOR_DBFS)


def draw_level(
    painter: QPainter, room: QRect, share: float, *, colours: Colours, heard: bool
) -> None:
    """Draw a bar into the middle of `room`; pale if what it belongs to is not heard."""
    height = base_points() * _HEIGHT_EM
    whole = QRectF(room.left(), room.top() + (room.height() - height) / 2, room.width(), height)
    painter.fillRect(whole, QColor(colours.raised))
    colour = QColor(colours.accent if heard else colours.faint)
    painter.fillRect(QRectF(whole.left(), whole.top(), whole.width() * share, height), colour)


class SmallLevel(QWidget):
    """A bar for one channel; pale while the channel is not heard."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self.share, self.is_used = 0.0, False
        self.setFixedWidth(level_width())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return its size."""
        return QSize(self.width(), round(base_points()))

    def show_level(self, peak_dbfs: float, *, used: bool) -> None:
        """Show the newest level."""
        self.share, self.is_used = share_of(peak_dbfs), used
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the bar (Qt's hook)."""
        painter = QPainter(self)
        draw_level(painter, self.rect(), self.share, colours=self._colours, heard=self.is_used)
        painter.end()


class LevelDelegate(FigureDelegate):
    """Entries whose `PEAK_ROLE` holds a level show it at their right end."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Make room for title and level (Qt's hook)."""
        size = super().sizeHint(option, index)
        return QSize(size.width() + level_width() + option.fontMetrics.height(), size.height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the entry, then its level (Qt's hook)."""
        super().paint(painter, option, index)
        peak_dbfs = index.data(PEAK_ROLE)
        if peak_dbfs is None:
            return
        inset = option.fontMetrics.height() // 2
        room = QRect(option.rect)
        room.setLeft(room.right() - inset - level_width())
        room.setWidth(level_width())
        heard = bool(index.data(HEARD_ROLE)) and not option.state & QStyle.StateFlag.State_Selected
        share = share_of(float(peak_dbfs))
        draw_level(painter, room, share, colours=self.colours, heard=heard)
