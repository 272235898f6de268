"""What the spectrogram shows: sound and evidence in register, of a stream or of a file; no Qt."""

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.drawing.colour_maps import evidence_codes
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.strength import claim_of, drawn
from timbrescope.desktop.views.spectrogram.column_store import (
    CODES_PER_DB,
    COLUMN_S,
    FLOOR_DB,
    ColumnStore,
    column_of,
)
from timbrescope.desktop.views.spectrogram.evidence_sentence import EvidenceSentence
from timbrescope.desktop.views.spectrogram.explained import (
    ExplainedSpan,
    explained_span,
    side_by_side,
)
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, ModelIdentity, State
from timbrescope.models.evidence import OTHERS
from timbrescope.models.frontend import FRAMES, MEL_BANDS
from timbrescope.models.instruments import NAMES

# Evidence of what has been heard before the window explained now is gone after so long.
FADE_S = 3.0
# Whose evidence it is: model, class, and what that is compared with.
_Named = tuple[ModelIdentity, int, int]


class SpectrogramContent:
    """Keeps the sound and lays the evidence over it; both are addressed by stream column.

    Parameters
    ----------
    seconds : float
        Length of the live picture.

    Attributes
    ----------
    revision : int
        Changes with the evidence, so that what was derived from it can be kept till then.
    """

    def __init__(self, *, seconds: float) -> None:
        self._live_columns = int(np.ceil(seconds / COLUMN_S)) + 2
        self._store = ColumnStore(self._live_columns)
        self._verdicts: deque[Analysis] = deque(maxlen=int(seconds // 3) + 2)
        self._preview: Analysis | None = None
        self._preview_codes: NDArray[np.int8] | None = None
        self._preview_state: State | None = None
        self._named: _Named | None = None
        self._stretch: FileEvidence | None = None
        self._class: int | None = None
        self._evidence_shown = True
        self._against_shown = False
        self._sentence = EvidenceSentence()
        self.revision = 0

    # -- what there is --------------------------------------------------------------------

    @property
    def is_stretch(self) -> bool:
        """Whether a stretch of a file is shown, which stands still."""
        return self._stretch is not None

    @property
    def origin_s(self) -> float:
        """Second of the file at which its stretch begins, 0 for a stream."""
        return 0.0 if self._stretch is None else self._stretch.start_s

    @property
    def next_column(self) -> int:
        """Stream index of the column to come."""
        return self._store.next_column

    @property
    def evidence_class(self) -> int | None:
        """Class whose evidence is shown, None for the best of each window."""
        return self._class

    @property
    def evidence_shown(self) -> bool:
        """Whether evidence is shown."""
        return self._evidence_shown

    @property
    def lacks_evidence(self) -> bool:
        """Whether evidence is wanted, but the model that answers gives none."""
        if not self._evidence_shown:
            return False
        newest = self._preview
        if self._stretch is not None:
            newest = self._stretch.asked_for
        return newest is not None and newest.evidence is None

    @property
    def explained(self) -> tuple[ExplainedSpan, ...]:
        """The stretches being explained."""
        if not self._evidence_shown:
            return ()
        if self._stretch is not None:
            spans = (self._explained(each, each.state) for each in self._stretch.analyses)
            return side_by_side(spans, asked=self._stretch.asked)
        if self._preview is None or self._preview_codes is None:
            return ()
        state = self._preview.state if self._preview_state is None else self._preview_state
        return (self._explained(self._preview, state),)

    @property
    def against_shown(self) -> bool:
        """Whether what speaks against the class is shown as well."""
        return self._against_shown

    @property
    def key(self) -> tuple[str, ...]:
        """What the colours of the evidence mean: the first, and the second where there is one."""
        if not self._evidence_shown:
            return ()
        shown = self._preview if self._stretch is None else self._stretch.asked_for
        rival = OTHERS if shown is None or shown.evidence is None else shown.evidence.against
        if shown is not None and shown.evidence is not None and 0 <= rival < len(NAMES):
            first, second = (tr(NAMES[index]) for index in (shown.evidence.explained, rival))
            return tr("speaks for {name}", name=first), tr("for {name}", name=second)
        for_it = tr("speaks for the answer")
        return (for_it, tr("against it")) if self._against_shown else (for_it,)

    @property
    def words(self) -> str:
        """The evidence in a sentence: of the newest window, or of that asked for; else empty."""
        return next(iter(self.forms_of_words), "")

    @property
    def forms_of_words(self) -> tuple[str, ...]:
        """The sentence on the evidence, whole and in ever shorter forms."""
        return self._sentence.forms if self._evidence_shown else ()

    def visible(self) -> tuple[int, int]:
        """Return the first column to draw and how many there are."""
        if self._stretch is not None:
            return 0, max(1, self._store.next_column)
        count = self._store.capacity
        return self._store.next_column - count, count

    def levels(self, first: int, count: int) -> NDArray[np.uint8]:
        """Return the sound of `count` columns from column `first` on, codes (128, count)."""
        return self._store.levels(first, count)

    def level_db(self, second: float, band: float) -> float | None:
        """Return the level at a second of the picture and a height; None where none is kept."""
        column, row = column_of(second), int(band)
        kept = self._store.oldest <= column < self._store.next_column
        if not kept or not 0 <= row < MEL_BANDS:
            return None
        return float(self._store.levels(column, 1)[row, 0] / CODES_PER_DB + FLOOR_DB)

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

    def _explained(self, analysis: Analysis, state: State) -> ExplainedSpan:
        return explained_span(
            analysis,
            state=state,
            origin_s=self.origin_s,
            is_picked=self._class is not None,
            # The headline names what is live already.
            is_named=self._stretch is None,
        )


def _named(analysis: Analysis) -> _Named | None:
    if analysis.evidence is None:
        return None
    return analysis.model, analysis.evidence.explained, analysis.evidence.against


def _faded(codes: NDArray[np.int8], *, before: int) -> NDArray[np.int8]:
    """Return a copy that fades from column `before` backwards and is empty from it on."""
    age_s = (before - np.arange(codes.shape[1])) * COLUMN_S
    share = np.where(age_s > 0, np.clip(1.0 - age_s / FADE_S, 0.0, 1.0), 0.0)
    return (codes * share.astype(np.float32)).astype(np.int8)
