"""What a spectrogram holds, and what is told of it: spans, key, sentence, levels; no Qt."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.file_messages import FileEvidence
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
from timbrescope.models.frontend import MEL_BANDS
from timbrescope.models.instruments import NAMES

# Whose evidence it is: model, class, and what that is compared with.
Named = tuple[ModelIdentity, int, int]


class KnownContent:
    """Keeps sound and evidence, addressed by stream column, and tells of them; others change them.

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
        self._named: Named | None = None
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

    def _explained(self, analysis: Analysis, state: State) -> ExplainedSpan:
        return explained_span(
            analysis,
            state=state,
            origin_s=self.origin_s,
            is_picked=self._class is not None,
            # The headline names what is live already.
            is_named=self._stretch is None,
        )
