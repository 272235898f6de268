"""What is drawn on the spectrogram: the frames with words, and the key."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from timbrescope.desktop.drawing.colour_maps import EVIDENCE_LEVELS
from timbrescope.desktop.views.spectrogram.explained import ExplainedSpan
from timbrescope.desktop.views.style.labels import width_of
from timbrescope.desktop.views.style.theme import CAPTION, EMPHASIS, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr

_LABEL_SHARE = 26.0
_LARGEST_LABEL = 2.0
_NEXT_SMALLER = 0.95
# Share of the frame's width that the words may take; the rest is disc and margin.
_LABEL_ROOM = 0.78
# The lines above the picture, in heights of their type.
_KEY_LINES, _WORDS_LINES = 1.5, 1.3


def draw_frame(
    painter: QPainter,
    area: QRectF,
    explained: ExplainedSpan,
    *,
    colours: Colours,
    clip: QRectF,
    width: float = 2.0,
    scale: float = CAPTION,
) -> None:
    """Draw the bracket round `area` (pixels) with its label inside, at the top.

    `scale` is that of the type round the picture: the label's is no smaller.
    """
    pen = QPen(QColor(colours.evidence), width)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = area.adjusted(1, 1, -1, -1)
    arm = min(14.0, area.width() / 3)
    for x, direction in ((inner.left(), arm), (inner.right(), -arm)):
        if clip.left() - 2 <= x <= clip.right() + 2:
            for y in (inner.top(), inner.bottom()):
                painter.drawLine(QPointF(x, y), QPointF(x + direction, y))
            painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
    if explained.label:
        _draw_label(painter, area.intersected(clip), explained, colours, scale=scale)


def _draw_label(
    painter: QPainter, area: QRectF, explained: ExplainedSpan, colours: Colours, *, scale: float
) -> None:
    room = area.width() * _LABEL_ROOM
    font = _label_font(explained.label, room=room, height=area.height(), least=scale)
    metrics = QFontMetricsF(font)
    if room < metrics.horizontalAdvance("MMM"):
        return
    pad = metrics.height() * 0.4
    disc = metrics.height() * 0.55 if explained.colour else 0.0
    gap = pad * 0.8 if explained.colour else 0.0
    text = shortened(explained.label, metrics, room)
    width = metrics.horizontalAdvance(text) + 2 * pad + disc + gap
    pill = QRectF(0, 0, width, metrics.height() + pad)
    pill.moveTopRight(area.topRight() + QPointF(-pad, pad))
    ground = QColor(colours.window)
    ground.setAlphaF(0.82)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    if explained.colour:
        painter.setBrush(QColor(explained.colour))
        centre = QPointF(pill.left() + pad + disc / 2, pill.center().y())
        painter.drawEllipse(centre, disc / 2, disc / 2)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    painter.drawText(pill.adjusted(pad + disc + gap, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def shortened(label: str, metrics: QFontMetricsF, room: float) -> str:
    """Return a label that fits into `room`; a figure at its end keeps its sign."""
    name, blank, figure = label.rpartition(" ")
    if name and figure.endswith("%"):
        room -= metrics.horizontalAdvance(blank + figure)
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) + blank + figure
    return metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)


def _label_font(text: str, *, room: float, height: float, least: float) -> QFont:
    """Return type that grows with the picture, so that it too is read from further away."""
    tall = height / (_LABEL_SHARE * QFontMetricsF(scaled_font(1.0)).height())
    scale = max(least, min(_LARGEST_LABEL, max(EMPHASIS, tall)))
    width = QFontMetricsF(scaled_font(scale, bold=True)).horizontalAdvance(text)
    scale *= min(1.0, room / max(width, 1.0))
    # Letters are fitted to pixels: a smaller type may be less small than it should.
    while scale > CAPTION:
        font = scaled_font(scale, bold=True)
        if QFontMetricsF(font).horizontalAdvance(text) <= room:
            return font
        scale *= _NEXT_SMALLER
    return scaled_font(CAPTION, bold=True)


def draw_key(
    painter: QPainter,
    head: QRectF,
    *,
    table: NDArray[np.uint32],
    meanings: Sequence[str],
    colours: Colours,
    note: str = "",
    words: str = "",
    scale: float = CAPTION,
    taken: float = 0.0,
) -> None:
    """Draw the key into the head of the picture: what cool and warm mean, quiet to loud.

    `meanings` say what the colours of the evidence mean, one or two of them. `note` stands in
    place of these, where there is none to explain; `words` say what the evidence is, in a line of
    their own. `scale` is that of the type, `taken` the room at the right that something else has.
    """
    font = scaled_font(scale)
    metrics = QFontMetricsF(font)
    line = metrics.height()
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    rows = [(tr("sound, quiet to loud"), table[0])]
    if not note:
        strongest = (table[EVIDENCE_LEVELS - 1], table[2 * EVIDENCE_LEVELS - 1])
        rows += zip(meanings, strongest, strict=False)
    key = QRectF(head.left(), head.top(), head.width() - taken, _KEY_LINES * line)
    x = key.left()
    room = key.width() - sum(_key_room(text, metrics) for text, _ in rows)
    if room < len(rows) * line and not note and len(meanings) == 1:
        rows = [(tr("sound"), rows[0][1]), (tr("evidence"), rows[1][1])]
        room = key.width() - sum(_key_room(text, metrics) for text, _ in rows)
    # In a narrow picture the strips of colour give way before the words do.
    wide = min(5.0 * line, max(line, room / len(rows)))
    for text, ramp in rows:
        strip = np.ascontiguousarray(ramp[None, :])
        image = QImage(strip.data, strip.shape[1], 1, strip.nbytes, QImage.Format.Format_RGB32)
        swatch = QRectF(x, 0, wide, line * 0.5)
        swatch.moveTop(key.center().y() - swatch.height() / 2)
        painter.drawImage(swatch, image)
        x = swatch.right() + line * 0.5
        area = QRectF(x, key.top(), key.right() - x, key.height())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)
        x += metrics.horizontalAdvance(text) + line * 1.5
    if note:
        area = QRectF(x, key.top(), key.right() - x, key.height())
        painter.setFont(scaled_font(scale, bold=True))
        painter.setPen(QColor(colours.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, note)
    elif words:
        painter.setPen(QColor(colours.text))
        below = QRectF(head.left(), key.bottom(), head.width(), head.bottom() - key.bottom())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, words)


def _key_room(text: str, metrics: QFontMetricsF) -> float:
    """Return the room that words of the key take beside their strip of colour."""
    return metrics.horizontalAdvance(text) + 2.0 * metrics.height()


def head_height(scale: float) -> float:
    """Return the height of the two lines above the picture: the key, and below it the sentence."""
    return QFontMetricsF(scaled_font(scale)).height() * (_KEY_LINES + _WORDS_LINES)


def fitting(forms: Sequence[str], *, width: float, scale: float) -> str:
    """Return the first of ever shorter forms of a sentence that fits, whole; empty if none does."""
    font_key = scaled_font(scale).key()
    return next((each for each in forms if width_of(each, font_key) <= width), "")
