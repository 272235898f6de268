"""The live engine: one worker thread between a source of sound and whoever polls.

The thread owns the source (`source_keeper.py`), the listener and with it the ONNX sessions. Callers
send it commands through a queue and read frozen records from the outbox; none of their calls
waits for sound or devices. It begins when told to: a window is drawn before a model is loaded.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Self

from timbrescope.desktop.audio.devices import DeviceWish, InputDevice
from timbrescope.desktop.engine.answering import Answering
from timbrescope.desktop.engine.audio_system import AudioSystem
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.loaded_models import Load, load_model, try_model
from timbrescope.desktop.engine.messages import GapReason, LiveUpdate
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.engine.opening import Wanted
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.engine.session import Session
from timbrescope.desktop.engine.source_keeper import SourceKeeper
from timbrescope.desktop.engine.ticks import tick_s
from timbrescope.desktop.engine.watchdog import trouble_of
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.errors import ModelFileError
from timbrescope.models.evidence import BEST, OTHERS

logger = logging.getLogger(__name__)

JOIN_TIMEOUT_S = 5.0


class LiveEngine:
    """Hears a source and answers from `begin` on, which ``with`` calls.

    All public methods but `wait_for_model` return at once, from any one thread.

    Parameters
    ----------
    system : AudioSystem
    model : str
        The model to start with: a name in the catalogue, or the path of a model file.
    others, load, try_out, clock : callable, optional
        See `ModelInUse`; the last three are for tests.
    """

    def __init__(
        self,
        system: AudioSystem,
        *,
        model: str = DEFAULT_MODEL,
        others: Callable[[], Sequence[str]] = tuple,
        load: Load = load_model,
        try_out: Callable[[str], None] = try_model,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = Outbox()
        self._session = Session(self._outbox, clock=clock)
        self._answering = Answering(
            model,
            others=others,
            load=load,
            try_out=try_out,
            send=self._send,
            session=self._session,
            outbox=self._outbox,
            stream=lambda: self._keeper.stream,
        )
        self._keeper = SourceKeeper(
            system,
            session=self._session,
            outbox=self._outbox,
            make_stream=self._answering.stream_from,
            clock=clock,
        )
        # The source that callers asked for last.
        self._asked: Wanted | None = None
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._wake = Event()
        self._closing = False
        self._clock = clock
        # Written by whoever polls, read by the thread.
        self._polled_s, self._poll_gap_s = clock(), 0.0
        self._thread = Thread(target=self._run, name="timbrescope-live", daemon=True)

    # -- called by others ------------------------------------------------------------------

    def begin(self) -> None:
        """Do what was asked for so far, and load the model; further calls do nothing."""
        if self._thread.ident is None:
            self._send(self._answering.model.prepare)
            self._thread.start()

    def wait_for_model(self) -> None:
        """Wait until the model has been loaded; see `ModelInUse.wait`."""
        self._answering.model.wait()

    @property
    def model(self) -> str:
        """Reference of the model in use."""
        return self._answering.model.reference

    @property
    def model_problem(self) -> str:
        """Why the model asked for last was refused or left behind, else empty."""
        return self._answering.model.problem

    def poll(self) -> LiveUpdate:
        """Return everything new since the last call."""
        now_s = self._clock()
        self._polled_s, self._poll_gap_s = now_s, now_s - self._polled_s
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
        self._send(lambda: self._answering.explain_moment(end_s))

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices of the last scan, best first."""
        return self._keeper.known

    def learn_devices(self, devices: Sequence[InputDevice]) -> None:
        """Offer these devices from now on; another process has listed them, best first."""
        listed = tuple(devices)
        self._send(lambda: self._keeper.learn(listed))

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
        self._send(lambda: self._keeper.choose_channels(wanted))

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
        self._send(self._keeper.rescan)

    def set_paused(self, paused: bool) -> None:
        """Let go of the source, or take it up again as a new stream."""
        self._send(self._keeper.pause if paused else self._keeper.go_on)

    def set_model(self, reference: str) -> None:
        """Answer with this model from now on; if it is refused, `model_problem` says why."""
        self._answering.model.ask(reference)

    def set_comparing(self, references: Sequence[str]) -> None:
        """Put the answers of these models beside each other from now on; none ends it."""
        wanted = tuple(references)
        self._send(lambda: self._answering.compare(wanted))

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from now on."""
        self._send(lambda: self._answering.narrow(narrowing))

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class from now on, or the one that is named; see `models.evidence`."""
        self._send(lambda: self._answering.explain(explained, against))

    def close(self) -> None:
        """Stop the thread and close the source; further calls do nothing."""
        self._closing = True
        self._keeper.give_up()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(JOIN_TIMEOUT_S)

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _want(self, wanted: Wanted) -> None:
        self._asked = wanted
        if self._thread.ident is None:
            self._keeper.announce()

        def want() -> None:
            # Who goes through a list quickly means the last of them.
            if wanted is self._asked:
                self._keeper.use(wanted)

        self._send(want)

    def _send(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    # -- the worker thread -----------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._keeper.scan()
            while not self._closing:
                self._wake.wait(tick_s(self._poll_gap_s))
                self._wake.clear()
                self._step()
        finally:
            self._keeper.let_go(GapReason.SOURCE)
            self._session.close()

    def _step(self) -> None:
        try:
            while not self._commands.empty() and not self._closing:
                self._commands.get()()
            self._listen()
        # Whatever a driver or a broken model does, the window must hear of it and go on.
        except Exception as error:
            logger.exception("listening stopped")
            self._keeper.fail(trouble_of(error))

    def _listen(self) -> None:
        stream = self._keeper.stream
        if stream is None:
            self._keeper.reopen_if_due()
            return
        try:
            self._session.hear(stream)
        except ModelFileError as error:
            self._answering.model.leave(error)
            return
        self._keeper.watch(stream)
