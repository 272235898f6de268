"""One file in full: its answer, the timeline of its windows, and the evidence for one."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from timbrescope.desktop.engine.messages import FileEvidence, FileResult, FileWindow
from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.answers.timeline_view import TimelineView
from timbrescope.desktop.views.answers.wording import file_answer
from timbrescope.desktop.views.comparison.comparison_view import ComparisonView
from timbrescope.desktop.views.spectrogram.content import EvidenceOf
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.models import heatmaps
from timbrescope.models.analysis import State

_LARGEST, _COMPARING = 3.0, 2.0


def telling_window(result: FileResult) -> FileWindow | None:
    """Return the window that speaks best for the file's answer.

    The most probable one of the file's own instrument; failing that the first that is not
    quiet; failing that the first.
    """
    own = [w for w in result.windows if result.instrument and w.instrument == result.instrument]
    if own:
        return max(own, key=lambda window: window.probability)
    loud = [w for w in result.windows if w.state not in (State.QUIET, State.NO_SIGNAL)]
    return next(iter(loud or result.windows), None)


class FileDetail(QWidget):
    """Asks for the evidence of the window that was picked and shows it once it comes."""

    evidence_requested = Signal(Path, float)

    def __init__(
        self,
        colours: Colours,
        *,
        evidence_of: EvidenceOf = heatmaps.evidence,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._result: FileResult | None = None
        self.answer = AnswerView(colours, largest=_LARGEST)
        self.timeline = TimelineView(colours, fit_all=True)
        self.spectrogram = SpectrogramView(colours, evidence_of=evidence_of)
        self.bars = BarsView(colours)
        self.comparison = ComparisonView(colours, with_time=True)
        self._compared = framed(self.comparison, margin=6)
        self._compared.hide()
        self._start_s: float | None = None
        self.timeline.block_chosen.connect(self._request)
        self.bars.class_chosen.connect(self.spectrogram.set_evidence_class)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        grid.addWidget(self.answer, 0, 0)
        grid.addWidget(self.timeline, 1, 0)
        grid.addWidget(framed(self.spectrogram), 2, 0)
        grid.addWidget(self._compared, 3, 0)
        grid.addWidget(framed(self.bars, margin=8), 0, 1, 4, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)

    @property
    def result(self) -> FileResult | None:
        """The file on view."""
        return self._result

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        for view in (
            self.answer,
            self.timeline,
            self.spectrogram,
            self.bars,
            self.comparison,
        ):
            view.set_colours(colours)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the comparison grow with the page (Qt's hook)."""
        self.comparison.fit_page(self.height())
        super().resizeEvent(event)

    def set_comparing(self, shown: bool) -> None:
        """Show the answers of all models to the window picked, or none."""
        self._compared.setVisible(shown)
        # Beside the others' answers the one in large type may be smaller.
        self.answer.set_largest(_COMPARING if shown else _LARGEST)
        if shown and self._start_s is not None:
            self._request(self._start_s)

    def show_result(self, result: FileResult) -> None:
        """Show a file and ask for the evidence of its most telling window."""
        self._result, self._start_s = result, None
        self.comparison.show_comparison(None)
        self.comparison.mark_in_use(result.model)
        answer = file_answer(result)
        self.answer.show_answer(answer)
        self.timeline.show_windows(result.windows)
        self.spectrogram.forget()
        self.bars.show_probabilities(result.probabilities, best=answer.index)
        self.bars.settle()
        if result.status == "ok" and (window := telling_window(result)) is not None:
            self._request(window.start_s)

    def show_evidence(self, evidence: FileEvidence) -> None:
        """Show the evidence that was asked for; that of another file is left aside."""
        if self._result is None or evidence.path != self._result.path:
            return
        self.spectrogram.show_stretch(evidence)
        self.comparison.show_comparison(evidence.comparison)
        if evidence.analyses:
            self.timeline.mark(evidence.analyses[0].start_s, evidence.analyses[-1].end_s)

    def _request(self, start_s: float) -> None:
        if self._result is not None:
            self._start_s = start_s
            self.evidence_requested.emit(self._result.path, start_s)


def framed(view: QWidget, *, margin: int = 4) -> QFrame:
    """Return `view` on a panel of its own."""
    frame = QFrame()
    frame.setObjectName("surface")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.addWidget(view)
    return frame
