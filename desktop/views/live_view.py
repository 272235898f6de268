"""The live page: answer, spectrogram, bars, timeline and level."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.engine.messages import Health, LiveUpdate
from desktop.views.answer_view import AnswerView
from desktop.views.bars_view import BarsView
from desktop.views.file_detail import framed
from desktop.views.level_meter import LevelMeter
from desktop.views.spectrogram_content import EvidenceOf
from desktop.views.spectrogram_view import SpectrogramView
from desktop.views.theme import Colours
from desktop.views.timeline_view import TimelineView
from desktop.views.wording import live_answer
from models import heatmaps
from models.analysis import State

# Height of the page, in logical pixels, for each multiple of the body's type in the answer.
_HEIGHT_PER_SCALE = 128.0


class LiveView(QWidget):
    """Everything about the sound heard now; `show_update` is called for each frame."""

    def __init__(
        self,
        colours: Colours,
        *,
        evidence_of: EvidenceOf = heatmaps.evidence,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.answer = AnswerView(colours)
        self.spectrogram = SpectrogramView(colours, evidence_of=evidence_of)
        self.bars = BarsView(colours)
        self.timeline = TimelineView(colours)
        self.meter = LevelMeter(colours)
        self.bars.class_chosen.connect(self.spectrogram.set_evidence_class)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.answer, 0, 0)
        grid.addWidget(framed(self.spectrogram), 1, 0)
        grid.addWidget(framed(self.bars, margin=8), 0, 1, 2, 1)
        grid.addWidget(self.timeline, 2, 0)
        grid.addWidget(self.meter, 2, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the answer grow with the window, so that it is read from further away."""
        self.answer.set_largest(self.height() / _HEIGHT_PER_SCALE)
        super().resizeEvent(event)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        for view in (self.answer, self.spectrogram, self.bars, self.timeline, self.meter):
            view.set_colours(colours)

    def show_update(self, update: LiveUpdate, *, elapsed_s: float) -> None:
        """Show everything new, `elapsed_s` seconds after the last update."""
        answer = live_answer(update)
        self.answer.show_answer(answer, elapsed_s=elapsed_s)
        self.spectrogram.append(update.columns, update.first_column)
        for verdict in update.verdicts:
            self.spectrogram.show_evidence(verdict)
        running = update.source.health is Health.RUNNING
        self.spectrogram.show_preview(update.preview, state=update.state if running else None)
        if update.verdicts:
            self.timeline.append(update.verdicts)
        claims = running and update.state in (State.INSTRUMENT, State.NOT_SURE, State.LISTENING)
        best = int(update.probabilities.argmax()) if answer.index is not None else None
        self.bars.show_probabilities(
            update.probabilities if claims else update.probabilities * 0, best=best
        )
        self.meter.show_level(update.level, elapsed_s=elapsed_s)
        if self.isVisible():
            self.bars.advance(elapsed_s)
            self.spectrogram.refresh(elapsed_s)
