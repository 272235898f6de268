"""Where the sound does not go on: a hatched stretch or a dashed line, and why."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.style.gap_mark import draw_gap
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import translated


def draw_gaps(
    painter: QPainter,
    gaps: Iterable[Gap],
    clip: QRectF,
    *,
    x_of: Callable[[float], float],
    colours: Colours,
    scale: float = CAPTION,
) -> None:
    """Draw gaps into `clip` (pixels); `x_of` says where a second lies. `scale` is the type's."""
    font = scaled_font(scale)
    metrics = QFontMetricsF(font)
    for gap in gaps:
        left, right = x_of(gap.start_s), x_of(gap.end_s)
        pattern = Qt.BrushStyle.Dense7Pattern
        if not draw_gap(painter, left, right, clip, pattern=pattern, colours=colours):
            continue
        words = translated(gap.words)
        pad = metrics.height() * 0.3
        label = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * pad, metrics.height())
        label.moveTopLeft(QPointF(left + 3, clip.bottom() - metrics.height() - 3))
        ground = QColor(colours.window)
        ground.setAlphaF(0.8)
        painter.fillRect(label, ground)
        painter.setFont(font)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
