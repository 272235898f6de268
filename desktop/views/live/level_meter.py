"""The level of the input, with the zone to aim at, the recent peak and a mark for clipping."""

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.engine.messages import LevelReading
from timbrescope.desktop.views.answers.wording import decibels
from timbrescope.desktop.views.style.theme import CAPTION, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr

LOWEST_DBFS = -60.0
GOOD_FROM_DBFS = -30.0
GOOD_TO_DBFS = -9.0
CLIPPING_DBFS = -0.1

_PEAK_HOLD_S = 1.5
_READ_EVERY_S = 1.0
_PEAK_FALL_DB_PER_S = 20.0
_CLIP_SHOWN_S = 2.0
_FALL_DB_PER_S = 60.0
_LABELS_DBFS = (-60, -45, -30, -20, -9, 0)


def position(level_dbfs: float) -> float:
    """Return where a level lies on the meter, 0 (-60 dBFS or less) to 1 (0 dBFS)."""
    if math.isnan(level_dbfs):
        return 0.0
    return min(1.0, max(0.0, 1.0 - level_dbfs / LOWEST_DBFS))


class LevelMeter(QWidget):
    """A horizontal meter. It owns no timer: `show_level` also moves time on."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._type = CAPTION
        self._rms_dbfs = -math.inf
        self._peak_dbfs = -math.inf
        self._held_s = 0.0
        self._told_dbfs = -math.inf
        self._told_since_s = 0.0
        self._read_since_s = _READ_EVERY_S
        self._clip_left_s = 0.0
        # What was drawn last, so that only what changed is drawn again.
        self._words = ("", "")
        self._levels = (0, 0, False)
        self._bar_of: tuple[int, QRectF] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Level of the input. Aim for the marked zone, -30 to -9 dBFS"))
        self.setAccessibleName(tr("Input level"))

    @property
    def rms_dbfs(self) -> float:
        """Level the bar shows."""
        return self._rms_dbfs

    @property
    def peak_dbfs(self) -> float:
        """Peak being held."""
        return self._peak_dbfs

    @property
    def told_dbfs(self) -> float:
        """Level that figure and words tell: the loudest of the last moments, as the bar showed it.

        So they outlast the pauses between notes, and never contradict each other.
        """
        return self._told_dbfs

    @property
    def is_clipping(self) -> bool:
        """Whether the mark for clipping is lit."""
        return self._clip_left_s > 0

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours, self._bar_of = colours, None
        self.update()

    def set_type(self, scale: float) -> None:
        """Set the type, as a multiple of the body's; the bar grows with it."""
        if abs(scale - self._type) > 0.05:
            self._type, self._bar_of = scale, None
            self.updateGeometry()
            self.update()

    def show_level(self, level: LevelReading, *, elapsed_s: float) -> None:
        """Take a new reading `elapsed_s` seconds after the last one."""
        fallen = self._rms_dbfs - _FALL_DB_PER_S * elapsed_s
        self._rms_dbfs = max(level.rms_dbfs, fallen if fallen > LOWEST_DBFS else -math.inf)
        self._hold_told(elapsed_s)
        self._hold_peak(level.peak_dbfs, elapsed_s)
        self._clip_left_s = max(0.0, self._clip_left_s - elapsed_s)
        if level.peak_dbfs >= CLIPPING_DBFS:
            self._clip_left_s = _CLIP_SHOWN_S
        self._tell_reader(elapsed_s)
        words = (self._figure, self.advice)
        if words != self._words:
            self._words = words
            self.update()
        elif (drawn := self._drawn_levels()) != self._levels:
            self._levels = drawn
            # Words and scale stay as they are.
            self.update(self._bar_pixels())

    def _drawn_levels(self) -> tuple[int, int, bool]:
        """Return what the bar shows, in pixels of its length."""
        length = self._bar().width()
        rms, peak = (round(length * position(each)) for each in (self._rms_dbfs, self._peak_dbfs))
        return rms, peak, self.is_clipping

    def _tell_reader(self, elapsed_s: float) -> None:
        """Give screen readers level and advice, no oftener than they can read them."""
        self._read_since_s += elapsed_s
        if self._read_since_s >= _READ_EVERY_S:
            self._read_since_s = 0.0
            said = f"{self._figure}, {self.advice}"
            if said != self.accessibleDescription():
                self.setAccessibleDescription(said)

    @property
    def _figure(self) -> str:
        return decibels(self._told_dbfs) if self._told_dbfs > LOWEST_DBFS else tr("silence")

    def _hold_told(self, elapsed_s: float) -> None:
        self._told_since_s += elapsed_s
        if self._told_since_s > _PEAK_HOLD_S:
            fallen = self._told_dbfs - _PEAK_FALL_DB_PER_S * elapsed_s
            self._told_dbfs = fallen if fallen > LOWEST_DBFS else -math.inf
        if self._rms_dbfs >= self._told_dbfs:
            self._told_dbfs, self._told_since_s = self._rms_dbfs, 0.0

    def _hold_peak(self, peak_dbfs: float, elapsed_s: float) -> None:
        self._held_s += elapsed_s
        if self._held_s > _PEAK_HOLD_S:
            self._peak_dbfs -= _PEAK_FALL_DB_PER_S * elapsed_s
        if peak_dbfs >= self._peak_dbfs:
            self._peak_dbfs, self._held_s = peak_dbfs, 0.0

    @property
    def advice(self) -> str:
        """What to do about the level, in a word or two."""
        if self.is_clipping:
            return tr("clipping, turn it down")
        if self._told_dbfs <= LOWEST_DBFS:
            return tr("no sound")
        if self._told_dbfs < GOOD_FROM_DBFS:
            return tr("low, move closer")
        return tr("good") if self._told_dbfs <= GOOD_TO_DBFS else tr("very loud")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the bar between two lines of small type."""
        line = QFontMetricsF(scaled_font(self._type)).height()
        return QSize(260, round(4.0 * line))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room."""
        return QSize(160, self.sizeHint().height())

    def _bar(self) -> QRectF:
        """Return where the bar lies."""
        if self._bar_of is None or self._bar_of[0] != self.width():
            metrics = QFontMetricsF(scaled_font(self._type))
            line, edge = metrics.height(), metrics.horizontalAdvance("−60") / 2
            bar = QRectF(edge, line * 1.35, self.width() - 2 * edge, line * 1.2)
            self._bar_of = (self.width(), bar)
        return self._bar_of[1]

    def _bar_pixels(self) -> QRect:
        """Return the whole pixels that are drawn anew with the bar."""
        return self._bar().adjusted(-2, -2, 2, 2).toAlignedRect()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the meter, or only its bar if nothing else changed (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = self._bar()
        self._draw_bar(painter, bar)
        if not self._bar_pixels().contains(event.rect()):
            font = scaled_font(self._type)
            painter.setFont(font)
            line = QFontMetricsF(font).height()
            self._draw_words(painter, QRectF(bar.left(), 0, bar.width(), line * 1.1))
            self._draw_scale(painter, bar, line)
        painter.end()

    def _draw_words(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(QColor(self._colours.muted))
        figure = self._figure
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        if self.is_clipping:
            painter.setPen(QColor(self._colours.error))
        metrics = QFontMetricsF(painter.font())
        room = area.width() - metrics.horizontalAdvance(figure + "  ")
        words = metrics.elidedText(
            tr("Level: {advice}", advice=self.advice), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_bar(self, painter: QPainter, bar: QRectF) -> None:
        c = self._colours
        radius = bar.height() * 0.25
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(bar, radius, radius)
        good = QRectF(bar)
        good.setLeft(bar.left() + bar.width() * position(GOOD_FROM_DBFS))
        good.setRight(bar.left() + bar.width() * position(GOOD_TO_DBFS))
        zone = QColor(c.good)
        zone.setAlphaF(0.25)
        painter.setBrush(zone)
        painter.drawRect(good)
        filled = QRectF(bar)
        filled.setWidth(bar.width() * position(self._rms_dbfs))
        painter.setBrush(QColor(self._bar_colour()))
        painter.drawRoundedRect(filled.adjusted(0, 2, 0, -2), radius, radius)
        if self._peak_dbfs > LOWEST_DBFS:
            x = bar.left() + bar.width() * position(self._peak_dbfs)
            painter.setPen(QPen(QColor(c.error if self.is_clipping else c.text), 2.0))
            painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        if self.is_clipping:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.error))
            painter.drawRoundedRect(
                QRectF(
                    bar.right() - bar.height() * 0.5, bar.top(), bar.height() * 0.5, bar.height()
                ),
                radius,
                radius,
            )

    def _bar_colour(self) -> str:
        c = self._colours
        if self._rms_dbfs > GOOD_TO_DBFS:
            return c.warning
        return c.good if self._rms_dbfs >= GOOD_FROM_DBFS else c.accent

    def _draw_scale(self, painter: QPainter, bar: QRectF, line: float) -> None:
        painter.setPen(QColor(self._colours.muted))
        for level in _LABELS_DBFS:
            x = bar.left() + bar.width() * position(level)
            painter.drawText(
                QRectF(x - 3 * line, bar.bottom() + 1, 6 * line, line),
                Qt.AlignmentFlag.AlignHCenter,
                f"{level}".replace("-", "−"),
            )
