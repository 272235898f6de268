"""One file in full: its answer, the timeline of its windows, and the evidence for one."""

from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from timbrescope.desktop.engine.file_explaining import SHOWN_WINDOWS
from timbrescope.desktop.engine.file_messages import FileEvidence, FileResult
from timbrescope.desktop.engine.smoothing import Answer, nothing
from timbrescope.desktop.export.segments import telling_window
from timbrescope.desktop.views.answers.bar_rows import NONE_OF_THEM
from timbrescope.desktop.views.answers.timeline_drawing import Span
from timbrescope.desktop.views.answers.wording import (
    AnswerText,
    file_answer,
    window_answer,
    windows_note,
)
from timbrescope.desktop.views.files.file_detail_page import LARGEST, FileDetailPage
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import State
from timbrescope.models.evidence import BEST, OTHERS
from timbrescope.models.frontend import WINDOW_S

_COMPARING = 2.0


def _no_file() -> AnswerText:
    words = tr("Select a file in the list")
    return AnswerText(tr("No file selected"), "", words, None, is_guess=True)


class FileDetail(FileDetailPage):
    """Asks for the evidence of the window that was picked and shows it once it comes.

    Until a window is picked, headline and bars are those of the whole file.
    """

    evidence_requested = Signal(Path, float, float)
    explanation_wanted = Signal(int, int)
    play_requested = Signal(Path, float)

    def __init__(
        self,
        colours: Colours,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(colours, parent=parent)
        self._row: FileRow | None = None
        self._result: FileResult | None = None
        self._start_s: float | None = None
        self._is_picked = False
        self._connect()

    def _connect(self) -> None:
        self.timeline.block_chosen.connect(self._pick)
        self.spectrogram.placed.connect(self._align)
        self.bars.class_chosen.connect(self._explain)
        self._whole.clicked.connect(self.show_whole)
        self._play.clicked.connect(self._ask_to_play)

    @property
    def result(self) -> FileResult | None:
        """The result on view."""
        return self._result

    def set_comparing(self, shown: bool) -> None:
        """Show the answers of all models to the window picked, or none."""
        self._compared.setVisible(shown)
        # Beside the others' answers the one in large type may be smaller.
        self.answer.set_largest(_COMPARING if shown else LARGEST)
        if shown and self._start_s is not None:
            self._request(self._start_s)

    # -- the file -------------------------------------------------------------------------

    def show_row(self, row: FileRow | None) -> None:
        """Show a file of the list, or that none is looked at."""
        is_same_file = row is not None and self._row is not None and row.path == self._row.path
        self._row = row
        result = None if row is None else row.result
        self._play.setEnabled(row is not None and not row.is_folder)
        if result is None:
            self._show_nothing(row)
        elif result is not self._result or not is_same_file:
            self._show_result(result)

    def _show_nothing(self, row: FileRow | None) -> None:
        """Say why there is nothing: the last file's answer would be taken for this one's."""
        if self._result is not None or self.timeline.blocks:
            self._forget()
            self.bars.show_probabilities(self.bars.values.astype("float32") * 0, best=None)
            self.bars.settle()
        waiting = (
            None
            if row is None
            else AnswerText(row.answer_words, "", row.path.name, None, is_guess=True)
        )
        self.answer.show_answer(waiting or _no_file())

    def _forget(self) -> None:
        self._result, self._start_s = None, None
        self._say("")
        self._set_picked(False)
        self.comparison.show_comparison(None)
        self.timeline.clear()
        self.spectrogram.forget()

    def _show_result(self, result: FileResult) -> None:
        """Show a result and ask for the evidence of its most telling window."""
        self._forget()
        self._result = result
        self.comparison.mark_in_use(result.model)
        self.timeline.show_windows(result.windows)
        self._align()
        self._say(windows_note(result))
        self._show_file_answer(result)
        if result.status == "ok" and (window := telling_window(result)) is not None:
            self._request(window.start_s)

    def _say(self, note: str) -> None:
        self._note.setText(note)
        self._note.setVisible(bool(note))

    @property
    def note(self) -> str:
        """Why the file's answer and those of its windows differ, empty if they do not."""
        return self._note.text()

    def _show_file_answer(self, result: FileResult) -> None:
        answer = file_answer(result)
        self.answer.show_answer(answer)
        self._show_bars(result.answer)

    def _show_bars(self, said: Answer) -> None:
        best = said.best if said.state is State.INSTRUMENT else None
        if said.state is State.NONE_OF_THEM:
            best = NONE_OF_THEM
        shown = said.probabilities if said.claims else nothing(said.state).probabilities
        self.bars.show_probabilities(shown, best=best, none_of_them=said.none_of_them)
        self.bars.settle()

    # -- one of its windows ---------------------------------------------------------------

    def show_evidence(self, evidence: FileEvidence) -> None:
        """Show the evidence that was asked for; that of another file is left aside."""
        if self._result is None or evidence.path != self._result.path:
            return
        self.spectrogram.show_stretch(evidence)
        self._align()
        self.comparison.show_comparison(evidence.comparison)
        asked = evidence.asked_for
        if asked is None:
            return
        self.timeline.mark(asked.start_s, asked.end_s)
        self.timeline.show_part(evidence.start_s, evidence.analyses[-1].end_s)
        if self._is_picked:
            self.answer.show_answer(window_answer(asked))
            self._show_bars(Answer(asked.state, asked.probabilities, asked.doubt))

    def _align(self) -> None:
        """Lay the timeline over the picture: on its scale where the picture shows all the file."""
        if self._result is None or not self._result.windows:
            self.timeline.show_span(None)
            return
        start_s, end_s = self.spectrogram.span_s
        file_end_s = self._result.windows[-1].start_s + WINDOW_S
        is_whole = start_s <= 0.0 and end_s >= file_end_s - COLUMN_S
        shown_s = (start_s, end_s) if is_whole else (0.0, file_end_s)
        left, right = self.spectrogram.picture_edges
        offset = self.spectrogram.mapTo(self, QPoint()).x() - self.timeline.x()
        self.timeline.show_span(Span(*shown_s, left + offset, right + offset))

    def show_whole(self) -> None:
        """Show the answer for the whole file again."""
        self._set_picked(False)
        if self._result is not None:
            self._show_file_answer(self._result)

    def _pick(self, start_s: float) -> None:
        """Look at the window that starts at `start_s`."""
        self._set_picked(True)
        self._request(start_s)

    def _set_picked(self, picked: bool) -> None:
        self._is_picked = picked
        self._whole.setVisible(picked)

    def _explain(self, index: int | None) -> None:
        """Ask for the evidence of one class, or of each window's likeliest when None."""
        self.spectrogram.set_evidence_class(index)
        self.explanation_wanted.emit(BEST if index is None else index, OTHERS)
        if self._start_s is not None:
            self._request(self._start_s)

    def _request(self, start_s: float) -> None:
        """Ask for a window's evidence, in a picture that is as long near the file's end.

        A file that fits into one picture is so shown from its beginning, whichever window it is.
        """
        if self._result is None:
            return
        self._start_s = start_s
        starts_s = [each.start_s for each in self._result.windows]
        whole_s = starts_s[-SHOWN_WINDOWS] if len(starts_s) > SHOWN_WINDOWS else 0.0
        self.evidence_requested.emit(self._result.path, start_s, min(start_s, whole_s))

    def _ask_to_play(self) -> None:
        if self._row is not None:
            start_s = self._start_s if self._is_picked and self._start_s is not None else 0.0
            self.play_requested.emit(self._row.path, start_s)

    def show_played(self, path: Path, second: float | None) -> None:
        """Draw the cursor of a file that is played, if it is the one on view."""
        is_here = self._row is not None and self._row.path == path
        shown = second if is_here else None
        self._play.setText(tr("Play") if shown is None else tr("Stop"))
        self.timeline.show_played(shown)
        self.spectrogram.show_played(shown)
        start_s, end_s = self.spectrogram.span_s
        # The picture turns the page when the cursor leaves it; what was asked for is on its way.
        if shown is not None and not start_s - WINDOW_S <= shown <= end_s:
            window_s = shown // WINDOW_S * WINDOW_S
            if window_s != self._start_s:
                self._request(window_s)
