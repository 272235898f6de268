"""The frozen records that cross from the engines' threads to whoever shows them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.desktop.engine.smoothing import Answer
from timbrescope.models.analysis import Analysis, Doubt, State
from timbrescope.models.times import length


class Health(StrEnum):
    """How the source of sound is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STALLED = "stalled"
    FAILED = "failed"


@dataclass(frozen=True)
class SourceReport:
    """State of the source of sound.

    `message` is a sentence for the user when there is something to say (what failed and
    what to check), else empty; `details` is for an expert who asks. `overruns` counts blocks
    lost before the engine read them, `dropped_windows` previews skipped because the machine fell
    behind. `latency_s` is how long sound takes to the engine, 0 if that is not known.
    """

    health: Health
    name: str
    sample_rate_hz: int
    channels: int
    message: str
    overruns: int
    dropped_windows: int
    details: str = ""
    latency_s: float = 0.0


class GapReason(StrEnum):
    """Why a session was interrupted, or what changed in it; the value is the text users see."""

    PAUSED = "paused"
    LOST = "no sound arrived"
    SOURCE = "another source"
    MODEL = "another model"


@dataclass(frozen=True)
class Gap:
    """A place in a session where the sound before does not lead on to the sound after it.

    Attributes
    ----------
    start_s, end_s : float
        Where it lies in the session. However long it lasted, it takes up `SHORTEST_GAP_S` to
        `LONGEST_GAP_S` there; a change of the model takes up nothing.
    lasted_s : float
        How long it really lasted.
    reason : GapReason
    detail : str
        The source or the model after it, as it is called; else empty.
    """

    start_s: float
    end_s: float
    lasted_s: float
    reason: GapReason
    detail: str = ""

    @property
    def words(self) -> str:
        """What happened, in a few words."""
        named = f"{self.reason}: {self.detail}" if self.detail else str(self.reason)
        return named if self.end_s == self.start_s else f"{named}, {length(self.lasted_s)}"


@dataclass(frozen=True)
class ChannelLevels:
    """The channels of the source, in its order.

    Attributes
    ----------
    peaks_dbfs : tuple of float
        The peak of the last third of a second, ``-inf`` for digital silence.
    used : tuple of bool
        Which of them are heard now: those chosen, or by themselves those that sound.
    chosen : tuple of int
        Those the user chose, counted from 0; none: by themselves.
    """

    peaks_dbfs: tuple[float, ...] = ()
    used: tuple[bool, ...] = ()
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True)
class RecordingReport:
    """How a recording of the session to disk is doing.

    Attributes
    ----------
    path : Path
        Of the sound file that is growing, or grew last.
    seconds : float
        What has been written, in all files of this recording.
    lost_s : float
        What the disk was too slow for; there is silence in its place.
    running : bool
    problem : str
        Why it has ended, if not because it was asked to, as a sentence; else empty.
    """

    path: Path
    seconds: float
    lost_s: float
    running: bool
    problem: str


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
        Indices count up through the whole session; columns of a gap are at the floor.
    position_s : float
        Seconds of the session: what was heard, and the gaps.
    level : LevelReading
    preview : Analysis or None
        The newest analysis of the rolling last 3 s, None before the first.
    verdicts : tuple of Analysis
        Verdicts committed since the last poll, oldest first.
    source : SourceReport
    state : State
        What to show as the answer now (see `desktop.engine.smoothing.Answer`).
    probabilities : ndarray, shape (28,), float32
        Smoothed probabilities for the bars; zeros when there is nothing to show.
    comparison : Comparison or None
        The newest steady answers of all models compared, None while none are.
    compared_verdicts : tuple of Comparison
        All models' verdicts since the last poll, oldest first, while models are compared.
    gaps : tuple of Gap
        Gaps and changes of the model since the last poll, oldest first.
    moment : Analysis or None
        The answer to a moment of the past, once after it was asked for.
    recording : RecordingReport or None
        The recording that is going on or was the last; None if there was none.
    channels : ChannelLevels
        Of the source, empty while none runs.
    doubt : Doubt or None
        Why the answer claims nothing.
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
    comparison: Comparison | None = None
    compared_verdicts: tuple[Comparison, ...] = ()
    gaps: tuple[Gap, ...] = ()
    moment: Analysis | None = None
    recording: RecordingReport | None = None
    channels: ChannelLevels = ChannelLevels()
    doubt: Doubt | None = None

    @property
    def answer(self) -> Answer:
        """What headline, bars, timeline, terminal and screen reader all say."""
        return Answer(self.state, self.probabilities, self.doubt)
