"""What the spectrogram shows of the last minutes, standing still: scrubbed, zoomed, looked into."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.history import History
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S, ColumnStore, column_of
from timbrescope.desktop.views.spectrogram.content import SpectrogramContent
from timbrescope.desktop.views.spectrogram.explained import ExplainedSpan
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.frontend import FRAMES, MEL_BANDS

SHORTEST_S = 1.5


class PastContent(SpectrogramContent):
    """A snapshot of the session; the stream goes on elsewhere.

    Parameters
    ----------
    history : History
    span_s : (float, float)
        Seconds of the session that are shown first.
    evidence_shown, against_shown : bool
    """

    def __init__(
        self,
        history: History,
        *,
        span_s: tuple[float, float],
        evidence_shown: bool,
        against_shown: bool = False,
    ) -> None:
        super().__init__(seconds=1.0)
        self._history = history
        self._evidence_shown, self._against_shown = evidence_shown, against_shown
        first, columns = history.columns(history.start_s, history.end_s)
        self._store = ColumnStore(max(1, columns.shape[1]))
        self._store.reset(first)
        self._store.append(columns, first)
        self._chosen: Analysis | None = None
        self._chosen_state: State | None = None
        self._chosen_codes: NDArray[np.int8] | None = None
        # As it was when it was frozen, even where nothing was heard yet.
        self._look_s = span_s
        self.revision += 1

    @property
    def history(self) -> History:
        """What is kept."""
        return self._history

    @property
    def span_s(self) -> tuple[float, float]:
        """The seconds on view."""
        return self._look_s

    @property
    def chosen(self) -> Analysis | None:
        """The answer that is looked at, None for no particular one."""
        return self._chosen

    @property
    def is_stretch(self) -> bool:
        """Whether it stands still: it does."""
        return True

    @property
    def explained(self) -> tuple[ExplainedSpan, ...]:
        """The stretch that is looked at."""
        if self._chosen is None or not self._evidence_shown:
            return ()
        return (self._explained(self._chosen, self._chosen_state or self._chosen.state),)

    def look(self, start_s: float, end_s: float) -> None:
        """Show these seconds, or as many of them as there are."""
        bounded = self._bounded(start_s, end_s)
        if bounded != self._look_s:
            self._look_s = bounded
            self.revision += 1

    def choose(self, analysis: Analysis | None, *, state: State | None = None) -> None:
        """Look at one answer: its evidence lies over its 3 s in place of what was there.

        `state` is the steady answer of the moment that was frozen; by default that of `analysis`.
        """
        self._chosen, self._chosen_state = analysis, state
        self._chosen_codes = None
        if analysis is not None:
            self._chosen_codes = self._codes(analysis, state or analysis.state)
        self._sentence.tell(None if self._chosen_codes is None else analysis)
        self.revision += 1

    def visible(self) -> tuple[int, int]:
        """Return the first column to draw and how many there are."""
        start_s, end_s = self._look_s
        first = max(self._store.oldest, column_of(start_s) - 1)
        last = min(self._store.next_column, column_of(end_s) + 2)
        return first, max(1, last - first)

    def evidence(self, first: int, count: int) -> NDArray[np.int8] | None:
        """Return the evidence of the answer looked at; other answers are named elsewhere."""
        if not self._evidence_shown:
            return None
        composed = np.zeros((MEL_BANDS, count), np.int8)
        if self._chosen is None or self._chosen_codes is None:
            return composed
        start = column_of(self._chosen.start_s) - first
        window = slice(max(0, start), max(0, start + FRAMES))
        room = composed[:, window].shape[1]
        composed[:, window] = self._chosen_codes[:, max(0, -start) :][:, :room]
        return composed

    def set_evidence_class(self, index: int | None) -> None:
        """Show the evidence of one class, or each answer's best; that of others goes."""
        self._class = index
        self.choose(self._chosen, state=self._chosen_state)

    def set_against_shown(self, shown: bool) -> None:
        """Show what speaks against the class as well, or only what speaks for it."""
        self._against_shown = self._sentence.with_against = shown
        self.choose(self._chosen, state=self._chosen_state)

    def _bounded(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Return a span of the same length, if possible, inside what is kept."""
        low = self._store.oldest * COLUMN_S
        high = max(low + SHORTEST_S, self._store.next_column * COLUMN_S)
        length = min(max(SHORTEST_S, end_s - start_s), high - low)
        start_s = min(max(low, start_s), high - length)
        return start_s, start_s + length
