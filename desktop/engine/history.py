"""The last minutes of a session, kept in memory with what was said of them.

What is kept is the sound as the models hear it (mono at 22,050 Hz; 26 MB for 5 minutes), its
spectrogram columns, every verdict with its evidence, and the gaps. The sound as the device gave it
is what recordings are for (`desktop.engine.recorder`).
"""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.messages import Gap
from timbrescope.models.analysis import Analysis
from timbrescope.models.frontend import HOP_SAMPLES, MEL_BANDS, SAMPLE_RATE_HZ, WINDOW_SAMPLES

KEPT_S = 300.0
# Sound comes in pieces of some hundredths of a second; that many would be dear to look through.
_PIECE_SAMPLES = SAMPLE_RATE_HZ
_FLOOR_DB = -100.0


@dataclass(frozen=True)
class Piece:
    """A piece of sound without a gap in it. Arrays are read-only.

    Attributes
    ----------
    first_sample : int
        Of the session.
    samples : ndarray, shape (n,), float32
    first_column : int
        Of the session.
    columns : ndarray, shape (128, k), float32
        As in `LiveUpdate`; those that became complete while the piece was heard.
    """

    first_sample: int
    samples: NDArray[np.float32]
    first_column: int
    columns: NDArray[np.float32]

    @property
    def end_sample(self) -> int:
        """The sample behind its last."""
        return self.first_sample + len(self.samples)


@dataclass(frozen=True)
class History:
    """What was heard of late; a snapshot that nothing changes any more, for any thread.

    All times are seconds of the session, as in `LiveUpdate`.

    Attributes
    ----------
    pieces : tuple of Piece
        In order; gaps lie between them.
    verdicts : tuple of Analysis
        With their evidence.
    gaps : tuple of Gap
    """

    pieces: tuple[Piece, ...] = ()
    verdicts: tuple[Analysis, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def start_s(self) -> float:
        """Where the kept sound begins; 0 if there is none."""
        return self.pieces[0].first_sample / SAMPLE_RATE_HZ if self.pieces else 0.0

    @property
    def end_s(self) -> float:
        """Where it ends."""
        return self.pieces[-1].end_sample / SAMPLE_RATE_HZ if self.pieces else 0.0

    def samples(self, start_s: float, end_s: float) -> NDArray[np.float32]:
        """Return the sound from `start_s` to `end_s`, shape (n,); zeros where nothing is kept."""
        first, last = (round(at_s * SAMPLE_RATE_HZ) for at_s in (start_s, max(start_s, end_s)))
        found = np.zeros(last - first, np.float32)
        for piece in self._from(first):
            if piece.first_sample >= last:
                break
            begin, end = max(first, piece.first_sample), min(last, piece.end_sample)
            if end > begin:
                part = piece.samples[begin - piece.first_sample : end - piece.first_sample]
                found[begin - first : end - first] = part
        return found

    def window(self, end_s: float) -> NDArray[np.float32]:
        """Return the 3 s that end at `end_s`, shape (66150,), as a model would hear them."""
        end = round(end_s * SAMPLE_RATE_HZ)
        return self.samples((end - WINDOW_SAMPLES) / SAMPLE_RATE_HZ, end / SAMPLE_RATE_HZ)

    def columns(self, start_s: float, end_s: float) -> tuple[int, NDArray[np.float32]]:
        """Return the spectrogram of a stretch.

        Returns
        -------
        first_column : int
            Its number in the session.
        columns : ndarray, shape (128, k), float32
            At the floor where nothing is kept.
        """
        first, last = (
            round(at_s * SAMPLE_RATE_HZ / HOP_SAMPLES) for at_s in (start_s, max(start_s, end_s))
        )
        found = np.full((MEL_BANDS, last - first), _FLOOR_DB, np.float32)
        for piece in self.pieces:
            begin = max(first, piece.first_column)
            end = min(last, piece.first_column + piece.columns.shape[1])
            if end > begin:
                at = begin - piece.first_column
                found[:, begin - first : end - first] = piece.columns[:, at : at + end - begin]
        return first, found

    def verdict_at(self, second: float) -> Analysis | None:
        """Return the verdict on the window that holds `second`, None if there is none."""
        after = bisect_right([each.start_s for each in self.verdicts], second)
        found = self.verdicts[after - 1] if after else None
        return found if found is not None and second < found.end_s else None

    def between(self, start_s: float, end_s: float) -> "History":
        """Return the pieces, verdicts and gaps that lie in a stretch, wholly or in part."""
        first, last = start_s * SAMPLE_RATE_HZ, end_s * SAMPLE_RATE_HZ
        return History(
            tuple(p for p in self.pieces if p.end_sample > first and p.first_sample < last),
            tuple(v for v in self.verdicts if v.end_s > start_s and v.start_s < end_s),
            tuple(g for g in self.gaps if g.end_s >= start_s and g.start_s < end_s),
        )

    def _from(self, sample: int) -> tuple[Piece, ...]:
        ends = [piece.end_sample for piece in self.pieces]
        return self.pieces[bisect_right(ends, sample) :]


class HistoryKeeper:
    """Filled by the engine's thread; snapshots may be taken by any.

    Parameters
    ----------
    kept_s : float
        How much is kept; a piece of up to a second more may be.
    """

    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept_samples = round(kept_s * SAMPLE_RATE_HZ)
        self._lock = Lock()
        self._pieces: deque[Piece] = deque()
        self._open: list[Heard] = []
        self._open_samples = 0
        self._verdicts: deque[Analysis] = deque()
        self._gaps: deque[Gap] = deque()

    def hear(self, heard: Heard) -> None:
        """Keep what a chunk of samples brought."""
        with self._lock:
            if self._open and heard.first_column != _next_column(self._open[-1]):
                # Another stream; its last columns never came.
                self._close_piece()
            self._open.append(heard)
            self._open_samples += len(heard.samples)
            self._verdicts.extend(heard.verdicts)
            if self._open_samples >= _PIECE_SAMPLES:
                self._close_piece()

    def interrupt(self, gap: Gap) -> None:
        """Keep a gap; what is heard from now on comes behind it."""
        with self._lock:
            self._close_piece()
            self._gaps.append(gap)

    def snapshot(self) -> History:
        """Return what is kept now."""
        with self._lock:
            pieces = tuple(self._pieces)
            if self._open:
                pieces += (_joined(self._open),)
            return History(pieces, tuple(self._verdicts), tuple(self._gaps))

    def _close_piece(self) -> None:
        if self._open:
            self._pieces.append(_joined(self._open))
            self._open, self._open_samples = [], 0
        if self._pieces:
            self._forget(self._pieces[-1].end_sample - self._kept_samples)

    def _forget(self, sample: int) -> None:
        while self._pieces[0].end_sample <= sample:
            self._pieces.popleft()
        oldest_s = self._pieces[0].first_sample / SAMPLE_RATE_HZ
        while self._verdicts and self._verdicts[0].end_s <= oldest_s:
            self._verdicts.popleft()
        while self._gaps and self._gaps[0].end_s < oldest_s:
            self._gaps.popleft()


def _next_column(heard: Heard) -> int:
    return heard.first_column + len(heard.columns.T)


def _joined(parts: list[Heard]) -> Piece:
    samples = np.concatenate([part.samples for part in parts])
    columns = np.concatenate([part.columns for part in parts], axis=1)
    for array in (samples, columns):
        array.setflags(write=False)
    return Piece(parts[0].first_sample, samples, parts[0].first_column, columns)
