"""The live page: answer, spectrogram, bars, timeline and level."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.answers.timeline_view import TimelineView
from timbrescope.desktop.views.answers.wording import live_answer
from timbrescope.desktop.views.comparison.comparison_view import ComparisonView
from timbrescope.desktop.views.files.file_detail import framed
from timbrescope.desktop.views.live.level_meter import LevelMeter
from timbrescope.desktop.views.spectrogram.content import EvidenceOf
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.models import heatmaps
from timbrescope.models.analysis import State

# Height of the page, in logical pixels, for each multiple of the body's type in the answer.
_HEIGHT_PER_SCALE = 128.0
_COMPARING_SHARE = 0.6


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
        self.comparison = ComparisonView(colours)
        self._compared = framed(self.comparison, margin=6)
        self._compared.hide()
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
        grid.addWidget(self._compared, 2, 0)
        grid.addWidget(framed(self.bars, margin=8), 0, 1, 3, 1)
        grid.addWidget(self.timeline, 3, 0)
        grid.addWidget(self.meter, 3, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the answer grow with the window, so that it is read from further away."""
        self._share_height()
        super().resizeEvent(event)

    def _share_height(self) -> None:
        # Beside the others' answers the one in large type may be smaller.
        share = _COMPARING_SHARE if not self._compared.isHidden() else 1.0
        self.answer.set_largest(share * self.height() / _HEIGHT_PER_SCALE)
        self.comparison.fit_page(self.height())

    def set_comparing(self, shown: bool) -> None:
        """Show the answers of all models side by side, or only that of the one in use."""
        self._compared.setVisible(shown)
        self._share_height()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        views = (self.answer, self.spectrogram, self.comparison, self.bars)
        for view in (*views, self.timeline, self.meter):
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
        self.comparison.show_comparison(update.comparison)
        self.meter.show_level(update.level, elapsed_s=elapsed_s)
        if self.isVisible():
            self.bars.advance(elapsed_s)
            self.spectrogram.refresh(elapsed_s)
