"""The verdicts so far: one block for every 3 seconds, the latest at the right."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from timbrescope.desktop.engine.messages import FileWindow
from timbrescope.desktop.views.answers.wording import clock, percent
from timbrescope.desktop.views.style.theme import BODY, CAPTION, Colours, readable_on, scaled_font
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.instruments import INSTRUMENTS, index_of

KEPT_BLOCKS = 2000
# Wide enough for most names in a single block.
_WIDEST_BLOCK_LINES = 6.6
_GAP = 2.0
# Seconds that are the same but for rounding.
_SAME_S = 1e-3


@dataclass(frozen=True)
class Block:
    """One verdict on the strip; `index` is the class of the instrument, if one is claimed."""

    start_s: float
    state: State
    index: int | None
    probability: float

    @property
    def words(self) -> str:
        """What the block says in full."""
        span = f"{clock(self.start_s)}–{clock(self.start_s + WINDOW_S)}"
        if self.index is None:
            return f"{span}  {self.state}"
        return f"{span}  {INSTRUMENTS[self.index].name} {percent(self.probability)}"


def block_of(window: Analysis | FileWindow) -> Block:
    """Return the block of a live verdict or of a window of a file."""
    index = None if window.instrument is None else index_of(window.instrument)
    return Block(window.start_s, window.state, index, window.probability)


class TimelineView(QWidget):
    """Blocks in the instruments' colours; neighbours that agree share one name.

    Parameters
    ----------
    colours : Colours
    fit_all : bool
        Make all blocks fit the width (a file) instead of keeping the newest in view (live).
    parent : QWidget, optional
    """

    block_chosen = Signal(float)

    def __init__(
        self, colours: Colours, *, fit_all: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._colours = colours
        self._fit_all = fit_all
        # A file of many hours is shown whole; a live session keeps its last 100 minutes.
        self._blocks: deque[Block] = deque(maxlen=None if fit_all else KEPT_BLOCKS)
        self._marked_s: tuple[float, float] | None = None
        self._cursor: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline of answers")
        if fit_all:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, oldest first."""
        return tuple(self._blocks)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.update()

    def append(self, verdicts: Iterable[Analysis]) -> None:
        """Add verdicts at the right; one that starts earlier begins a new strip."""
        for verdict in verdicts:
            if self._blocks and verdict.start_s <= self._blocks[-1].start_s:
                self._blocks.clear()
            self._blocks.append(block_of(verdict))
            self.setAccessibleDescription(self._blocks[-1].words)
        self.update()

    def show_windows(self, windows: Iterable[FileWindow]) -> None:
        """Show the windows of a file in place of what was there."""
        self._blocks.clear()
        self._blocks.extend(block_of(window) for window in windows)
        self._marked_s = self._cursor = None
        self.update()

    def mark(self, start_s: float, end_s: float) -> None:
        """Frame the stretch whose evidence is on view."""
        self._marked_s = (start_s, end_s)
        self.update()

    def clear(self) -> None:
        """Forget all blocks."""
        self._blocks.clear()
        self._marked_s = self._cursor = None
        self.update()

    # -- geometry -------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for two lines of names and one of times."""
        line = QFontMetricsF(scaled_font(CAPTION)).height()
        return QSize(400, round(4.0 * line))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room."""
        return QSize(200, self.sizeHint().height())

    def _block_width(self) -> float:
        widest = QFontMetricsF(scaled_font(CAPTION)).height() * _WIDEST_BLOCK_LINES
        if self._fit_all and self._blocks:
            return min(widest * 1.2, self.width() / len(self._blocks))
        return widest

    def _left(self) -> float:
        """Return where the oldest block starts; left of 0 when it has scrolled away."""
        if self._fit_all:
            return 0.0
        return self.width() - len(self._blocks) * self._block_width()

    def block_at(self, x: float) -> Block | None:
        """Return the block at a horizontal place."""
        number = int((x - self._left()) // self._block_width())
        return self._blocks[number] if 0 <= number < len(self._blocks) else None

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the strip (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = scaled_font(CAPTION)
        painter.setFont(font)
        line = QFontMetricsF(font).height()
        strip = QRectF(0, 0, self.width(), self.height() - line * 1.15)
        self._draw_ground(painter, strip)
        for run in self._runs():
            self._draw_run(painter, run, strip)
        self._draw_times(painter, strip, line)
        self._draw_mark(painter, strip)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.accent), 2.0))
            painter.drawRoundedRect(strip.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _draw_ground(self, painter: QPainter, strip: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(self._colours.raised)
        ground.setAlphaF(0.5)
        painter.setBrush(ground)
        painter.drawRoundedRect(strip, 5, 5)
        if not self._blocks:
            painter.setPen(QColor(self._colours.muted))
            painter.drawText(
                strip, Qt.AlignmentFlag.AlignCenter, "One answer every 3 seconds appears here"
            )

    def _runs(self) -> list[tuple[int, int]]:
        """Return (first, last + 1) of neighbouring blocks in view that say the same."""
        width = self._block_width()
        first = max(0, int(-self._left() // width))
        runs: list[tuple[int, int]] = []
        blocks = list(self._blocks)
        for number in range(first, len(blocks)):
            before = blocks[runs[-1][0]] if runs else None
            here = blocks[number]
            if before and (before.state, before.index) == (here.state, here.index):
                runs[-1] = (runs[-1][0], number + 1)
            else:
                runs.append((number, number + 1))
        return runs

    def _draw_run(self, painter: QPainter, run: tuple[int, int], strip: QRectF) -> None:
        width = self._block_width()
        left = self._left() + run[0] * width
        area = QRectF(left, strip.top(), (run[1] - run[0]) * width, strip.height())
        gap = min(_GAP, width * 0.2)
        block = self._blocks[run[0]]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush(block))
        painter.drawRoundedRect(area.adjusted(gap / 2, 0, -gap / 2, 0), 5, 5)
        self._draw_seams(painter, run, strip, width)
        visible = area.intersected(strip).adjusted(gap + 3, 0, -gap - 3, 0)
        self._draw_name(painter, block, visible)

    def _draw_seams(
        self, painter: QPainter, run: tuple[int, int], strip: QRectF, width: float
    ) -> None:
        """Draw thin lines between the verdicts of one run."""
        if width < 8:
            return
        seam = QColor(self._colours.surface)
        seam.setAlphaF(0.35)
        painter.setPen(QPen(seam, 1.0))
        for number in range(run[0] + 1, run[1]):
            x = self._left() + number * width
            painter.drawLine(QPointF(x, strip.top()), QPointF(x, strip.bottom()))

    def _brush(self, block: Block) -> QBrush:
        if block.index is not None:
            return QBrush(QColor(INSTRUMENTS[block.index].colour))
        if block.state is State.NOT_SURE:
            return QBrush(QColor(self._colours.faint), Qt.BrushStyle.BDiagPattern)
        faint = QColor(self._colours.faint)
        faint.setAlphaF(0.18)
        return QBrush(faint)

    def _draw_name(self, painter: QPainter, block: Block, area: QRectF) -> None:
        claims = block.index is not None
        painter.setFont(scaled_font(BODY if claims else CAPTION, bold=claims))
        name = INSTRUMENTS[block.index].name if block.index is not None else str(block.state)
        metrics = QFontMetricsF(painter.font())
        words = name.split()
        one_line = metrics.horizontalAdvance(name) <= area.width()
        stacked = max(metrics.horizontalAdvance(word) for word in words) <= area.width()
        if not one_line and not (stacked and len(words) * metrics.height() <= area.height()):
            return
        text = name if one_line else "\n".join(words)
        if block.index is not None:
            painter.setPen(readable_on(INSTRUMENTS[block.index].colour))
        else:
            painter.setPen(QColor(self._colours.muted))
            if block.state is State.NOT_SURE:
                self._clear_behind(painter, text, area)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _clear_behind(self, painter: QPainter, text: str, area: QRectF) -> None:
        """Take the hatching away behind a text, which could not be read on it."""
        box = painter.boundingRect(area, Qt.AlignmentFlag.AlignCenter, text)
        painter.fillRect(box.adjusted(-4, -1, 4, 1), QColor(self._colours.surface))

    def _draw_times(self, painter: QPainter, strip: QRectF, line: float) -> None:
        painter.setFont(scaled_font(CAPTION))
        painter.setPen(QColor(self._colours.muted))
        width = self._block_width()
        label = QFontMetricsF(painter.font()).horizontalAdvance("00:00:00")
        every = max(1, -int(-label * 1.4 // width))
        offset = len(self._blocks) % every if not self._fit_all else 0
        for number in range(offset, len(self._blocks), every):
            x = self._left() + number * width
            if -1 <= x <= strip.right() - label * 0.6:
                painter.drawText(
                    QRectF(x + 1, strip.bottom() + line * 0.1, label * 1.4, line),
                    Qt.AlignmentFlag.AlignLeft,
                    clock(self._blocks[number].start_s),
                )

    def _marked_blocks(self, start_s: float, end_s: float) -> list[int]:
        """Return the blocks within a stretch; a file's last one may begin inside another."""
        return [
            number
            for number, block in enumerate(self._blocks)
            if start_s - _SAME_S < block.start_s and block.start_s + WINDOW_S < end_s + _SAME_S
        ]

    def _draw_mark(self, painter: QPainter, strip: QRectF) -> None:
        if self._marked_s is None or not self._blocks:
            return
        marked = self._marked_blocks(*self._marked_s)
        if not marked:
            return
        width = self._block_width()
        left = self._left() + marked[0] * width
        right = self._left() + (marked[-1] + 1) * width
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colours.evidence), 2.0))
        frame = QRectF(left, strip.top(), max(6.0, right - left), strip.height())
        painter.drawRoundedRect(frame.intersected(strip).adjusted(1, 1, -1, -1), 4, 4)

    # -- input ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the block under the pointer (Qt's hook)."""
        block = self.block_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and block is not None:
            self._cursor = self._blocks.index(block)
            self.block_chosen.emit(block.start_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pick the block before or after, the first or the last (Qt's hook)."""
        last = len(self._blocks) - 1
        here = self._marked_block() if self._cursor is None else self._cursor
        target = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if target is None or last < 0:
            super().keyPressEvent(event)
            return
        self._cursor = min(last, max(0, target))
        block = self._blocks[self._cursor]
        self.setAccessibleDescription(block.words)
        self.block_chosen.emit(block.start_s)

    def _marked_block(self) -> int:
        """Return the number of the block that is framed first, 0 without one."""
        if self._marked_s is None:
            return 0
        starts = [block.start_s for block in self._blocks]
        return max(0, bisect_right(starts, self._marked_s[0]) - 1)

    def event(self, event: QEvent) -> bool:
        """Tell what a block says when the pointer rests on it (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            block = self.block_at(event.pos().x())
            QToolTip.showText(event.globalPos(), block.words if block else "", self)
            return True
        return super().event(event)
