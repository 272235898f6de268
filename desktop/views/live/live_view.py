"""The live page: answer, spectrogram, bars, timeline and level."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.engine.smoothing import Answer, nothing
from timbrescope.desktop.views.answers.bar_rows import NONE_OF_THEM
from timbrescope.desktop.views.answers.held_answer import Held, HeldAnswer
from timbrescope.desktop.views.answers.timeline_drawing import Span
from timbrescope.desktop.views.answers.wording import (
    AnswerText,
    live_answer,
    no_answer_at,
    window_answer,
)
from timbrescope.desktop.views.live.live_page import LivePage
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.evidence import BEST, OTHERS

# Louder than this, something is being played.
_HEARD_DBFS = -50.0


class LiveView(LivePage):
    """Everything about the sound heard now; `show_update` is called for each frame.

    `explanation_wanted` tells which class is to be explained, and against which.
    """

    explanation_wanted = Signal(int, int)

    def __init__(self, colours: Colours, *, parent: QWidget | None = None) -> None:
        super().__init__(colours, parent=parent)
        self._held = HeldAnswer()
        self.is_frozen = False
        self._preview: Analysis | None = None
        self._preview_state: State | None = None
        self._newest_s = 0.0
        self._said = nothing(State.NO_SIGNAL)
        self._answered = self.answer.answer
        self._rival: int | None = None
        self.bars.class_chosen.connect(self._explain)
        self.answer.runner_up_chosen.connect(self._compare_with_runner_up)

    def set_presenting(self, presenting: bool) -> None:
        """Show what an audience is to see, beginning with the answer of now."""
        self._held.forget()
        super().set_presenting(presenting)
        self._tell(self._answered)
        self._place_frozen()

    def _explain(self, index: int | None) -> None:
        """Show the evidence of one class, or of the one that is named when None."""
        self._rival = None
        self.spectrogram.set_evidence_class(index)
        self.explanation_wanted.emit(BEST if index is None else index, OTHERS)

    def _compare_with_runner_up(self) -> None:
        """Show why it is the instrument named rather than the runner-up, or end that."""
        if self._said.best is None or self._rival is not None:
            self._explain(self.bars.chosen)
            return
        best, self._rival = (int(index) for index in np.argsort(self._said.probabilities)[:-3:-1])
        self.spectrogram.set_evidence_class(best)
        self.explanation_wanted.emit(best, self._rival)

    def show_update(self, update: LiveUpdate, *, elapsed_s: float) -> None:
        """Show everything new, `elapsed_s` seconds after the last update."""
        self.meter.show_level(update.level, elapsed_s=elapsed_s)
        if update.verdicts or update.gaps:
            self.timeline.append(update.verdicts, update.gaps)
            self.past_row.overview.show_blocks(self.timeline.blocks)
        self._take_sound(update)
        self._newest_s = update.position_s
        if self.is_frozen:
            self._align()
            return
        self._preview, self._preview_state = update.preview, update.state
        answer = live_answer(update, presenting=self._is_presenting)
        running = update.source.health in (Health.RUNNING, Health.PAUSED)
        self._said = update.answer if running else nothing(update.state)
        shares = self._said.probabilities
        preview, state = update.preview, update.state if running else None
        if self._is_presenting:
            newest = Held(answer, shares, preview, state)
            held = self._held.follow(newest, elapsed_s=elapsed_s)
            answer, shares = held.answer, held.shares
            preview, state = held.preview, held.state
        self._tell(answer)
        self.spectrogram.show_preview(preview, state=state)
        best = int(shares.argmax()) if answer.index is not None else None
        if self._said.state is State.NONE_OF_THEM:
            best = NONE_OF_THEM
        rest = self._said.none_of_them
        self.bars.show_probabilities(shares, best=best, none_of_them=rest)
        self.top_bars.show_probabilities(shares, claims=answer.index is not None)
        if self._is_presenting:
            self.lowest.advance(elapsed_s)
        if self.hint.isVisible() and update.level.rms_dbfs > _HEARD_DBFS:
            self.hint.end()
        self.comparison.show_comparison(update.comparison)
        if self.isVisible():
            self.bars.advance(elapsed_s)
            self.spectrogram.refresh(elapsed_s)
            self._align()

    def _align(self) -> None:
        """Lay timeline and overview under what the picture shows."""
        start_s, end_s = self.spectrogram.span_s
        left, right = self.spectrogram.picture_edges
        offset = self.spectrogram.mapTo(self, QPoint()).x() - self.timeline.x()
        self.timeline.show_span(Span(start_s, end_s, left + offset, right + offset))
        self.past_row.overview.show_view(start_s, end_s, newest_s=self._newest_s)
        if self.is_frozen:
            self._place_frozen()

    # -- the past -------------------------------------------------------------------------

    def freeze(self, history: History) -> None:
        """Keep answer, sound and evidence as they are; level and timeline go on."""
        self._show_frozen(True)
        self.spectrogram.show_past(history)
        self.spectrogram.choose(self._preview, state=self._preview_state)
        self._align()

    def go_on(self) -> None:
        """Show the stream again."""
        self._show_frozen(False)
        self.spectrogram.show_stream()
        self.timeline.unmark()
        self.show_played(None)

    def _show_frozen(self, frozen: bool) -> None:
        self.is_frozen = frozen
        self.past_row.show_frozen(frozen)
        self._tell(self._answered)
        self._place_frozen()

    def _tell(self, answer: AnswerText) -> None:
        """Show an answer; an audience is told with it if it is one that is kept."""
        self._answered = answer
        if self.is_frozen and self._is_presenting:
            told = " · ".join(filter(None, (tr("Frozen"), answer.detail)))
            answer = replace(answer, detail=told)
        self.answer.show_answer(answer)

    def _place_frozen(self) -> None:
        """Say that it is frozen at the right, where that hides nothing of the key.

        For an audience the line below the headline says so, in type that can be read.
        """
        self.frozen_mark.setVisible(self.is_frozen and not self._is_presenting)
        self.frozen_mark.adjustSize()
        right = round(self.spectrogram.picture_edges[1])
        self.frozen_mark.move(right - self.frozen_mark.width(), 0)
        is_shown = not self.frozen_mark.isHidden()
        self.spectrogram.leave_room(self.frozen_mark.width() if is_shown else 0.0)

    def show_past_answer(self, analysis: Analysis) -> None:
        """Show what was said of 3 s of the past, and why."""
        self._said = Answer(analysis.state, analysis.probabilities, analysis.doubt)
        answer = window_answer(analysis)
        self._tell(answer)
        shares = (
            self._said.probabilities if self._said.claims else nothing(analysis.state).probabilities
        )
        best = NONE_OF_THEM if analysis.state is State.NONE_OF_THEM else answer.index
        self.bars.show_probabilities(shares, best=best, none_of_them=self._said.none_of_them)
        self.bars.settle()
        self.top_bars.show_probabilities(shares, claims=answer.index is not None)
        self.spectrogram.choose(analysis)
        self.timeline.mark(analysis.start_s, analysis.end_s)
        self._align()

    def show_no_past_answer(self, second: float) -> None:
        """Show that nothing was said of a second of the past."""
        self._said = nothing(State.NO_SIGNAL)
        self._tell(no_answer_at(second))
        self.bars.show_probabilities(self._said.probabilities, best=None)
        self.bars.settle()
        self.top_bars.show_probabilities(self._said.probabilities, claims=False)
        self.spectrogram.choose(None)
        self.timeline.unmark()
        self._align()

    def show_played(self, second: float | None) -> None:
        """Draw the cursor of what is played, or none."""
        self.spectrogram.show_played(second)
        self.timeline.show_played(second)

    def _take_sound(self, update: LiveUpdate) -> None:
        self.spectrogram.append(update.columns, update.first_column, update.gaps)
        for verdict in update.verdicts:
            self.spectrogram.show_evidence(verdict)
