"""Where windows are cut: a file's sound as windows of 3 s, and how much of each one sounds.

A file's last window is its last 3 s: it overlaps the one before, so that no window holds a scrap
of sound and silence that nobody played. Only a file shorter than 3 s is padded with zeros.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.errors import WindowError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.level import energies, rms_dbfs

# Sound and silence are told apart in pieces of so many samples: 20 ms.
_PIECE_SAMPLES = 441


@dataclass(frozen=True)
class CutWindow:
    """One window of a file.

    Attributes
    ----------
    start_s : float
        Where it starts in the file, in seconds.
    samples : ndarray, shape (66150,), float32
        Zero-padded at its end where the file is shorter; read-only.
    filled_samples : int
        How many of the samples come from the file.
    new_samples : int
        How many of these, at their end, no window before it holds.
    """

    start_s: float
    samples: NDArray[np.float32]
    filled_samples: int
    new_samples: int

    @property
    def end_s(self) -> float:
        """Where the file's sound in it ends, in seconds."""
        return self.start_s + self.filled_samples / SAMPLE_RATE_HZ

    def new_sound_s(self, *, quiet_dbfs: float) -> float:
        """Return for how long there is sound in it that no window before it holds, in seconds.

        None where the whole window is quiet: nothing is claimed of it then.
        """
        if rms_dbfs(self.samples) < quiet_dbfs:
            return 0.0
        first = self.filled_samples - self.new_samples
        return sound_s(self.samples[first : self.filled_samples], quiet_dbfs=quiet_dbfs)


def sound_s(samples: NDArray[np.floating], *, quiet_dbfs: float) -> float:
    """Return for how many seconds samples (n,) at 22,050 Hz are at least as loud as `quiet_dbfs`.

    Judged by the RMS of pieces of 20 ms; the last one may be shorter.
    """
    found = energies(samples, size=_PIECE_SAMPLES)
    lengths = np.full(found.size, _PIECE_SAMPLES)
    if rest := samples.size % _PIECE_SAMPLES:
        lengths[-1] = rest
    loud = found >= lengths * 10 ** (quiet_dbfs / 10)
    return float(lengths[loud].sum()) / SAMPLE_RATE_HZ


def window_starts(count: int, *, size: int = WINDOW_SAMPLES) -> list[int]:
    """Return where the windows of `count` samples start, in samples; none for no samples."""
    starts = list(range(0, count - size + 1, size)) or ([0] if count else [])
    if starts and starts[-1] + size < count:
        starts.append(count - size)
    return starts


def cut_windows(samples: ArrayLike) -> Iterator[CutWindow]:
    """Cut samples into windows of 3 s.

    Parameters
    ----------
    samples : array-like, shape (n,)
        Mono at 22,050 Hz. Fewer than 66,150 samples give one padded window.

    Raises
    ------
    WindowError
        If there are no samples, or they are not mono.
    """
    mono = np.asarray(samples, dtype=np.float32)
    if mono.ndim != 1 or mono.size == 0:
        raise WindowError(f"samples of shape {mono.shape} cannot be cut into windows of mono sound")
    yield from cut_stream([mono])


def cut_stream(
    pieces: Iterable[NDArray[np.float32]],
    *,
    rate_hz: int = SAMPLE_RATE_HZ,
    size: int = WINDOW_SAMPLES,
) -> Iterator[CutWindow]:
    """Cut sound that comes in pieces into windows, each as soon as it is complete.

    Parameters
    ----------
    pieces : iterable of ndarray, shape (n,)
        Mono; of any lengths, none included. Without any sample there is no window.
    rate_hz, size : int
        Others than the models' for who measures files as they are.
    """
    filling = _Filling(rate_hz, size)
    for piece in pieces:
        rest = piece
        while len(rest):
            rest = filling.take(rest)
            if filling.is_full:
                yield filling.window()
    if filling.filled:
        yield filling.last_window()


class _Filling:
    """The window that is being filled; each sample is copied once, to where it stays."""

    def __init__(self, rate_hz: int, size: int) -> None:
        self._rate_hz, self._size = rate_hz, size
        self._before: NDArray[np.float32] | None = None
        self._start = 0
        self._begin()

    def _begin(self) -> None:
        self._samples = np.empty(self._size, np.float32)
        self.filled = 0

    @property
    def is_full(self) -> bool:
        return self.filled == self._size

    def take(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take what there is room for and return what is left."""
        count = min(len(piece), self._size - self.filled)
        self._samples[self.filled : self.filled + count] = piece[:count]
        self.filled += count
        return piece[count:]

    def window(self) -> CutWindow:
        """Return the full window and begin the next."""
        self._before = self._samples
        found = self._cut(self._samples, start=self._start, filled=self._size, new=self._size)
        self._start += self._size
        self._begin()
        return found

    def last_window(self) -> CutWindow:
        """Return the end of the sound: with what is before it, or with zeros if nothing is."""
        new, before = self.filled, self._before
        if before is None:
            self._samples[new:] = 0.0
            return self._cut(self._samples, start=0, filled=new, new=new)
        samples = np.concatenate([before[new:], self._samples[:new]])
        start = self._start + new - self._size
        return self._cut(samples, start=start, filled=self._size, new=new)

    def _cut(self, samples: NDArray[np.float32], *, start: int, filled: int, new: int) -> CutWindow:
        samples.setflags(write=False)
        return CutWindow(start / self._rate_hz, samples, filled, new)
