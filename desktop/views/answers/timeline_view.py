"""The verdicts so far: a block for every 3 seconds, under the sound that it was said of."""

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
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from timbrescope.desktop.engine.messages import FileWindow, Gap
from timbrescope.desktop.views.answers.blocks import Block, block_of, brush_of, draw_name, runs_of
from timbrescope.desktop.views.answers.wording import clock
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr, translated
from timbrescope.models.analysis import Analysis
from timbrescope.models.frontend import WINDOW_S

KEPT_BLOCKS = 2000
_KEPT_GAPS = 200
# What a live timeline shows until the picture above it says otherwise.
_FIRST_SPAN_S = 12.0
# A file's blocks are no wider than this, in lines of small type.
_WIDEST_BLOCK_LINES = 8.0
_GAP = 2.0
# Seconds that are the same but for rounding.
_SAME_S = 1e-3
_STEPS_S = (3, 6, 15, 30, 60, 150, 300, 600, 1800, 3600)


@dataclass(frozen=True)
class Span:
    """Which seconds lie between which places of the strip, in pixels."""

    start_s: float
    end_s: float
    left: float
    right: float

    def x(self, second: float) -> float:
        """Return the place of a second."""
        return self.left + (second - self.start_s) * self._pixels_per_s

    def second(self, x: float) -> float:
        """Return the second at a place."""
        return self.start_s + (x - self.left) / self._pixels_per_s

    @property
    def _pixels_per_s(self) -> float:
        return max(1.0, self.right - self.left) / max(1e-6, self.end_s - self.start_s)


