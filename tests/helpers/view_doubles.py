"""Stand-ins for the engines, and records to show."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.file_messages import FileEvidence, FileResult, FileWindow
from timbrescope.desktop.engine.history import History, Piece
from timbrescope.desktop.engine.messages import Gap, Health, LevelReading, LiveUpdate, SourceReport
from timbrescope.desktop.engine.model_answers import Comparison, ModelAnswer
from timbrescope.desktop.engine.model_choices import ModelChoice
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.engine.strength import FULL_NATS
from timbrescope.models.analysis import Analysis, Doubt, ModelIdentity, State
from timbrescope.models.evidence import BEST, OTHERS, Evidence
from timbrescope.models.instruments import NAMES, index_of

# Two models that can be chosen, one that is not installed.
CHOICES = (
    ModelChoice("mel", "CNN on mel spectrograms", "CNN mel", "right for 70 %", figure="70% right"),
    ModelChoice("mfcc", "CNN on MFCCs", "CNN MFCC", "right for 60 %", figure="60% right"),
    ModelChoice("random-forest", "Random forest", "Forest", "", "Not installed: no such file"),
)
OWN = ModelChoice("/home/anna/own.onnx", "Anna's model", "Anna's model", "right for 50 %")


def list_models(own: str | None) -> tuple[ModelChoice, ...]:
    """The choices above, with the user's own model if there is one."""
    return (*CHOICES, OWN) if own == OWN.reference else CHOICES


MEL = ModelIdentity("mel", "test-mel", "1")
SILENT = LevelReading(-math.inf, -math.inf)


def probabilities_of(**shares: float) -> NDArray[np.float32]:
    """Probabilities with the given shares (underscores for spaces), the rest spread evenly."""
    named = {index_of(name.replace("_", " ")): share for name, share in shares.items()}
    rest = (1.0 - sum(named.values())) / (len(NAMES) - len(named))
    return np.array([named.get(index, rest) for index in range(len(NAMES))], np.float32)


def make_grid(nats: float, *, explained: str = "Violin", against: int = OTHERS) -> Evidence:
    """Evidence that is the same everywhere."""
    grid = np.full((128, 130), nats, np.float32)
    return Evidence(index_of(explained), against, grid, float(grid.sum()), 0.0, "mel")


def make_analysis(
    start_s: float = 0.0,
    *,
    state: State = State.INSTRUMENT,
    probabilities: NDArray[np.float32] | None = None,
    explained: str = "Violin",
    nats: float | None = FULL_NATS,
) -> Analysis:
    shown = probabilities_of(Violin=0.9) if probabilities is None else probabilities
    return Analysis(
        start_s=start_s,
        end_s=start_s + 3.0,
        level_dbfs=-20.0,
        state=state,
        probabilities=shown,
        heatmaps=None,
        evidence=None if nats is None else make_grid(nats, explained=explained),
        embedding=np.zeros(128, np.float32),
        model=MEL,
        cost_ms=3.0,
    )


def make_update(
    *,
    columns: NDArray[np.float32] | None = None,
    first_column: int = 0,
    level: LevelReading = SILENT,
    preview: Analysis | None = None,
    verdicts: tuple[Analysis, ...] = (),
    health: Health = Health.RUNNING,
    name: str = "Microphone",
    message: str = "",
    state: State = State.LISTENING,
    probabilities: NDArray[np.float32] | None = None,
    comparison: Comparison | None = None,
    moment: Analysis | None = None,
    gaps: tuple[Gap, ...] = (),
    position: float | None = None,
) -> LiveUpdate:
    return LiveUpdate(
        columns=np.zeros((128, 0), np.float32) if columns is None else columns,
        first_column=first_column,
        position_s=first_column * 512 / 22050 if position is None else position,
        moment=moment,
        gaps=gaps,
        level=level,
        preview=preview,
        verdicts=verdicts,
        source=SourceReport(health, name, 48000, 2, message, 0, 0),
        state=state,
        probabilities=np.zeros(28, np.float32) if probabilities is None else probabilities,
        comparison=comparison,
    )


def make_answer(model: str, state: State = State.INSTRUMENT, **shares: float) -> ModelAnswer:
    return ModelAnswer(model, state, probabilities_of(**(shares or {"Violin": 0.9})))


def make_comparison(*answers: ModelAnswer, start_s: float = 0.0) -> Comparison:
    given = answers or (make_answer("mel"), make_answer("mfcc", Trumpet=0.7))
    return Comparison(start_s, given)


def make_history(seconds: float, *, verdicts: tuple[Analysis, ...] = ()) -> History:
    """Return a history of `seconds` of a level tone's worth of columns, in pieces of a second."""
    pieces = []
    for second in range(math.ceil(seconds)):
        ends_s = (second, min(seconds, second + 1))
        first, last = (round(at_s * 22050 / 512) for at_s in ends_s)
        length = round((ends_s[1] - ends_s[0]) * 22050)
        samples = np.full(length, 0.1 * (1 + second % 3), np.float32)
        columns = np.full((128, last - first), -20.0, np.float32)
        pieces.append(Piece(second * 22050, samples, first, columns))
    return History(tuple(pieces), verdicts)


