"""How evidence is laid over the sound of a spectrogram, of a stream or of a file; no Qt."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.drawing.colour_maps import evidence_codes
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.strength import claim_of, drawn
from timbrescope.desktop.views.spectrogram.column_store import (
    COLUMN_S,
    ColumnStore,
    column_of,
)
from timbrescope.desktop.views.spectrogram.known_content import KnownContent, Named
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.frontend import FRAMES

# Evidence of what has been heard before the window explained now is gone after so long.
FADE_S = 3.0


class SpectrogramContent(KnownContent):
    """Keeps the sound and lays the evidence over it; both are addressed by stream column.

    Parameters
    ----------
    seconds : float
        Length of the live picture.
    """

    def evidence(self, first: int, count: int) -> NDArray[np.int8] | None:
        """Return the evidence: the newest window's, and before it what is left of older ones.

        Codes of shape (128, count) from column `first` on, None when no evidence is shown.
        """
        if not self._evidence_shown:
            return None
        kept = self._store.evidence(first, count)
        if self._preview_state is State.NO_SIGNAL and self._stretch is None:
            # Nothing moves on, so that what is left of an answer would never fade.
            return np.zeros_like(kept)
        if self._preview is None:
            return kept
        if self._preview_codes is None:
            # What is left of an older answer belongs to none that is named now.
            return np.zeros_like(kept)
        start = column_of(self._preview.start_s) - first
        composed = _faded(kept, before=start)
        part = self._preview_codes[:, max(0, -start) :]
        window = slice(max(0, start), max(0, start + FRAMES))
        room = composed[:, window].shape[1]
        composed[:, window] = part[:, :room]
        # Frames before the first sample reach into the sound, but nothing is heard before it.
        composed[:, : max(0, -first)] = 0
        return composed

    # -- what comes in --------------------------------------------------------------------

    def append(self, columns: NDArray[np.float32], first_column: int) -> None:
        """Add columns (128, k) in dB from stream index `first_column` on."""
        if self._store.append(columns, first_column):
            self._forget_evidence()

    def lay_verdict(self, analysis: Analysis) -> None:
        """Lay the evidence of a committed verdict over the 3 s that it explains."""
        self._verdicts.append(analysis)
        self._lay(analysis)
        self.revision += 1

    def lay_preview(self, analysis: Analysis | None, *, state: State | None) -> None:
        """Lay the evidence of the rolling last 3 s over them until the next preview.

        `state` is the steady answer; no instrument is named before it does.
        """
        if analysis is self._preview and state is self._preview_state:
            return
        self._preview, self._preview_state = analysis, state
        self._preview_codes = None if analysis is None else self._codes(analysis, state)
        named = None if analysis is None else _named(analysis)
        self._sentence.follow(
            None if self._preview_codes is None else analysis, is_another=named != self._named
        )
        if self._named is None:
            self._named = named
            self._lay_everything()
        elif named != self._named or self._preview_codes is None:
            # What is left of an older answer must not stand beside this one's name, nor come back:
            # outside the frame evidence only fades.
            self._named = named
            self._verdicts.clear()
            self._store.clear_evidence()
        self.revision += 1

    def show_stretch(self, stretch: FileEvidence) -> None:
        """Take a stretch of a file in place of the stream."""
        self._forget_evidence()
        self._stretch = stretch
        self._store = ColumnStore(max(1, stretch.columns.shape[1]))
        self._store.append(stretch.columns, 0)
        self._lay_everything()
        self._sentence.tell_stretch(stretch)

    def forget(self) -> None:
        """Forget sound and evidence, and be ready for a stream."""
        self._stretch = None
        self._store = ColumnStore(self._live_columns)
        self._forget_evidence()

    def set_evidence_shown(self, shown: bool) -> None:
        """Show the evidence, or the sound alone.

        While it is not shown none is counted: that there is none says nothing of the model.
        """
        self._evidence_shown = shown
        if self._preview is not None and self._preview.evidence is None:
            self._preview = None
        self.revision += 1

    def set_against_shown(self, shown: bool) -> None:
        """Show what speaks against the class as well, or only what speaks for it."""
        self._against_shown = self._sentence.with_against = shown
        self._lay_everything()
        if self._preview is not None:
            self._preview_codes = self._codes(self._preview, self._preview_state)
            told = None if self._preview_codes is None else self._preview
            self._sentence.follow(told, is_another=True)
        if self._stretch is not None:
            self._sentence.tell_stretch(self._stretch)

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class (0–27), or of each window's best when None.

        What is there for another class goes; the engine brings what is wanted.
        """
        self._class = index
        self._lay_everything()
        self._preview_codes = None
        if self._preview is not None:
            self._preview_codes = self._codes(self._preview, self._preview_state)

    # -- laying ---------------------------------------------------------------------------

    def _forget_evidence(self) -> None:
        self._verdicts.clear()
        self._preview = self._preview_codes = self._preview_state = self._named = None
        self._sentence.forget()
        self.revision += 1

    def _lay_everything(self) -> None:
        self._store.clear_evidence()
        shown: Iterable[Analysis] = self._verdicts
        if self._stretch is not None:
            shown = self._stretch.analyses
        for analysis in shown:
            self._lay(analysis)
        self.revision += 1

    def _lay(self, analysis: Analysis) -> None:
        if self._stretch is None and self._named not in (None, _named(analysis)):
            return
        grid = None
        if self._is_wanted(analysis):
            grid = drawn(analysis, with_against=self._against_shown)
        if grid is not None:
            self._store.lay_evidence(grid, column_of(analysis.start_s - self.origin_s))

    def _codes(self, analysis: Analysis, state: State | None) -> NDArray[np.int8] | None:
        if not self._is_wanted(analysis):
            return None
        claim = claim_of(analysis, state=state)
        grid = drawn(analysis, claim=claim, with_against=self._against_shown)
        return None if grid is None else evidence_codes(grid)

    def _is_wanted(self, analysis: Analysis) -> bool:
        if analysis.evidence is None:
            return False
        return self._class in (None, analysis.evidence.explained)


def _named(analysis: Analysis) -> Named | None:
    if analysis.evidence is None:
        return None
    return analysis.model, analysis.evidence.explained, analysis.evidence.against


def _faded(codes: NDArray[np.int8], *, before: int) -> NDArray[np.int8]:
    """Return a copy that fades from column `before` backwards and is empty from it on."""
    age_s = (before - np.arange(codes.shape[1])) * COLUMN_S
    share = np.where(age_s > 0, np.clip(1.0 - age_s / FADE_S, 0.0, 1.0), 0.0)
    return (codes * share.astype(np.float32)).astype(np.int8)
