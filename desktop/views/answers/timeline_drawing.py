"""How the strip of a timeline is drawn."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.answers.block_list import BlockList
from timbrescope.desktop.views.answers.blocks import brush_of, draw_name, runs_of
from timbrescope.desktop.views.style.gap_mark import draw_gap
from timbrescope.desktop.views.style.labels import label_of
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.times import clock

_GAP = 2.0
_ROUND = 5.0
# Lines between the verdicts of a run would fill narrower blocks.
_LEAST_SEAMED = 8.0
# The sides of a frame are drawn so far from above and from below, as a share of the height.
_SIDES_END = 0.28
# Beside the part that the picture shows so much of a block is covered.
_DIMMED, _LEAST_PART = 0.62, 6.0
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
        return self.left + (second - self.start_s) * self.pixels_per_s

    def second(self, x: float) -> float:
        """Return the second at a place."""
        return self.start_s + (x - self.left) / self.pixels_per_s

    @cached_property
    def pixels_per_s(self) -> float:
        """The width of a second."""
        return max(1.0, self.right - self.left) / max(1e-6, self.end_s - self.start_s)


def draw_said(
    painter: QPainter, blocks: BlockList, strip: QRectF, *, span: Span, colours: Colours
) -> None:
    """Draw ground, blocks and gaps: what does not depend on where somebody looks."""
    _draw_ground(painter, strip, is_empty=not len(blocks), colours=colours)
    painter.setClipRect(strip)
    numbers = blocks.between(span.second(strip.left()), span.second(strip.right()))
    for run in runs_of(blocks.blocks, numbers):
        _draw_run(painter, blocks, run, strip, span=span, colours=colours)
    for gap in blocks.gaps:
        _draw_gap(painter, gap, strip, span=span, colours=colours)
    painter.setClipping(False)


def _draw_ground(painter: QPainter, strip: QRectF, *, is_empty: bool, colours: Colours) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    ground = QColor(colours.raised)
    ground.setAlphaF(0.5)
    painter.setBrush(ground)
    painter.drawRoundedRect(strip, _ROUND, _ROUND)
    if is_empty:
        painter.setPen(QColor(colours.muted))
        words = tr("One answer every 3 seconds appears here")
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, words)


def _draw_run(
    painter: QPainter,
    blocks: BlockList,
    run: tuple[int, int],
    strip: QRectF,
    *,
    span: Span,
    colours: Colours,
) -> None:
    """Draw neighbours that agree as one block."""
    left, right = span.x(blocks.edges_s(run[0])[0]), span.x(blocks.edges_s(run[1] - 1)[1])
    width = (right - left) / (run[1] - run[0])
    area = QRectF(left, strip.top(), right - left, strip.height())
    gap = min(_GAP, width * 0.2)
    block = blocks[run[0]]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush_of(block, colours))
    painter.drawRoundedRect(area.adjusted(gap / 2, 0, -gap / 2, 0), _ROUND, _ROUND)
    if width >= _LEAST_SEAMED:
        seam = QColor(colours.surface)
        seam.setAlphaF(0.35)
        painter.setPen(QPen(seam, 1.0))
        for number in range(run[0] + 1, run[1]):
            _draw_upright(painter, span.x(blocks.edges_s(number)[0]), strip)
    visible = area.intersected(strip).adjusted(gap + 1, 0, -gap - 1, 0)
    if visible.width() > 4:
        draw_name(painter, block, visible, colours=colours)


def _draw_upright(painter: QPainter, x: float, strip: QRectF) -> None:
    painter.drawLine(QPointF(x, strip.top()), QPointF(x, strip.bottom()))


def _draw_gap(painter: QPainter, gap: Gap, strip: QRectF, *, span: Span, colours: Colours) -> None:
    """Draw where the sound does not go on: a hatched stretch, or a line."""
    left, right = span.x(gap.start_s), span.x(gap.end_s)
    pattern = Qt.BrushStyle.Dense6Pattern
    draw_gap(painter, left, right, strip, pattern=pattern, colours=colours)


def draw_times(
    painter: QPainter, blocks: BlockList, strip: QRectF, *, span: Span, colours: Colours
) -> None:
    """Write below a file's blocks when they begin, as often as there is room."""
    font = scaled_font(CAPTION)
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    key = font.key()
    label = label_of("00:00:00", key)
    steps = (step for step in _STEPS_S if step * span.pixels_per_s >= label.width * 1.4)
    every, last = next(steps, _STEPS_S[-1]), ""
    second = 0
    while second < blocks.end_s:
        x, words = span.x(second), clock(second)
        if strip.left() - 1 <= x <= strip.right() - label.width * 0.6 and words != last:
            last = words
            place = QPointF(x + 1, strip.bottom() + label.height * 0.1)
            painter.drawStaticText(place, label_of(words, key).text)
        second += every


def draw_stretch(
    painter: QPainter,
    blocks: BlockList,
    stretch_s: tuple[float, float],
    strip: QRectF,
    *,
    span: Span,
    colours: Colours,
    only_blocks: bool,
) -> None:
    """Frame the blocks of a stretch; without any the stretch itself, unless `only_blocks`."""
    marked = blocks.within(*stretch_s)
    if marked:
        left, right = blocks.edges_s(marked[0])[0], blocks.edges_s(marked[-1])[1]
    elif only_blocks or not len(blocks):
        return
    else:
        left, right = stretch_s
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.evidence), 2.0))
    x = span.x(left)
    frame = QRectF(x, strip.top(), max(6.0, span.x(right) - x), strip.height())
    # The name of a run that goes on beyond the frame must not be crossed out by its sides.
    painter.save()
    shown = QRegion(strip.toAlignedRect())
    middle = strip.adjusted(-1, strip.height() * _SIDES_END, 1, -strip.height() * _SIDES_END)
    painter.setClipRegion(shown.subtracted(QRegion(middle.toAlignedRect())))
    painter.drawRoundedRect(frame.intersected(strip).adjusted(1, 1, -1, -1), 4, 4)
    painter.restore()


def draw_part(
    painter: QPainter, part_s: tuple[float, float], strip: QRectF, *, span: Span, colours: Colours
) -> None:
    """Let a part of the strip stand out: what lies beside it is dimmed, and it has a frame."""
    left, right = (min(strip.right(), max(strip.left(), span.x(each))) for each in part_s)
    beside = QColor(colours.window)
    beside.setAlphaF(_DIMMED)
    for start, end in ((strip.left(), left), (right, strip.right())):
        painter.fillRect(QRectF(start, strip.top(), end - start, strip.height()), beside)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.text), 1.5))
    # In a file of hours the part is less than a pixel wide, and has to be seen all the same.
    frame = QRectF(left, strip.top(), max(_LEAST_PART, right - left), strip.height())
    painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), _ROUND, _ROUND)


def draw_cursor(painter: QPainter, x: float, strip: QRectF, *, colours: Colours) -> None:
    """Draw where the sound is that is played."""
    painter.setPen(QPen(QColor(colours.accent), 2.0))
    _draw_upright(painter, x, strip)
