"""The crosshair: time, frequency, note and level under the pointer."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from timbrescope.desktop.views.spectrogram.mel_scale import pitch_words
from timbrescope.desktop.views.style.theme import BODY, Colours, scaled_font
from timbrescope.desktop.views.words.figures import figure
from timbrescope.models.times import clock_with_tenths


@dataclass(frozen=True)
class Pointed:
    """What lies under the pointer.

    Attributes
    ----------
    second : float
        Of the stream or file.
    band : float
        Height in bands, see `mel_scale.band_from_hz`.
    level_db : float or None
        Mel power in dB re full scale; None where no sound is kept.
    """

    second: float
    band: float
    level_db: float | None

    @property
    def words(self) -> str:
        """Time, frequency, note and level."""
        at = clock_with_tenths(self.second, figure=figure)
        said = f"{at} · {pitch_words(self.band)}"
        if self.level_db is None:
            return said
        return f"{said} · {figure(self.level_db)} dB"


def draw_crosshair(
    painter: QPainter,
    at: QPointF,
    clip: QRectF,
    words: str,
    *,
    colours: Colours,
    scale: float = BODY,
) -> None:
    """Draw two thin lines through `at` (pixels) and `words` beside it, inside `clip`.

    `scale` is that of the type.
    """
    line = QColor(colours.text)
    line.setAlphaF(0.55)
    painter.setPen(QPen(line, 1.0))
    painter.drawLine(QPointF(at.x(), clip.top()), QPointF(at.x(), clip.bottom()))
    painter.drawLine(QPointF(clip.left(), at.y()), QPointF(clip.right(), at.y()))
    font = scaled_font(scale)
    metrics = QFontMetricsF(font)
    pad = metrics.height() * 0.35
    label = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * pad, metrics.height() + pad)
    # Beside the pointer, on whichever side there is room.
    to_right = at.x() + 2 * pad + label.width() <= clip.right()
    below = at.y() + 2 * pad + label.height() <= clip.bottom()
    label.moveLeft(at.x() + 2 * pad if to_right else at.x() - 2 * pad - label.width())
    label.moveTop(at.y() + 2 * pad if below else at.y() - 2 * pad - label.height())
    label.moveLeft(max(clip.left(), label.left()))
    ground = QColor(colours.window)
    ground.setAlphaF(0.85)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(label, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, words)
