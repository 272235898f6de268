"""``timbrescope live --terminal``: the live path without a window."""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from timbrescope.desktop.commands.classify import survive_any_name
from timbrescope.desktop.commands.devices import listed_devices
from timbrescope.desktop.commands.live_events import LiveEvents
from timbrescope.desktop.engine.audio_system import PortAudioSystem
from timbrescope.desktop.engine.doubt_words import guess_words, likeliest
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health, LiveUpdate, RecordingReport, SourceReport
from timbrescope.desktop.engine.model_answers import Comparison, ModelAnswer
from timbrescope.desktop.engine.model_choices import ModelChoice, available, model_choices
from timbrescope.desktop.engine.osc import OscEvents
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.catalogue import is_own
from timbrescope.models.errors import AudioDeviceError
from timbrescope.models.evidence_words import evidence_in_words
from timbrescope.models.instruments import NAMES
from timbrescope.models.json_text import json_line
from timbrescope.models.names import printable
from timbrescope.models.times import clock_with_tenths

POLL_S = 0.1
METER_WIDTH = 20
METER_FLOOR_DBFS = -60.0


def run(
    *,
    model: str,
    compare: bool = False,
    device: str | None = None,
    demo: bool = False,
    play: str | None = None,
    osc: tuple[str, int] | None = None,
    record: str | None = None,
    seconds: float | None = None,
    as_json: bool = False,
    out: TextIO | None = None,
) -> int:
    """Listen and print: a line for each verdict, a status line in between on a terminal.

    With `as_json` each line is a JSON object, see `desktop.commands.live_events`.

    Without a microphone the built-in clips are played instead. With `compare`, the answers of
    all models to the same window follow each verdict. Returns the exit status: 0, or
    1 if the source failed and `seconds` ran out without anything heard.
    """
    out = out or sys.stdout
    survive_any_name(out)
    system = PortAudioSystem()
    out_of_way = sys.stderr if as_json else out
    choose = _choice(system, device=device, demo=demo, play=play, out=out_of_way)
    with LiveEngine(system, model=model) as engine:
        engine.wait_for_model()
        choices = model_choices(model if is_own(model) else None) if compare else ()
        engine.set_comparing(available(choices))
        if record is not None:
            engine.start_recording(Path(record))
        choose(engine)
        told = None if osc is None else OscEvents(*osc)
        return _Printer(engine, choices, out=out, as_json=as_json, osc=told).listen(seconds)


def _choice(
    system: PortAudioSystem,
    *,
    device: str | None,
    demo: bool,
    out: TextIO,
    play: str | None = None,
) -> Callable[[LiveEngine], None]:
    """Return what to ask of the engine. Devices are looked at before its thread owns them."""
    if device is not None:
        return lambda engine: engine.use_named(device)
    if demo:
        return LiveEngine.use_demo
    if play is not None:
        path = Path(play)
        return lambda engine: engine.use_file(path)
    try:
        reason = "" if listed_devices(system) else "no input device found"
    except AudioDeviceError as error:
        reason = str(error)
    if not reason:
        return lambda engine: engine.use_device(None)
    print(f"No microphone ({reason}): playing the built-in demo clips.", file=out)
    return LiveEngine.use_demo