def make_window(
    start_s: float,
    state: State = State.INSTRUMENT,
    name: str | None = "Violin",
    p: float = 0.9,
    *,
    likely: tuple[tuple[str, float], ...] = (),
    doubt: Doubt | None = None,
) -> FileWindow:
    claimed = name if state is State.INSTRUMENT else None
    return FileWindow(start_s, -20.0, state, claimed, p, likely, doubt)


def make_result(
    path: Path, *, windows: tuple[FileWindow, ...] = (), state: State = State.INSTRUMENT
) -> FileResult:
    windows = windows or (make_window(0.0), make_window(3.0, p=0.95), make_window(6.0, State.QUIET))
    claimed = "Violin" if state is State.INSTRUMENT else None
    shares = probabilities_of(Violin=0.9 if claimed else 0.3)
    duration_s = 3.0 * len(windows)
    return FileResult(path, "ok", None, duration_s, "mel", state, claimed, 0.9, shares, windows)


def make_error(path: Path, reason: str) -> FileResult:
    nothing = np.zeros(28, np.float32)
    return FileResult(path, "error", reason, 0.0, "mel", State.NO_SIGNAL, None, 0.0, nothing, ())


def make_evidence(
    path: Path,
    start_s: float = 0.0,
    count: int = 1,
    comparison: Comparison | None = None,
    asked: int = 0,
) -> FileEvidence:
    columns = np.full((128, round(count * 3.0 * 22050 / 512)), -20.0, np.float32)
    analyses = tuple(make_analysis(start_s + 3.0 * number) for number in range(count))
    return FileEvidence(path, start_s, columns, analyses, comparison, asked)


MICROPHONE = InputDevice(0, "Microphone", "ALSA", 2, 48000, True)
OTHER = InputDevice(1, "Line in", "ALSA", 8, 44100, False)


class FakeLive:
    """Gives prepared updates and remembers what it was told."""

    def __init__(self, *updates: LiveUpdate, devices: tuple[InputDevice, ...] = ()) -> None:
        self.updates = list(updates)
        self.known = devices
        self.calls: list[object] = []
        self.model = "mel"
        self.model_problem = ""
        self.refuses: dict[str, str] = {}
        self.heard = History()
        self.has_begun = False

    def begin(self) -> None:
        self.has_begun = True

    def poll(self) -> LiveUpdate:
        return self.updates.pop(0) if len(self.updates) > 1 else self.updates[0]

    def devices(self) -> tuple[InputDevice, ...]:
        return self.known

    def learn_devices(self, devices: Sequence[InputDevice]) -> None:
        self.known = tuple(devices)

    def use_device(self, device: InputDevice | None, *, channels: Sequence[int] = ()) -> None:
        self.calls.append(("device", device, *([tuple(channels)] if channels else [])))

    def use_channels(self, channels: Sequence[int]) -> None:
        self.calls.append(("channels", tuple(channels)))

    def use_demo(self) -> None:
        self.calls.append("demo")

    def use_file(self, path: Path) -> None:
        self.calls.append(("file", path))

    def rescan(self) -> None:
        self.calls.append("rescan")

    def set_paused(self, paused: bool) -> None:
        self.calls.append(("paused", paused))

    def history(self) -> History:
        return self.heard

    def request_moment(self, end_s: float) -> None:
        self.calls.append(("moment", end_s))

    def start_recording(self, path: Path) -> None:
        self.calls.append(("record", path))

    def stop_recording(self) -> None:
        self.calls.append("stop recording")

    def set_model(self, reference: str) -> None:
        self.model_problem = self.refuses.get(reference, "")
        if not self.model_problem:
            self.model = reference
        self.calls.append(("model", reference))

    def set_comparing(self, references: Sequence[str]) -> None:
        self.calls.append(("comparing", tuple(references)))

    def narrow(self, narrowing: Narrowing) -> None:
        self.calls.append(("narrow", narrowing))

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        self.calls.append(("explained", explained, against))

    def close(self) -> None:
        self.calls.append("close")


class FakeFiles:
    """Gives prepared events and remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[FileEvent] = []
        self.evidence: FileEvidence | None = None
        self.calls: list[object] = []

    def add(self, paths: list[Path]) -> None:
        self.calls.append(("add", paths))

    def poll(self) -> tuple[FileEvent, ...]:
        events, self.events = tuple(self.events), []
        return events

    def cancel(self, paths: Iterable[Path] | None = None) -> None:
        self.calls.append("cancel" if paths is None else ("cancel", list(paths)))

    def set_model(self, reference: str) -> None:
        self.calls.append(("model", reference))

    def set_comparing(self, references: Sequence[str]) -> None:
        self.calls.append(("comparing", tuple(references)))

    def narrow(self, narrowing: Narrowing) -> None:
        self.calls.append(("narrow", narrowing))

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        self.calls.append(("explained", explained, against))

    def request_evidence(self, path: Path, start_s: float, from_s: float | None = None) -> None:
        self.calls.append(("evidence", path, start_s))

    def poll_evidence(self) -> FileEvidence | None:
        evidence, self.evidence = self.evidence, None
        return evidence

    def close(self) -> None:
        self.calls.append("close")
