"""The live engine: one worker thread between a source of sound and whoever polls.

The thread owns the source, the resampler, the listener and with it the ONNX sessions. Callers
send it commands through a queue and read frozen records from the outbox; none of their calls
waits for sound or devices.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Self

from timbrescope.desktop.audio.devices import DeviceWish, InputDevice
from timbrescope.desktop.engine.audio_system import AudioSystem
from timbrescope.desktop.engine.backoff import Reopening
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.loaded_models import Load, ModelShelf, load_model, try_model
from timbrescope.desktop.engine.messages import (
    ChannelLevels,
    GapReason,
    Health,
    LiveUpdate,
    SourceReport,
)
from timbrescope.desktop.engine.model_in_use import ModelInUse
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.engine.opening import Found, Opener, Wanted
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.engine.session import Session
from timbrescope.desktop.engine.stream import Stream
from timbrescope.desktop.engine.watchdog import Trouble
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import AudioDeviceError, ModelFileError
from timbrescope.models.evidence import BEST, OTHERS

logger = logging.getLogger(__name__)

# Well below the 200 ms between previews, and long enough to cost nothing while idle.
TICK_S = 0.03
JOIN_TIMEOUT_S = 5.0


class LiveEngine:
    """Hears a source and answers. All public methods return at once, from any one thread.

    Parameters
    ----------
    system : AudioSystem
    model : str
        The model to start with: a name in the catalogue, or the path of a model file.
    load, try_out, clock : callable, optional
        For tests.

    Raises
    ------
    ModelFileError
        From the constructor, if the model cannot be loaded.
    """

    def __init__(
        self,
        system: AudioSystem,
        *,
        model: str = DEFAULT_MODEL,
        load: Load = load_model,
        try_out: Callable[[str], None] = try_model,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._shelf = ModelShelf(load)
        self._model = ModelInUse(
            model, shelf=self._shelf, send=self._send, changed=self._answer_with, try_out=try_out
        )
        self._comparator: Comparator | None = None
        self._explained = BEST, OTHERS
        self._outbox = Outbox()
        self._session = Session(self._outbox, clock=clock)
        self._opener = Opener(system)
        # What callers asked for last, and what the engine's thread is about.
        self._asked: Wanted | None = None
        self._wanted: Wanted | None = None
        self._stream: Stream | None = None
        self._lost = Reopening(first_s=1.0, longest_s=10.0)
        # A device opened before its user allowed it may deliver zeros until it is opened again.
        self._muted = Reopening(first_s=15.0, longest_s=60.0)
        self._note = ""
        self._report = SourceReport(Health.STOPPED, "", 0, 0, "", 0, 0)
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._wake = Event()
        self._closing = False
        self._thread = Thread(target=self._run, name="timbrescope-live", daemon=True)
        self._thread.start()

    # -- called by others ------------------------------------------------------------------

    @property
    def model(self) -> str:
        """Reference of the model in use."""
        return self._model.reference

    @property
    def model_problem(self) -> str:
        """Why the model asked for last was refused or left behind, else empty."""
        return self._model.problem

    def poll(self) -> LiveUpdate:
        """Return everything new since the last call."""
        return replace(self._outbox.collect(), recording=self._session.recording())

    def history(self) -> History:
        """Return the last 5 minutes: sound, verdicts, evidence. Nothing changes it any more."""
        return self._session.history()

    def start_recording(self, path: Path) -> None:
        """Record what is heard from now on; see `desktop.engine.recorder` for the files."""
        self._send(lambda: self._session.record(path))

    def stop_recording(self) -> None:
        """End the recording; `LiveUpdate.recording` says when it is whole."""
        self._send(self._session.end_recording)

    def request_moment(self, end_s: float) -> None:
        """Answer to the 3 s of the history that end at `end_s`; `LiveUpdate.moment` brings it."""
        self._send(lambda: self._explain_moment(end_s))

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices of the last scan, best first."""
        return self._opener.known

    def learn_devices(self, devices: Sequence[InputDevice]) -> None:
        """Offer these devices from now on; another process has listed them, best first."""
        listed = tuple(devices)
        self._send(lambda: self._learn(listed))

    def use_device(self, device: InputDevice | None, *, channels: Sequence[int] = ()) -> None:
        """Listen to `device`, or to the best there is when None; for `channels` see there."""
        wish = None if device is None else DeviceWish(device.name, device.host_api)
        self._want(Wanted(device=device, wish=wish, channels=tuple(channels)))

    def use_wish(self, wish: DeviceWish | None, *, channels: Sequence[int] = ()) -> None:
        """Listen to the device remembered; if it is absent now, to the best there is."""
        self._want(Wanted(wish=wish, channels=tuple(channels)))

    def use_channels(self, channels: Sequence[int]) -> None:
        """Hear these channels of the source only, counted from 0; none: those that sound."""
        wanted = tuple(channels)
        self._send(lambda: self._choose_channels(wanted))

    def use_named(self, text: str) -> None:
        """Listen to the best device whose name contains `text`."""
        self._want(Wanted(named=text))

    def use_demo(self) -> None:
        """Listen to the built-in clips."""
        self._want(Wanted(demo=True))

    def use_file(self, path: Path) -> None:
        """Listen to a sound file as if it were live, once, with its sound where there is output."""
        self._want(Wanted(file=path))

    def rescan(self) -> None:
        """Look for devices anew and reopen the source wanted, unless it is paused."""
        self._send(self._rescan)

    def set_paused(self, paused: bool) -> None:
        """Let go of the source, or take it up again as a new stream."""
        self._send(self._pause if paused else self._open)

    def set_model(self, reference: str) -> None:
        """Answer with this model from now on; if it is refused, `model_problem` says why."""
        self._model.ask(reference)

    def set_comparing(self, references: Sequence[str]) -> None:
        """Put the answers of these models beside each other from now on; none ends it."""
        wanted = tuple(references)
        self._send(lambda: self._compare(wanted))

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from now on."""
        self._send(lambda: self._narrow(narrowing))

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class from now on, or the one that is named; see `models.evidence`."""
        self._send(lambda: self._explain(explained, against))

    def close(self) -> None:
        """Stop the thread and close the source; further calls do nothing."""
        self._closing = True
        self._opener.give_up()
        self._wake.set()
        self._thread.join(JOIN_TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _want(self, wanted: Wanted) -> None:
        self._asked = wanted

        def want() -> None:
            # Who goes through a list quickly means the last of them.
            if wanted is self._asked:
                self._wanted = wanted
                self._lost.succeeded()
                self._open()

        self._send(want)

    def _send(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    # -- the worker thread -----------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._opener.scan()
            while not self._closing:
                self._wake.wait(TICK_S)
                self._wake.clear()
                self._step()
        finally:
            self._let_go(GapReason.SOURCE)
            self._session.close()

    def _step(self) -> None:
        try:
            while not self._commands.empty() and not self._closing:
                self._commands.get()()
            self._listen()
        # Whatever a driver or a broken model does, the window must hear of it and go on.
        except Exception as error:
            logger.exception("listening stopped")
            words = "Listening stopped because of a fault. It is tried again by itself."
            self._fail(Trouble(words, repr(error)), health=Health.FAILED)

    def _listen(self) -> None:
        stream = self._stream
        if stream is None:
            if self._lost.due(self._clock()):
                self._opener.scan(anew=True)
                self._open(may_fall_back=False)
            return
        try:
            self._session.hear(stream)
        except ModelFileError as error:
            self._model.leave(error)
            return
        if stream.has_ended:
            self._rest(f"{stream.source.name} has been played to its end.")
            return
        trouble = stream.trouble()
        if trouble.words:
            self._fail(trouble, health=Health.STALLED)
        elif stream.has_begun:
            self._lost.succeeded()
            zeros = self._zeros_message(stream)
            spoilt = Trouble(zeros) if zeros else stream.warning
            self._say(Health.RUNNING, spoilt.words, details=spoilt.details or stream.details)

    def _zeros_message(self, stream: Stream) -> str:
        if not stream.only_zeros:
            if stream.has_heard_sound:
                self._muted.succeeded()
            return ""
        self._outbox.no_signal()
        if not self._muted.scheduled:
            self._muted.failed(self._clock())
        elif self._muted.due(self._clock()):
            self._muted.tried()
            self._let_go(GapReason.LOST)
            self._open()
        return stream.zeros_message

    def _open(self, *, may_fall_back: bool = True) -> None:
        self._let_go(GapReason.SOURCE)
        if self._wanted is None:
            self._say(Health.STOPPED, "")
            return
        # What was wrong stays to be read while it is tried again.
        self._say(Health.STARTING, self._report.message)
        try:
            if self._wanted.is_device:
                self._opener.scan_if_needed()
            found = self._opener.find(self._wanted, may_fall_back=may_fall_back)
            stream = self._stream_from(found)
            self._start(stream)
        except AudioDeviceError as error:
            cause = error.__cause__
            details = "" if cause is None else f"{type(cause).__name__}: {cause}"
            self._fail(Trouble(str(error), details), health=Health.FAILED)
            return
        self._outbox.begin_stream()
        self._stream, self._note = stream, found.note
        self._lost.tried()

    def _start(self, stream: Stream) -> None:
        # The demo asks nothing of the system's sound, which may hang.
        if self._wanted is not None and self._wanted.demo:
            stream.start()
        else:
            self._opener.start(stream)

    def _stream_from(self, found: Found) -> Stream:
        listener = Listener(
            self._model.classifier,
            comparator=self._comparator,
            first_sample=self._session.next_sample(),
        )
        explained, against = self._explained
        listener.explain(explained, against=against)
        stream = Stream(found.source, listener)
        # A device that stands in for another has channels of its own.
        if self._wanted is not None and not found.note:
            stream.choose_channels(self._wanted.channels)
        return stream

    def _pause(self) -> None:
        self._rest("")

    def _rest(self, message: str) -> None:
        self._let_go(GapReason.PAUSED)
        self._lost.succeeded()
        self._outbox.rest()
        self._say(Health.PAUSED, message)

    def _let_go(self, reason: GapReason) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            self._session.interrupt(stream, reason)
            stream.stop()

    def _fail(self, trouble: Trouble, *, health: Health) -> None:
        logger.warning("source lost or not opened: %s (%s)", trouble.words, trouble.details)
        self._outbox.no_signal()
        # Said first: closing a device that has vanished may take its time.
        self._say(health, trouble.words, details=trouble.details)
        self._lost.failed(self._clock())
        self._let_go(GapReason.LOST)

    def _rescan(self) -> None:
        paused = self._report.health is Health.PAUSED
        self._let_go(GapReason.SOURCE)
        self._opener.scan(anew=True)
        if not paused:
            self._open()

    def _learn(self, devices: tuple[InputDevice, ...]) -> None:
        self._opener.learn(devices, in_use=self._stream.source.name if self._stream else "")

    def _answer_with(self, classifier: Classifier) -> None:
        if self._stream is not None:
            self._stream.listener.use(classifier)
            self._session.mark_model(self._model.reference, position_s=self._stream.position_s)

    def _narrow(self, narrowing: Narrowing) -> None:
        self._shelf.narrow(narrowing)
        self._model.again()
        if self._stream is not None:
            self._stream.listener.use(self._model.classifier)
        if self._comparator is not None:
            self._compare(self._comparator.references)

    def _explain(self, explained: int, against: int) -> None:
        self._explained = explained, against
        if self._stream is not None:
            self._stream.listener.explain(explained, against=against)

    def _explain_moment(self, end_s: float) -> None:
        explained, against = self._explained
        self._session.explain_moment(
            end_s, self._model.classifier, explained=explained, against=against
        )

    def _choose_channels(self, channels: tuple[int, ...]) -> None:
        if self._wanted is not None:
            self._wanted = replace(self._wanted, channels=channels)
        if self._stream is not None:
            self._stream.choose_channels(channels)

    def _compare(self, references: tuple[str, ...]) -> None:
        self._comparator = Comparator(references, shelf=self._shelf) if references else None
        self._outbox.stop_comparing()
        if self._stream is not None:
            self._stream.listener.compare(self._comparator)

    def _say(self, health: Health, message: str, *, details: str = "") -> None:
        standing = self._note if health is Health.RUNNING else ""
        stream, last = self._stream, self._report
        self._report = SourceReport(
            health=health,
            name=stream.source.name if stream else last.name,
            sample_rate_hz=stream.source.sample_rate_hz if stream else last.sample_rate_hz,
            channels=stream.source.channels if stream else last.channels,
            message=message or standing,
            overruns=stream.overruns if stream else last.overruns,
            dropped_windows=stream.dropped_previews if stream else last.dropped_windows,
            latency_s=stream.source.health().latency_s if stream else 0.0,
            details=details or (last.details if message else ""),
        )
        chosen = self._wanted.channels if self._wanted else ()
        levels = replace(stream.channels, chosen=chosen) if stream else ChannelLevels()
        self._outbox.report(self._report, levels)