class _Printer:
    """Prints what a live engine says until told to stop."""

    def __init__(
        self,
        engine: LiveEngine,
        choices: Sequence[ModelChoice],
        *,
        out: TextIO,
        as_json: bool = False,
        osc: OscEvents | None = None,
    ) -> None:
        self._engine = engine
        self._titles = {choice.reference: choice.short_title for choice in choices}
        self._out = out
        self._events = LiveEvents() if as_json else None
        self._osc = osc
        self._tty = out.isatty() and not as_json
        self._last_message = ""
        self._heard = self._played = False
        self._recording_problem = ""

    def listen(self, seconds: float | None) -> int:
        """Print for `seconds`, or until interrupted; return the exit status."""
        end = time.monotonic() + (seconds if seconds is not None else float("inf"))
        while time.monotonic() < end and not self._played:
            self._show(self._engine.poll())
            time.sleep(POLL_S)
        self._show(self._engine.poll())
        if self._tty:
            print(file=self._out)
        return 0 if self._heard else 1

    def _show(self, update: LiveUpdate) -> None:
        self._heard = self._heard or update.position_s > 0
        # Nobody pauses in a terminal: a file has come to its end.
        self._played = update.source.health is Health.PAUSED
        if self._osc is not None:
            self._osc.send(update)
        self._say_recording(update.recording)
        if self._events is not None:
            for record in self._events.records(update):
                print(json_line(record), end="", file=self._out, flush=True)
            return
        self._say_source(update.source)
        compared = {each.start_s: each for each in update.compared_verdicts}
        for verdict in update.verdicts:
            self._line(_verdict_line(verdict))
            if words := _evidence_line(verdict):
                self._line(words)
            if verdict.start_s in compared:
                self._line(self._compared_line(compared[verdict.start_s]))
        if self._tty and update.source.health is Health.RUNNING:
            print(f"\r\x1b[K{_status_line(update)}", end="", file=self._out, flush=True)

    def _say_recording(self, recording: RecordingReport | None) -> None:
        problem = "" if recording is None else recording.problem
        if problem != self._recording_problem:
            self._recording_problem = problem
            # Not on standard output, which may be for programs.
            print(f"timbrescope: {printable(problem)}", file=sys.stderr, flush=True)

    def _say_source(self, source: SourceReport) -> None:
        message = source.message
        if source.health is Health.RUNNING and not message:
            message = f"Listening to {source.name} at {source.sample_rate_hz} Hz."
        if message and message != self._last_message:
            self._line(message)
            self._last_message = message

    def _compared_line(self, comparison: Comparison) -> str:
        answers = (f"{self._titles[each.model]}: {_claim(each)}" for each in comparison.answers)
        return f"{'':>7} {' · '.join(answers)}"

    def _line(self, text: str) -> None:
        start = "\r\x1b[K" if self._tty else ""
        print(f"{start}{printable(text)}", file=self._out, flush=True)


def _verdict_line(verdict: Analysis) -> str:
    claim = verdict.instrument or str(verdict.state)
    detail = f" {verdict.probability:.0%}" if verdict.state is State.INSTRUMENT else ""
    if verdict.state is State.NOT_SURE:
        detail = f": {guess_words(NAMES[verdict.best], verdict.probability, verdict.doubt)}"
    begin, end = clock_with_tenths(verdict.start_s), clock_with_tenths(verdict.end_s)
    return f"{begin:>9}-{end}  {verdict.level_dbfs:6.1f} dBFS  {claim}{detail}"


def _evidence_line(verdict: Analysis) -> str:
    if verdict.evidence is None or verdict.state is not State.INSTRUMENT:
        return ""
    words = evidence_in_words(verdict.evidence, start_s=verdict.start_s)
    return f"{'':>9} {words}" if words else ""


def _claim(answer: ModelAnswer) -> str:
    if answer.problem:
        return "cannot answer"
    if answer.instrument is None:
        return str(answer.state)
    return f"{answer.instrument} {answer.probability:.0%}"


def _status_line(update: LiveUpdate) -> str:
    level = max(METER_FLOOR_DBFS, update.level.rms_dbfs)
    filled = round((1 - level / METER_FLOOR_DBFS) * METER_WIDTH)
    meter = "#" * filled + "-" * (METER_WIDTH - filled)
    if update.state is State.INSTRUMENT:
        best = int(update.probabilities.argmax())
        return f"[{meter}] {NAMES[best]} {update.probabilities[best]:.0%}"
    if update.state is State.NONE_OF_THEM:
        return f"[{meter}] {update.state} {update.answer.none_of_them:.0%}"
    if update.state is State.NOT_SURE:
        ((name, share), _) = likeliest(update.probabilities)
        return f"[{meter}] {update.state}: {guess_words(name, share, update.doubt)}"
    return f"[{meter}] {update.state}"
