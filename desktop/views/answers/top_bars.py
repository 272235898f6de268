"""The likeliest instruments in large type: above the 28 bars, and for an audience."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.style.theme import EMPHASIS, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.instruments import INSTRUMENTS, NAMES

COUNT = 3
# One must be this much likelier to take the place of another, else the rows would flicker.
_MARGIN = 0.02
_LEAST_SHOWN = 0.005
_ROW_LINES = 1.45
_PAD_LINES = 0.35


class TopBars(QWidget):
    """The three best, one below the other."""

    def __init__(
        self, colours: Colours, *, scale: float = EMPHASIS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._colours = colours
        self._scale = scale
        self._shares: NDArray[np.float64] = np.zeros(len(NAMES))
        self._places: tuple[int, ...] = ()
        self._claims = True
        self._measured: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("The three likeliest instruments"))

    @property
    def lines(self) -> tuple[str, ...]:
        """What the rows say, from top to bottom."""
        return tuple(
            f"{tr(NAMES[index])} {percent(float(self._shares[index]))}" for index in self._places
        )

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.update()

    def set_scale(self, scale: float) -> None:
        """Set the type, as a multiple of the body's."""
        if abs(scale - self._scale) > 0.05:
            self._scale = scale
            self.updateGeometry()
            self.update()

    def show_probabilities(
        self, probabilities: NDArray[np.float32], *, claims: bool = True
    ) -> None:
        """Take new values (28,); without a claim no row stands out as if it were the answer."""
        if claims != self._claims:
            self._claims = claims
            self.update()
        shares = np.asarray(probabilities, dtype=np.float64)
        if np.array_equal(shares, self._shares):
            return
        shares = np.nan_to_num(shares)
        ranked = shares.copy()
        # Whoever has a place keeps it unless the one below is clearly likelier.
        for place, index in enumerate(self._places):
            ranked[index] += _MARGIN * (COUNT - place)
        best = np.argsort(-ranked, kind="stable")[:COUNT]
        places = tuple(int(index) for index in best if shares[index] >= _LEAST_SHOWN)
        changed = places != self._places or np.any(
            np.rint(100 * shares) != np.rint(100 * self._shares)
        )
        self._shares, self._places = shares, places
        if changed:
            self.setAccessibleDescription(", ".join(self.lines))
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for three rows."""
        metrics = QFontMetricsF(scaled_font(self._scale))
        width = metrics.horizontalAdvance("Electric Guitar 100 %") * 1.5
        return QSize(round(width), round(COUNT * _ROW_LINES * metrics.height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room; bars give way before names do."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the rows (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.height() / COUNT
        # The room of those that have nothing to say stays free, so that nothing moves.
        for row, index in enumerate(self._places):
            area = QRectF(0, row * height, self.width(), height)
            self._draw_row(painter, area, index, stands_out=row == 0 and self._claims)
        painter.end()

    def _track(self, area: QRectF) -> QRectF:
        """Return where the bar of a row lies."""
        metrics = QFontMetricsF(scaled_font(self._scale, bold=True))
        pad, thickness = metrics.height() * _PAD_LINES, metrics.height() * 0.5
        names = min(area.width() * 0.5, self._names_width(metrics))
        left = area.left() + names + 2 * pad
        right = area.right() - metrics.horizontalAdvance(percent(1.0)) - 2 * pad
        return QRectF(left, area.center().y() - thickness / 2, right - left, thickness)

    def _names_width(self, metrics: QFontMetricsF) -> float:
        """Return the room that the longest name takes; measured once for each size."""
        if self._measured is None or self._measured[0] != metrics.height():
            widest = max(metrics.horizontalAdvance(tr(name)) for name in NAMES)
            self._measured = (metrics.height(), widest)
        return self._measured[1]

    def _draw_row(self, painter: QPainter, area: QRectF, index: int, *, stands_out: bool) -> None:
        font = scaled_font(self._scale, bold=stands_out)
        metrics = QFontMetricsF(scaled_font(self._scale, bold=True))
        painter.setFont(font)
        share = float(self._shares[index])
        pad = metrics.height() * _PAD_LINES
        names = min(area.width() * 0.5, self._names_width(metrics))
        figures = metrics.horizontalAdvance(percent(1.0))
        painter.setPen(QColor(self._colours.text if stands_out else self._colours.muted))
        name = QRectF(area.left() + pad, area.top(), names, area.height())
        text = metrics.elidedText(tr(NAMES[index]), Qt.TextElideMode.ElideRight, names)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        figure = QRectF(area.right() - figures - pad, area.top(), figures, area.height())
        sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(figure, sides, percent(share))
        self._draw_bar(painter, self._track(area), share, INSTRUMENTS[index].colour)

    def _draw_bar(self, painter: QPainter, track: QRectF, share: float, colour: str) -> None:
        if track.width() <= track.height():
            return
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.raised))
        painter.drawRoundedRect(track, radius, radius)
        filled = QRectF(track)
        filled.setWidth(max(track.height(), track.width() * min(1.0, share)))
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(filled, radius, radius)
