"""From a file's samples to windows, and from its windows to one answer.

Evaluation and product both cut and pool here, so that the figures in a sidecar are figures of
what users get. Callers that stream a file block by block cut the same windows themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.errors import WindowError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.probabilities import known_log_odds


@dataclass(frozen=True)
class CutWindow:
    """One window of a file.

    Attributes
    ----------
    start_s : float
        Where it starts in the file, in seconds.
    samples : ndarray, shape (66150,), float32
        Zero-padded at its end where the file ends within it; read-only.
    filled_samples : int
        How many of the samples come from the file.
    """

    start_s: float
    samples: NDArray[np.float32]
    filled_samples: int


def cut_windows(samples: ArrayLike) -> Iterator[CutWindow]:
    """Cut samples into consecutive windows of 3 s, the last one padded with zeros.

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
    for start in range(0, mono.size, WINDOW_SAMPLES):
        piece = mono[start : start + WINDOW_SAMPLES]
        window = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
        window[: piece.size] = piece
        window.setflags(write=False)
        yield CutWindow(start / SAMPLE_RATE_HZ, window, piece.size)


@dataclass(frozen=True)
class Pooled:
    """One answer of many windows.

    Attributes
    ----------
    probabilities : ndarray, shape (classes,), float32
        Their mean.
    log_odds : float
        The mean of `models.probabilities.known_log_odds`.
    """

    probabilities: NDArray[np.float32]
    log_odds: float


def pooled_over_sounding(
    probabilities: ArrayLike, *, levels_dbfs: ArrayLike, quiet_dbfs: float
) -> Pooled:
    """Return the one answer of the windows that are not quiet.

    Parameters
    ----------
    probabilities : array-like, shape (n, classes)
    levels_dbfs : array-like, shape (n,)
        Level of each window in dBFS, ``-inf`` allowed.
    quiet_dbfs : float
        A window below this level is quiet. If all are, all count: the file still gets
        numbers, and its state says that they mean nothing.

    Raises
    ------
    WindowError
        If there are no windows, or the two arguments differ in length.
    """
    answers = np.asarray(probabilities, dtype=np.float64)
    sounding = np.asarray(levels_dbfs, dtype=np.float64) >= quiet_dbfs
    if answers.ndim != 2 or len(answers) == 0 or len(answers) != len(sounding):
        raise WindowError(
            f"cannot pool probabilities of shape {answers.shape} with {sounding.size} levels"
        )
    chosen = answers[sounding] if sounding.any() else answers
    return Pooled(chosen.mean(axis=0).astype(np.float32), float(known_log_odds(chosen).mean()))


def mean_over_sounding(
    probabilities: ArrayLike, *, levels_dbfs: ArrayLike, quiet_dbfs: float
) -> NDArray[np.float32]:
    """Return only the probabilities of `pooled_over_sounding`, shape (classes,)."""
    return pooled_over_sounding(
        probabilities, levels_dbfs=levels_dbfs, quiet_dbfs=quiet_dbfs
    ).probabilities
