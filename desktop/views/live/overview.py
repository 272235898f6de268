"""The last five minutes at a glance: what was said, and which part of it is on view."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.engine.history import KEPT_S
from timbrescope.desktop.views.answers.blocks import Block, brush_of
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.frontend import WINDOW_S


class Overview(QWidget):
    """Coloured slices without words; a click or a drag asks for a place."""

    second_chosen = Signal(float)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._blocks: tuple[Block, ...] = ()
        self._end_s = 0.0
        self._view_s = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("The last 5 minutes"))
        self.setToolTip(tr("The last 5 minutes: click to return to a place"))

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.update()

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Take the verdicts so far, oldest first."""
        self._blocks = tuple(blocks)
        self.update()

    def show_view(self, start_s: float, end_s: float, *, newest_s: float) -> None:
        """Frame the seconds on view; `newest_s` lies at the right end.

        The strip moves in steps that can be seen, so that it is not drawn for every frame.
        """
        step_s = KEPT_S / max(1, self.width())
        seen = [round(second / step_s) * step_s for second in (start_s, end_s, newest_s)]
        if seen != [*self._view_s, self._end_s]:
            self._view_s, self._end_s = (seen[0], seen[1]), seen[2]
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for a thin strip."""
        return QSize(200, round(QFontMetricsF(scaled_font(CAPTION)).height() * 0.9))

    def second_at(self, x: float) -> float:
        """Return the second at a place."""
        return self._end_s - KEPT_S + x / max(1, self.width()) * KEPT_S

    def _x(self, second: float) -> float:
        return (second - self._end_s + KEPT_S) / KEPT_S * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw slices and frame (Qt's hook)."""
        painter = QPainter(self)
        strip = QRectF(self.rect())
        ground = QColor(self._colours.raised)
        ground.setAlphaF(0.5)
        painter.fillRect(strip, ground)
        for block in reversed(self._blocks):
            left, right = self._x(block.start_s), self._x(block.start_s + WINDOW_S)
            if right < 0:
                break
            area = QRectF(left, 2, right - left, strip.height() - 4)
            painter.fillRect(area, brush_of(block, self._colours))
        left, right = (self._x(second) for second in self._view_s)
        painter.setPen(QPen(QColor(self._colours.accent), 2.0))
        frame = QRectF(left, 1, max(4.0, right - left), strip.height() - 2)
        painter.drawRect(frame.intersected(strip.adjusted(1, 1, -1, -1)))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask for the place under the pointer (Qt's hook)."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.second_chosen.emit(self.second_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow a drag (Qt's hook)."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.second_chosen.emit(self.second_at(event.position().x()))
