"""The answer in large type, to be read from across the room."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from timbrescope.desktop.views.answers.spoken import announce
from timbrescope.desktop.views.answers.wording import AnswerText
from timbrescope.desktop.views.style.theme import EMPHASIS, Colours, scaled_font
from timbrescope.models.instruments import INSTRUMENTS

_LARGEST = 5.5
_DETAIL_SHARE = 0.23
_GREATEST = 40.0
_SMALLEST = 1.6
# The window cannot be made so low that the headline is smaller than this.
_LEAST = 2.6


class AnswerView(QWidget):
    """Headline, probability and a line that says what else or why not.

    The accessible name is the whole answer; it changes, and is announced, with the claim and not
    with each figure, so that a screen reader is not flooded.
    """

    runner_up_chosen = Signal()

    def __init__(
        self, colours: Colours, *, largest: float = _LARGEST, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._colours = colours
        self._largest = largest
        self._answer = AnswerText("", "", "", None, is_guess=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def answer(self) -> AnswerText:
        """What is shown now."""
        return self._answer

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.update()

    def set_largest(self, scale: float) -> None:
        """Set the type of the headline, as a multiple of the body's."""
        scale = min(_GREATEST, max(_SMALLEST, scale))
        if abs(scale - self._largest) > 0.05:
            self._largest = scale
            self.updateGeometry()
            self.update()

    def show_answer(self, answer: AnswerText) -> None:
        """Show an answer; the engine says it no oftener than it can be read."""
        is_new_claim = answer.headline != self._answer.headline
        if answer == self._answer:
            return
        self._answer = answer
        if is_new_claim:
            self.setAccessibleName(answer.spoken)
            announce(self, answer.spoken)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the headline at its largest and the line below."""
        return QSize(480, self._height_of(self._largest))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room; the type shrinks with it.

        The type grows with the window, so the window must be free to shrink from it again.
        """
        return QSize(240, self._height_of(min(self._largest, _LEAST)))

    @staticmethod
    def _height_of(scale: float) -> int:
        large = QFontMetricsF(scaled_font(scale, bold=True)).height()
        small = QFontMetricsF(_detail_font(scale)).height()
        return round(large + 1.35 * small)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask why it is this one rather than the runner-up (Qt's hook)."""
        if event.button() == Qt.MouseButton.LeftButton and self._answer.index is not None:
            self.runner_up_chosen.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw headline, figure and detail (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        full = self._height_of(self._largest)
        detail_font = _detail_font(self._largest * min(1.0, self.height() / full))
        detail_height = QFontMetricsF(detail_font).height() * 1.35
        head = QRectF(0, 0, self.width(), self.height() - detail_height)
        left = self._draw_head(painter, head)
        painter.setFont(detail_font)
        painter.setPen(QColor(self._colours.muted))
        line = QRectF(left, head.bottom(), self.width() - left, detail_height)
        text = QFontMetricsF(detail_font).elidedText(
            self._answer.detail, Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignTop, text)
        painter.end()

    def _draw_head(self, painter: QPainter, area: QRectF) -> float:
        """Draw the headline and return where its text starts."""
        answer = self._answer
        font = self._fitting_font(area)
        metrics = QFontMetricsF(font)
        bar = self._bar_width(metrics)
        self._draw_mark(painter, QRectF(0, area.top(), bar, self.height()))
        left = bar * 2.4
        painter.setFont(font)
        painter.setPen(QColor(self._colours.muted if answer.is_guess else self._colours.text))
        painter.drawText(
            area.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, answer.headline
        )
        if answer.figure:
            light = QFont(font)
            light.setWeight(QFont.Weight.Light)
            painter.setFont(light)
            painter.setPen(QColor(self._colours.muted))
            at = left + metrics.horizontalAdvance(answer.headline) + metrics.height() * 0.35
            painter.drawText(
                area.adjusted(at, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, answer.figure
            )
        return left

    @staticmethod
    def _bar_width(metrics: QFontMetricsF) -> float:
        return metrics.height() * 0.13

    def _draw_mark(self, painter: QPainter, area: QRectF) -> None:
        """Draw the upright bar in the instrument's colour, hollow without a claim."""
        index = self._answer.index
        mark = area.adjusted(0, area.height() * 0.06, 0, -area.height() * 0.06)
        radius = mark.width() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        colour = self._colours.line if index is None else INSTRUMENTS[index].colour
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(mark, radius, radius)

    def _fitting_font(self, area: QRectF) -> QFont:
        """Return the largest type in which headline and figure fit into `area`."""
        font = scaled_font(self._largest, bold=True)
        metrics = QFontMetricsF(font)
        text = metrics.horizontalAdvance(self._answer.headline)
        # Room for the widest figure, so that the type does not jump between 9 % and 100 %.
        text += metrics.height() * 0.35 + metrics.horizontalAdvance("100 %")
        text += 2.4 * self._bar_width(metrics)
        share = min(1.0, area.width() / text, area.height() / metrics.height())
        return scaled_font(max(_SMALLEST, self._largest * share), bold=True)


def _detail_font(scale: float) -> QFont:
    """Return the type of the line below a headline of `scale`."""
    return scaled_font(max(EMPHASIS, scale * _DETAIL_SHARE))
