"""Words laid out once: what is written in every frame need not be measured in every frame."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

_KEPT = 512


@dataclass(frozen=True)
class Label:
    """A line of plain text in one type, with its size in pixels."""

    text: QStaticText
    width: float
    height: float


@lru_cache(maxsize=_KEPT)
def label_of(words: str, font_key: str) -> Label:
    """Return `words` laid out in the font of a key; the painter has to be set to that font."""
    font = QFont()
    font.fromString(font_key)
    text = QStaticText(words)
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    text.prepare(font=font)
    size = text.size()
    return Label(text, size.width(), size.height())


@lru_cache(maxsize=_KEPT)
def width_of(words: str, font_key: str) -> float:
    """Return the room that a line of text takes in the font of a key."""
    font = QFont()
    font.fromString(font_key)
    return QFontMetricsF(font).horizontalAdvance(words)


def draw_label(
    painter: QPainter,
    area: QRectF,
    words: str,
    *,
    at: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write `words` in the painter's type into `area`, at its left, right or middle."""
    label = label_of(words, painter.font().key())
    free = area.width() - label.width
    left = area.left()
    if at is Qt.AlignmentFlag.AlignRight:
        left += free
    elif at is Qt.AlignmentFlag.AlignHCenter:
        left += free / 2
    painter.drawStaticText(QPointF(left, area.center().y() - label.height / 2), label.text)
