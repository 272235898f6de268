"""The frozen records that cross from the engines' threads to whoever shows them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.analysis import Analysis, State


class Health(StrEnum):
    """How the source of sound is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STALLED = "stalled"
    FAILED = "failed"
    FINISHED = "finished"


@dataclass(frozen=True)
class SourceReport:
    """State of the source of sound.

    `message` is a sentence for the user when there is something to say (what failed and
    what to check), else empty. `overruns` counts blocks lost before the engine read them,
    `dropped_windows` previews skipped because the machine fell behind.
    """

    health: Health
    name: str
    sample_rate_hz: int
    channels: int
    message: str
    overruns: int
    dropped_windows: int


@dataclass(frozen=True)
class LevelReading:
    """Level of the newest tenth of a second, in dBFS (``-inf`` for digital silence)."""

    rms_dbfs: float
    peak_dbfs: float


@dataclass(frozen=True)
class LiveUpdate:
    """Everything new since the last poll of the live engine.

    Attributes
    ----------
    columns : ndarray, shape (128, k), float32
        New mel-power columns in dB re full scale (10 log10 of mel power, floor -100 dB).
    first_column : int
        Stream index of ``columns[:, 0]``; column ``i`` is centred on second ``i * 512 / 22050``.
        Indices count up from 0 at each start of a source; a smaller one means a new stream.
    position_s : float
        Seconds heard since the source started.
    level : LevelReading
    preview : Analysis or None
        The newest analysis of the rolling last 3 s, None before the first.
    verdicts : tuple of Analysis
        Verdicts committed since the last poll, oldest first.
    source : SourceReport
    state : State
        What to show as the answer now (smoothed; see `desktop.engine.smoothing`).
    probabilities : ndarray, shape (28,), float32
        Smoothed probabilities for the bars; zeros when there is nothing to show.
    """

    columns: NDArray[np.float32]
    first_column: int
    position_s: float
    level: LevelReading
    preview: Analysis | None
    verdicts: tuple[Analysis, ...]
    source: SourceReport
    state: State
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class FileWindow:
    """One window of a file, without its arrays (a 15-hour file has 18,000 of them)."""

    start_s: float
    level_dbfs: float
    state: State
    instrument: str | None
    probability: float


@dataclass(frozen=True)
class FileResult:
    """The outcome for one file.

    `status` is ``ok`` or ``error``; with ``error`` only `path` and `error` carry anything.
    `probabilities` (28,) is the mean over the windows that are not quiet (over all if all are).
    """

    path: Path
    status: str
    error: str | None
    duration_s: float
    model: str
    state: State
    instrument: str | None
    probability: float
    probabilities: NDArray[np.float32]
    windows: tuple[FileWindow, ...]


@dataclass(frozen=True)
class FileEvidence:
    """The spectrogram and evidence of a stretch of a file, made on demand.

    Attributes
    ----------
    start_s : float
        Where the stretch starts in the file.
    columns : ndarray, shape (128, k), float32
        As in `LiveUpdate`; column ``i`` is centred on ``start_s + i * 512 / 22050``.
    analyses : tuple of Analysis
        The windows inside the stretch, in order, with their heatmaps.
    """

    path: Path
    start_s: float
    columns: NDArray[np.float32]
    analyses: tuple[Analysis, ...]
