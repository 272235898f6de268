"""The verdicts so far: a block for every 3 seconds, beside the sound that it was said of."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
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

from timbrescope.desktop.engine.file_messages import FileWindow
from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.answers.block_list import SAME_S, BlockList
from timbrescope.desktop.views.answers.blocks import Block, block_of
from timbrescope.desktop.views.answers.timeline_drawing import (
    Span,
    draw_cursor,
    draw_part,
    draw_said,
    draw_stretch,
    draw_times,
)
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr, translated
from timbrescope.models.analysis import Analysis

# A file of many hours is shown whole; a live session keeps its last 100 minutes.
KEPT_BLOCKS = 2000
# What a live timeline shows until the picture beside it says otherwise.
_FIRST_SPAN_S = 12.0


class TimelineView(QWidget):
    """Blocks in the instruments' colours; neighbours that agree share one name.

    Parameters
    ----------
    colours : Colours
    of_file : bool
        Keep all blocks and write their times (a file), or the newest ones, whose times stand at
        the picture above (live).
    parent : QWidget, optional
    """

    block_chosen = Signal(float)

    def __init__(
        self, colours: Colours, *, of_file: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._colours = colours
        self._of_file = of_file
        self._list = BlockList(None if of_file else KEPT_BLOCKS)
        self._marked_s: tuple[float, float] | None = None
        self._part_s: tuple[float, float] | None = None
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
        return tuple(self._list.blocks)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours, self._picture = colours, None
        self.update()

    def append(self, verdicts: Iterable[Analysis], gaps: Iterable[Gap] = ()) -> None:
        """Add verdicts and gaps; a verdict that starts earlier begins a new strip."""
        self._list.add(block_of(verdict) for verdict in verdicts)
        self._list.gaps.extend(gaps)
        if len(self._list):
            self.setAccessibleDescription(self._list[-1].words)
        self.update()

    def show_windows(self, windows: Iterable[FileWindow]) -> None:
        """Show the windows of a file in place of what was there."""
        self.clear()
        self._list.add(block_of(window) for window in windows)

    def show_span(self, span: Span | None) -> None:
        """Lie beside the picture that shows these seconds at these places; all if None."""
        if span != self._span:
            self._span, self._picture = span, None
            self.update()

    def mark(self, start_s: float, end_s: float) -> None:
        """Frame the stretch whose evidence is on view."""
        self._marked_s = (start_s, end_s)
        self.update()

    def show_part(self, start_s: float, end_s: float) -> None:
        """Let the part of a file stand out that the picture shows, unless it shows all of it."""
        is_whole = start_s <= SAME_S and end_s >= self._list.end_s - SAME_S
        self._part_s = None if is_whole else (start_s, end_s)
        self.update()

    @property
    def part_s(self) -> tuple[float, float] | None:
        """The seconds that stand out as shown in the picture, None if there are no others."""
        return self._part_s

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
        self._list.clear()
        self._marked_s = self._part_s = self._cursor = self._played_s = None
        self._span = self._picture = None
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
        if self._span is not None:
            return self._span
        end_s = self._list.end_s
        start_s = 0.0 if self._of_file and end_s else end_s - _FIRST_SPAN_S
        return Span(start_s, end_s, 0.0, self.width())

    def block_at(self, x: float) -> Block | None:
        """Return the block at a horizontal place."""
        number = self._list.at(self.span.second(x))
        return None if number is None else self._list[number]

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the strip (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strip, span, colours = self._strip(), self.span, self._colours
        if self._of_file:
            painter.drawPixmap(0, 0, self._kept_picture(strip))
        else:
            draw_said(painter, self._list, strip, span=span, colours=colours)
        painter.setClipRect(strip)
        if self._part_s is not None:
            draw_part(painter, self._part_s, strip, span=span, colours=colours)
        if self._marked_s is not None:
            draw_stretch(
                painter,
                self._list,
                self._marked_s,
                strip,
                span=span,
                colours=colours,
                only_blocks=self._of_file,
            )
        if self._played_s is not None:
            draw_cursor(painter, span.x(self._played_s), strip, colours=colours)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 2.0))
            painter.drawRoundedRect(strip.adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _strip(self) -> QRectF:
        """Return where the blocks lie; the times are below."""
        line, span = QFontMetricsF(scaled_font(CAPTION)).height(), self.span
        return QRectF(span.left, 0, span.right - span.left, self.height() - line * 1.15)

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
            for draw in (draw_said, draw_times):
                draw(painter, self._list, strip, span=self.span, colours=self._colours)
            painter.end()
        return self._picture

    # -- input ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the block under the pointer (Qt's hook)."""
        number = self._list.at(self.span.second(event.position().x()))
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self._cursor = number
            self.block_chosen.emit(self._list[number].start_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pick the block before or after, the first or the last (Qt's hook)."""
        last = len(self._list) - 1
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
        block = self._list[self._cursor]
        self.setAccessibleDescription(block.words)
        self.block_chosen.emit(block.start_s)

    def _marked_block(self) -> int:
        """Return the number of the block that is framed first; without one the first or newest."""
        if self._marked_s is None:
            return 0 if self._of_file else len(self._list)
        return self._list.begun_by(self._marked_s[0])

    def event(self, event: QEvent) -> bool:
        """Tell what a block says, or why there is none, when the pointer rests (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _words_at(self, x: float) -> str:
        second = self.span.second(x)
        for gap in self._list.gaps:
            if gap.start_s - 0.1 <= second <= gap.end_s + 0.1:
                return translated(gap.words)
        block = self.block_at(x)
        return block.words if block else ""
