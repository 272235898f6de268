"""The answers of all models to the same window, one row each, in an order that never changes."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from timbrescope.desktop.engine.model_answers import Comparison, ModelAnswer
from timbrescope.desktop.engine.model_choices import ModelChoice
from timbrescope.desktop.views.answers.wording import (
    agreement_words,
    model_answer_words,
    percent,
)
from timbrescope.desktop.views.comparison.comparison_row import BEST, draw_row, row_look
from timbrescope.desktop.views.style.theme import BODY, CAPTION, EMPHASIS, Colours, scaled_font
from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.frontend import WINDOW_S
from timbrescope.models.instruments import NAMES
from timbrescope.models.times import clock

_NOTHING_YET = mark("All models side by side: waiting for sound")
# Rows in lines of body text, and the share of the page that all of them may take.
_LEAST_LINES, _MOST_LINES = 1.2, 3.6
_PAGE_SHARE = 0.36


class ComparisonView(QWidget):
    """A headline that says whether the models agree, and a row for each of them.

    A claim that most models share is filled with the instrument's colour, a guess that goes
    with it has a dashed outline, a claim that stands alone a plain one: agreement shows without
    reading, and without telling colours apart.

    Parameters
    ----------
    colours : Colours
    with_time : bool, optional
        Say which 3 s of the file are compared; a stream's are always the last ones.
    parent : QWidget, optional
    """

    model_chosen = Signal(str)

    def __init__(
        self, colours: Colours, *, with_time: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._colours = colours
        self._with_time = with_time
        self._choices: tuple[ModelChoice, ...] = ()
        self._comparison: Comparison | None = None
        self._in_use = ""
        self._wanted_height = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(tr("All models side by side"))

    @property
    def comparison(self) -> Comparison | None:
        """What is shown now."""
        return self._comparison

    @property
    def headline(self) -> str:
        """What is said about all models together."""
        if self._comparison is None:
            return tr(_NOTHING_YET)
        return agreement_words(self._comparison.agreement)

    @property
    def lines(self) -> tuple[str, ...]:
        """What each row says, from top to bottom."""
        return tuple(self._words(choice) for choice in self._choices)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.update()

    def show_models(self, choices: Sequence[ModelChoice]) -> None:
        """Give each model its row, those too that cannot be used."""
        self._choices = tuple(choices)
        self.updateGeometry()
        self.update()

    def mark_in_use(self, reference: str) -> None:
        """Mark the model whose answer stands large."""
        if reference != self._in_use:
            self._in_use = reference
            self.update()

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show the answers to a window, or that there are none yet."""
        if comparison is self._comparison:
            return
        before = self.headline
        self._comparison = comparison
        if self.headline != before:
            # Not with every figure: a screen reader would be flooded.
            self.setAccessibleDescription(f"{self.headline}. {'. '.join(self.lines)}")
        self.update()

    # -- geometry -------------------------------------------------------------------------

    def fit_page(self, height: int) -> None:
        """Take the room that is fair on a page of this height, in pixels."""
        self._wanted_height = round(height * _PAGE_SHARE)
        self.updateGeometry()

    def _height_of(self, lines: float) -> int:
        line = QFontMetricsF(scaled_font(BODY)).height()
        return round(self._head_height() + max(1, len(self._choices)) * lines * line)

    def _head_height(self) -> float:
        return QFontMetricsF(scaled_font(EMPHASIS, bold=True)).height() * 1.3

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for all rows, as large as the page allows."""
        least, most = self._height_of(_LEAST_LINES), self._height_of(_MOST_LINES)
        return QSize(480, min(most, max(least, self._wanted_height)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room in which all rows can be read."""
        return QSize(320, self._height_of(_LEAST_LINES))

    def row_rect(self, number: int) -> QRectF:
        """Return the place of a row, counted from the top."""
        head = self._head_height()
        height = (self.height() - head) / max(1, len(self._choices))
        return QRectF(0.0, head + number * height, self.width(), height)

    def row_at(self, y: float) -> int | None:
        """Return the number of the row at a height, None above them."""
        if y < self._head_height():
            return None
        rows = range(len(self._choices))
        return next((row for row in rows if y < self.row_rect(row).bottom()), None)

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the headline and all rows (Qt's hook)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_head(painter, QRectF(0, 0, self.width(), self._head_height()))
        if self._choices:
            titles = [choice.short_title for choice in self._choices]
            look = row_look(self.width(), self.row_rect(0).height(), titles)
            shared = self._shared()
            for number, choice in enumerate(self._choices):
                answer = self._answer(choice)
                said = None if answer is None else answer.instrument or answer.guess
                draw_row(
                    painter,
                    self.row_rect(number),
                    answer,
                    title=choice.short_title,
                    look=look,
                    agrees=said is not None and said == shared,
                    in_use=choice.reference == self._in_use,
                    colours=self._colours,
                )
        painter.end()

    def _draw_head(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(scaled_font(EMPHASIS, bold=True))
        painter.setPen(QColor(self._colours.text if self._comparison else self._colours.muted))
        left = area.adjusted(QFontMetricsF(painter.font()).height() * 0.3, 0, 0, 0)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, self.headline)
        painter.setFont(scaled_font(CAPTION))
        painter.setPen(QColor(self._colours.muted))
        sides = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area.adjusted(0, 0, -6, 0), sides, self._window_words())

    def _window_words(self) -> str:
        if self._comparison is None:
            return ""
        if not self._with_time:
            return tr("last 3 s")
        start_s = self._comparison.start_s
        return f"{clock(start_s)}–{clock(start_s + WINDOW_S)}"

    def _shared(self) -> str | None:
        """Return the instrument that at least two models mean, and more than any other."""
        if self._comparison is None:
            return None
        found = self._comparison.agreement
        return found.instrument if found.votes + found.guesses > 1 else None

    # -- what the rows say ----------------------------------------------------------------

    def _answer(self, choice: ModelChoice) -> ModelAnswer | None:
        """Return a model's answer; one that cannot be used answers with its problem."""
        answers = () if self._comparison is None else self._comparison.answers
        found = next((each for each in answers if each.model == choice.reference), None)
        if found is None and choice.problem:
            return ModelAnswer.failed(choice.reference, choice.problem)
        return found

    def _words(self, choice: ModelChoice) -> str:
        answer = self._answer(choice)
        if answer is None:
            return tr("{model}: nothing yet", model=choice.title)
        words = f"{choice.title}: {model_answer_words(answer)}"
        if answer.problem:
            return f"{words}: {answer.problem}"
        means_something = answer.instrument or answer.guess
        return f"{words} {percent(answer.probability)}" if means_something else words

    def _tip(self, choice: ModelChoice) -> str:
        answer = self._answer(choice)
        rows = [self._words(choice)]
        if answer is not None and not answer.problem and answer.probability > 0:
            best = np.argsort(answer.probabilities)[::-1][:BEST]
            rows += [f"  {tr(NAMES[i])} {percent(float(answer.probabilities[i]))}" for i in best]
        if choice.details:
            rows.append(choice.details)
        return "\n".join(rows)

    # -- input ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the model whose row is under the pointer (Qt's hook)."""
        row = self.row_at(event.position().y())
        choice = None if row is None else self._choices[row]
        if event.button() == Qt.MouseButton.LeftButton and choice and choice.is_available:
            self.model_chosen.emit(choice.reference)

    def event(self, event: QEvent) -> bool:
        """Tell the best instruments of the row under the pointer (Qt's hook)."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self.row_at(event.pos().y())
            tip = "" if row is None else self._tip(self._choices[row])
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)
