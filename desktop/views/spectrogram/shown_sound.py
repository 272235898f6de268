"""What a spectrogram is told to show: the stream, a stretch of a file, or the past."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.answers.wording import NO_EVIDENCE
from timbrescope.desktop.views.spectrogram.content import SpectrogramContent
from timbrescope.desktop.views.spectrogram.crosshair import Pointed
from timbrescope.desktop.views.spectrogram.explained import ExplainedSpan
from timbrescope.desktop.views.spectrogram.gestures import PictureOverTime
from timbrescope.desktop.views.spectrogram.past import PastContent
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, State

_KEPT_GAPS = 20


class ShownSound(PictureOverTime):
    """Keeps sound and evidence of what is on view; whoever inherits draws them.

    Parameters
    ----------
    seconds : float
        Width of the live picture.
    parent : QWidget, optional
    """

    evidence_toggled = Signal(bool)

    def __init__(self, *, seconds: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = SpectrogramContent(seconds=seconds)
        self._content = self._live
        self._past: PastContent | None = None
        self._played_s: float | None = None
        self._gaps: deque[Gap] = deque(maxlen=_KEPT_GAPS)

    def refresh(self, elapsed_s: float | None = None) -> None:
        """Draw the next frame, `elapsed_s` seconds after the last one."""
        raise NotImplementedError

    # -- what is shown --------------------------------------------------------------------

    @property
    def evidence_class(self) -> int | None:
        """Class whose evidence is shown, None for the best of each window."""
        return self._content.evidence_class

    @property
    def evidence_shown(self) -> bool:
        """Whether evidence is drawn."""
        return self._content.evidence_shown

    @property
    def explained(self) -> tuple[ExplainedSpan, ...]:
        """The stretches framed as being explained."""
        return self._content.explained

    @property
    def note(self) -> str:
        """What is said about the evidence in words, empty while it speaks for itself."""
        return tr(NO_EVIDENCE) if self._content.lacks_evidence else ""

    @property
    def words(self) -> str:
        """The evidence in a sentence; empty if there is none.

        Above the picture stands as much of it as there is room for (`words_drawn`).
        """
        return self._content.words

    @property
    def pointed(self) -> Pointed | None:
        """What lies under the pointer, None while it is elsewhere."""
        area = self.area
        if self.pointer is None or not area.box.contains(self.pointer):
            return None
        second, band = area.second(self.pointer.x()), area.band(self.pointer.y())
        level_db = self._content.level_db(second, band)
        return Pointed(second + self.origin_s, band, level_db)

    @property
    def origin_s(self) -> float:
        """The second of stream or file that the picture's zero stands for."""
        return self._content.origin_s

    def set_evidence_shown(self, shown: bool) -> None:
        """Draw the evidence, or the sound alone."""
        if shown != self._content.evidence_shown:
            for content in {self._live, self._content}:
                content.set_evidence_shown(shown)
            self.refresh()
            self.evidence_toggled.emit(shown)

    @property
    def against_shown(self) -> bool:
        """Whether what speaks against the class is drawn as well."""
        return self._content.against_shown

    def set_against_shown(self, shown: bool) -> None:
        """Draw what speaks against the class as well, in a second hue, or only what is for it."""
        for content in {self._live, self._content}:
            content.set_against_shown(shown)
        self.refresh()

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class (0–27), or of each window's best when None."""
        for content in {self._live, self._content}:
            content.set_evidence_class(index)
        self.refresh()

    # -- live -----------------------------------------------------------------------------

    def append(
        self, columns: NDArray[np.float32], first_column: int, gaps: Iterable[Gap] = ()
    ) -> None:
        """Add columns (128, k) in dB from stream index `first_column` on, and gaps in them."""
        self._live.append(columns, first_column)
        self._gaps.extend(gaps)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Where the sound on view does not go on."""
        if self._past is not None:
            return self._past.history.gaps
        return () if self._content.is_stretch else tuple(self._gaps)

    def show_evidence(self, analysis: Analysis) -> None:
        """Lay the evidence of a committed verdict over the 3 s that it explains."""
        self._live.lay_verdict(analysis)

    def show_preview(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Lay the evidence of the rolling last 3 s over them until the next preview.

        `state` is the steady answer; the frame names no instrument before it does.
        """
        self._live.lay_preview(analysis, state=state)

    def forget(self) -> None:
        """Forget sound and evidence."""
        self._content.forget()
        self.refresh()

    # -- the past -------------------------------------------------------------------------

    @property
    def past(self) -> PastContent | None:
        """What is shown of the past, None while the stream is."""
        return self._past

    def show_past(self, history: History) -> None:
        """Show a snapshot of the session, at the place that is on view; the stream goes on."""
        span_s = self.span_s
        self._past = PastContent(
            history,
            span_s=span_s,
            evidence_shown=self.evidence_shown,
            against_shown=self.against_shown,
        )
        self._content = self._past
        self.refresh()

    def look(self, start_s: float, end_s: float) -> None:
        """Show these seconds of the past."""
        if self._past is not None:
            self._past.look(start_s, end_s)
            self.refresh()

    def choose(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Look at one answer of the past; `state` is the steady answer where it was another."""
        if self._past is not None:
            self._past.choose(analysis, state=state)
            self.refresh()

    def show_stream(self) -> None:
        """Show the stream again."""
        self._past, self._content = None, self._live
        self.refresh()

    def show_played(self, second: float | None) -> None:
        """Draw the cursor of what is played at a second of stream or file, or none."""
        if second != self._played_s:
            self._played_s = second
            self.update()

    # -- a stretch of a file --------------------------------------------------------------

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Show a stretch of a file, standing still, each window framed."""
        self._content.show_stretch(stretch)
        self.refresh()