class TimelineView(QWidget):
    """Blocks in the instruments' colours; neighbours that agree share one name.

    Parameters
    ----------
    colours : Colours
    fit_all : bool
        Make all blocks fit the width (a file) instead of following the picture above (live).
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
        self._gaps: deque[Gap] = deque(maxlen=_KEPT_GAPS)
        self._marked_s: tuple[float, float] | None = None
        self._cursor: int | None = None
        self._played_s: float | None = None
        self._span: Span | None = None
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline of answers"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks, oldest first."""
        return tuple(self._blocks)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours, self._picture = colours, None
        self.update()

    def append(self, verdicts: Iterable[Analysis], gaps: Iterable[Gap] = ()) -> None:
        """Add verdicts and gaps; a verdict that starts earlier begins a new strip."""
        for verdict in verdicts:
            if self._blocks and verdict.start_s <= self._blocks[-1].start_s:
                self._blocks.clear()
                self._gaps.clear()
            self._blocks.append(block_of(verdict))
            self.setAccessibleDescription(self._blocks[-1].words)
        self._gaps.extend(gaps)
        self.update()

    def show_windows(self, windows: Iterable[FileWindow]) -> None:
        """Show the windows of a file in place of what was there."""
        self.clear()
        self._blocks.extend(block_of(window) for window in windows)

    def show_span(self, span: Span) -> None:
        """Lie under the picture that shows these seconds at these places."""
        if span != self._span:
            self._span = span
            self.update()

    def mark(self, start_s: float, end_s: float) -> None:
        """Frame the stretch whose evidence is on view."""
        self._marked_s = (start_s, end_s)
        self.update()

    def unmark(self) -> None:
        """Frame nothing."""
        self._marked_s = self._cursor = None
        self.update()

    def show_played(self, second: float | None) -> None:
        """Draw the cursor of what is played at a second, or none."""
        if second != self._played_s:
            self._played_s = second
            self.update()

    def clear(self) -> None:
        """Forget all blocks."""
        self._blocks.clear()
        self._gaps.clear()
        self._marked_s = self._cursor = self._played_s = None
        self._picture = None
        self.update()

    # -- geometry -------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for two lines of names and one of times."""
        line = QFontMetricsF(scaled_font(CAPTION)).height()
        return QSize(400, round(4.0 * line))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room."""
        return QSize(200, self.sizeHint().height())

    @property
    def span(self) -> Span:
        """Which seconds are shown where."""
        if self._fit_all:
            # As if every window began where the one before it ends.
            width = QFontMetricsF(scaled_font(CAPTION)).height() * _WIDEST_BLOCK_LINES
            count = max(1, len(self._blocks))
            return Span(0.0, WINDOW_S * count, 0.0, min(float(self.width()), count * width))
        if self._span is not None:
            return self._span
        end_s = self._blocks[-1].start_s + WINDOW_S if self._blocks else 0.0
        return Span(end_s - _FIRST_SPAN_S, end_s, 0.0, self.width())

    def _edges(self, number: int) -> tuple[float, float]:
        """Return where a block begins and ends."""
        start_s = number * WINDOW_S if self._fit_all else self._blocks[number].start_s
        span = self.span
        return span.x(start_s), span.x(start_s + WINDOW_S)

    def block_at(self, x: float) -> Block | None:
        """Return the block at a horizontal place."""
        second = self.span.second(x)
        if self._fit_all:
            number = int(second // WINDOW_S)
            return self._blocks[number] if 0 <= number < len(self._blocks) else None
        number = bisect_right([block.start_s for block in self._blocks], second) - 1
        block = self._blocks[number] if number >= 0 else None
        return block if block is not None and second < block.start_s + WINDOW_S else None

    def _in_view(self) -> range:
        """Return the numbers of the blocks that can be seen."""
        if self._fit_all:
            return range(len(self._blocks))
        span, starts = self.span, [block.start_s for block in self._blocks]
        first = bisect_right(starts, span.second(0.0) - WINDOW_S)
        return range(first, bisect_right(starts, span.second(self.width())))

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the strip (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strip = self._strip()
        if self._fit_all:
            painter.drawPixmap(0, 0, self._kept_picture(strip))
        else:
            self._draw_said(painter, strip)
        painter.setClipRect(strip)
        self._draw_mark(painter, strip)
        self._draw_played(painter, strip)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.accent), 2.0))
            painter.drawRoundedRect(strip.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _strip(self) -> QRectF:
        """Return where the blocks lie; the times are below."""
        line, span = QFontMetricsF(scaled_font(CAPTION)).height(), self.span
        right = self.width() if self._fit_all else span.right
        return QRectF(span.left, 0, right - span.left, self.height() - line * 1.15)

    def _kept_picture(self, strip: QRectF) -> QPixmap:
        """Return a file's blocks as they were drawn last: there may be thousands of them."""
        ratio = self.devicePixelRatio()
        wanted = self.size() * ratio
        if self._picture is None or self._picture.size() != wanted:
            self._picture = QPixmap(wanted)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_said(painter, strip)
            painter.end()
        return self._picture

    def _draw_said(self, painter: QPainter, strip: QRectF) -> None:
        """Draw what does not depend on where somebody looks."""
        self._draw_ground(painter, strip)
        painter.setClipRect(strip)
        for run in runs_of(tuple(self._blocks), self._in_view()):
            self._draw_run(painter, run, strip)
        for gap in self._gaps:
            self._draw_gap(painter, gap, strip)
        painter.setClipping(False)
        self._draw_times(painter, strip, QFontMetricsF(scaled_font(CAPTION)).height())

    def _draw_ground(self, painter: QPainter, strip: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(self._colours.raised)
        ground.setAlphaF(0.5)
        painter.setBrush(ground)
        painter.drawRoundedRect(strip, 5, 5)
        if not self._blocks:
            painter.setPen(QColor(self._colours.muted))
            words = tr("One answer every 3 seconds appears here")
            painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_run(self, painter: QPainter, run: tuple[int, int], strip: QRectF) -> None:
        left, right = self._edges(run[0])[0], self._edges(run[1] - 1)[1]
        width = (right - left) / (run[1] - run[0])
        area = QRectF(left, strip.top(), right - left, strip.height())
        gap = min(_GAP, width * 0.2)
        block = self._blocks[run[0]]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush_of(block, self._colours))
        painter.drawRoundedRect(area.adjusted(gap / 2, 0, -gap / 2, 0), 5, 5)
        if width >= 8:
            self._draw_seams(painter, run, strip)
        visible = area.intersected(strip).adjusted(gap + 1, 0, -gap - 1, 0)
        if visible.width() > 4:
            draw_name(painter, block, visible, colours=self._colours)

    def _draw_seams(self, painter: QPainter, run: tuple[int, int], strip: QRectF) -> None:
        """Draw thin lines between the verdicts of one run."""
        seam = QColor(self._colours.surface)
        seam.setAlphaF(0.35)
        painter.setPen(QPen(seam, 1.0))
        for number in range(run[0] + 1, run[1]):
            x = self._edges(number)[0]
            painter.drawLine(QPointF(x, strip.top()), QPointF(x, strip.bottom()))

    def _draw_gap(self, painter: QPainter, gap: Gap, strip: QRectF) -> None:
        """Draw where the sound does not go on: a hatched stretch, or a line."""
        left, right = self.span.x(gap.start_s), self.span.x(gap.end_s)
        if right < strip.left() or left > strip.right():
            return
        colour = QColor(self._colours.muted)
        if right - left >= 1.0:
            area = QRectF(left, strip.top(), right - left, strip.height())
            painter.fillRect(area, QBrush(colour, Qt.BrushStyle.Dense6Pattern))
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(left, strip.top()), QPointF(left, strip.bottom()))

    def _draw_times(self, painter: QPainter, strip: QRectF, line: float) -> None:
        painter.setFont(scaled_font(CAPTION))
        painter.setPen(QColor(self._colours.muted))
        label = QFontMetricsF(painter.font()).horizontalAdvance("00:00:00")
        # The picture above has the times of a live session already.
        if not self._fit_all:
            return
        block = self._edges(1)[0] - self._edges(0)[0] if self._blocks else 1.0
        every = next(
            (step for step in _STEPS_S if step / WINDOW_S * block >= label * 1.4), _STEPS_S[-1]
        )
        last = ""
        for number in range(0, len(self._blocks), max(1, int(every / WINDOW_S))):
            x, words = self._edges(number)[0], clock(self._blocks[number].start_s)
            if x <= strip.right() - label * 0.6 and words != last:
                last = words
                area = QRectF(x + 1, strip.bottom() + line * 0.1, label * 1.4, line)
                painter.drawText(area, Qt.AlignmentFlag.AlignLeft, words)

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
        if marked:
            left, right = self._edges(marked[0])[0], self._edges(marked[-1])[1]
        elif self._fit_all:
            return
        else:
            left, right = (self.span.x(second) for second in self._marked_s)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._colours.evidence), 2.0))
        frame = QRectF(left, strip.top(), max(6.0, right - left), strip.height())
        painter.drawRoundedRect(frame.intersected(strip).adjusted(1, 1, -1, -1), 4, 4)

    def _draw_played(self, painter: QPainter, strip: QRectF) -> None:
        if self._played_s is None:
            return
        x = self.span.x(self._played_s)
        painter.setPen(QPen(QColor(self._colours.accent), 2.0))
        painter.drawLine(QPointF(x, strip.top()), QPointF(x, strip.bottom()))

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
        """Return the number of the block that is framed first; without one the first or newest."""
        if self._marked_s is None:
            return 0 if self._fit_all else len(self._blocks)
        starts = [block.start_s for block in self._blocks]
        return max(0, bisect_right(starts, self._marked_s[0] + _SAME_S) - 1)

    def event(self, event: QEvent) -> bool:
        """Tell what a block says, or why there is none, when the pointer rests (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _words_at(self, x: float) -> str:
        second = self.span.second(x)
        for gap in self._gaps:
            if gap.start_s - 0.1 <= second <= gap.end_s + 0.1:
                return translated(gap.words)
        block = self.block_at(x)
        return block.words if block else ""
