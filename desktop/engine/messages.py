"""The frozen records that cross from the engines' threads to whoever shows them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.agreement import Agreement, agreement
from timbrescope.desktop.engine.smoothing import Answer
from timbrescope.models.analysis import NO_PROBABILITIES, Analysis, Doubt, State
from timbrescope.models.instruments import NAMES


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
        return named if self.end_s == self.start_s else f"{named}, {self.lasted_s:.0f} s"


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
class ModelAnswer:
    """What one model says of a window or of a file.

    Attributes
    ----------
    model : str
        Its reference: the name in the catalogue, or the path of the user's own model file.
    state : State
    probabilities : ndarray, shape (28,), float32
        Zeros when there is nothing to show.
    problem : str
        Why the model cannot answer, else empty; then the other fields say nothing.
    """

    model: str
    state: State
    probabilities: NDArray[np.float32]
    problem: str = ""

    @classmethod
    def failed(cls, model: str, problem: str) -> "ModelAnswer":
        """Return the answer of a model that cannot give one."""
        return cls(model, State.NO_SIGNAL, NO_PROBABILITIES, problem)

    @property
    def best(self) -> int:
        """Class index with the highest probability, whatever the state."""
        return int(self.probabilities.argmax())

    @property
    def instrument(self) -> str | None:
        """Name of the instrument if the model claims one, else None."""
        claims = self.state is State.INSTRUMENT and not self.problem
        return NAMES[self.best] if claims else None

    @property
    def guess(self) -> str | None:
        """Name of the best instrument if the model is not sure of it, else None."""
        guesses = self.state is State.NOT_SURE and not self.problem
        return NAMES[self.best] if guesses else None

    @property
    def probability(self) -> float:
        """Probability of the best class."""
        return float(self.probabilities[self.best])


@dataclass(frozen=True)
class Comparison:
    """The answers of several models to the same window.

    Attributes
    ----------
    start_s : float
        Where the window starts in its stream or file; it is 3 s long.
    answers : tuple of ModelAnswer
        In a stable order, the same for every window.
    skipped : int
        Windows that were not compared since listening began, because it would have cost too
        much time.
    """

    start_s: float
    answers: tuple[ModelAnswer, ...]
    skipped: int = 0

    @property
    def agreement(self) -> Agreement:
        """What the most of those models claim, or guess, that could answer."""
        good = [each for each in self.answers if not each.problem]
        return agreement([each.instrument for each in good], [each.guess for each in good])


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


@dataclass(frozen=True)
class FileWindow:
    """One window of a file, without its arrays (a 15-hour file has 18,000 of them).

    `likely` are the two likeliest instruments with their probabilities, where the figures mean
    anything; `doubt` is why nothing is claimed.
    """

    start_s: float
    level_dbfs: float
    state: State
    instrument: str | None
    probability: float
    likely: tuple[tuple[str, float], ...] = ()
    doubt: Doubt | None = None

    @property
    def guess(self) -> str | None:
        """What it would be named if the model were sure, None unless it is not sure."""
        return self.likely[0][0] if self.state is State.NOT_SURE and self.likely else None


@dataclass(frozen=True)
class FileResult:
    """The outcome for one file.

    `status` is ``ok`` or ``error``; with ``error`` only `path` and `error` carry anything.
    `model` is the reference of the model that answered (see `ModelAnswer`).
    `probabilities` (28,) is the mean over the windows, see `models.listening.FileAnswer`.
    `notes` says what was wrong with the file and mended or left out; `gain_db` by how much it
    was raised to be heard, 0 unless it was recorded very low; `doubt` why nothing is claimed.
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
    notes: tuple[str, ...] = ()
    gain_db: float = 0.0
    doubt: Doubt | None = None

    @property
    def answer(self) -> Answer:
        """What headline, bars and exports all say."""
        return Answer(self.state, self.probabilities, self.doubt)


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
    comparison : Comparison or None
        The answers of all models to the window asked for, if models are compared.
    asked : int
        Which of the windows was asked for; the others lie beside it.
    """

    path: Path
    start_s: float
    columns: NDArray[np.float32]
    analyses: tuple[Analysis, ...]
    comparison: Comparison | None = None
    asked: int = 0

    @property
    def asked_for(self) -> Analysis | None:
        """The window that was asked for, None if there are none."""
        return self.analyses[self.asked] if self.analyses else None
