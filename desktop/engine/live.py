"""The live engine: one worker thread between a source of sound and whoever polls.

The thread owns the source, the resampler, the listener and with it the ONNX session. Callers
send it commands through a queue and read frozen records from the outbox; none of their calls
waits for sound, devices or the network.
"""

import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Self

from desktop.audio.devices import DeviceWish, InputDevice, find_device
from desktop.engine.audio_system import AudioSystem
from desktop.engine.listener import Listener
from desktop.engine.messages import Health, LiveUpdate, SourceReport
from desktop.engine.outbox import Outbox
from desktop.engine.reopening import Reopening
from desktop.engine.stream import Stream
from models.classifier import Classifier
from models.errors import AudioDeviceError, ModelFileError
from models.frontend import FeatureKind

logger = logging.getLogger(__name__)

# Well below the 200 ms between previews, and long enough to cost nothing while idle.
TICK_S = 0.03
JOIN_TIMEOUT_S = 5.0


class LiveEngine:
    """Hears a source and answers. All public methods return at once, from any one thread.

    Raises
    ------
    ModelFileError
        From the constructor, if the model cannot be loaded.
    """

    def __init__(
        self,
        system: AudioSystem,
        *,
        model: FeatureKind = "mel",
        load: Callable[[FeatureKind], Classifier] = Classifier.load,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._system = system
        self._load = load
        self._clock = clock
        self._outbox = Outbox()
        self._classifier = load(model)
        self._stream: Stream | None = None
        self._reopening = Reopening()
        self._open_wanted: Callable[[], None] | None = None
        self._known: tuple[InputDevice, ...] = ()
        self._message = ""
        self._model_problem = ""
        self._health = Health.STOPPED
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._wake = Event()
        self._closing = False
        self._thread = Thread(target=self._run, name="timbrescope-live", daemon=True)
        self._thread.start()

    # -- called by others ------------------------------------------------------------------

    @property
    def model_kind(self) -> FeatureKind:
        """Kind of the model in use."""
        return self._classifier.kind

    def poll(self) -> LiveUpdate:
        """Return everything new since the last call."""
        return self._outbox.collect()

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices of the last scan, best first."""
        return self._known

    def use_device(self, device: InputDevice | None) -> None:
        """Listen to `device`, or to the best there is when None."""
        wish = None if device is None else DeviceWish(device.name, device.host_api)
        self.use_wish(wish)

    def use_wish(self, wish: DeviceWish | None) -> None:
        """Listen to the device remembered; while it is absent, to the best there is."""
        self._send(lambda: self._want(lambda: self._open_microphone(wish)))

    def use_demo(self) -> None:
        """Listen to the built-in clips."""
        self._send(lambda: self._want(self._open_demo))

    def rescan(self) -> None:
        """Look for devices anew and reopen the source wanted."""
        self._send(self._rescan)

    def set_paused(self, paused: bool) -> None:
        """Let go of the source, or take it up again as a new stream."""
        self._send(self._pause if paused else self._reopen)

    def set_model(self, kind: FeatureKind) -> None:
        """Answer with the model of `kind` from now on."""
        self._send(lambda: self._use_model(kind))

    def close(self) -> None:
        """Stop the thread and close the source; further calls do nothing."""
        self._closing = True
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

    def _send(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    # -- the worker thread -----------------------------------------------------------------

    def _run(self) -> None:
        self._scan()
        while not self._closing:
            self._wake.wait(TICK_S)
            self._wake.clear()
            while not self._commands.empty() and not self._closing:
                self._commands.get()()
            self._listen()
            self._report()
        self._let_go()

    def _listen(self) -> None:
        if self._stream is None:
            if self._open_wanted is not None and self._reopening.due(self._clock()):
                self._reopen_by_itself()
            return
        heard = self._stream.hear()
        if heard is not None:
            self._outbox.leave(heard, position_s=self._stream.position_s)
        trouble = self._stream.trouble()
        if trouble:
            self._fail(trouble, health=Health.STALLED)
        elif self._stream.only_zeros:
            self._outbox.no_signal()
            self._say(Health.RUNNING, self._stream.zeros_message)
        else:
            self._say(Health.RUNNING, "")
            self._reopening.succeeded()

    def _want(self, open_wanted: Callable[[], None]) -> None:
        self._open_wanted = open_wanted
        self._reopening.succeeded()
        self._reopen()

    def _reopen(self) -> None:
        self._let_go()
        if self._open_wanted is None:
            return
        self._say(Health.STARTING, "")
        self._report()
        try:
            self._open_wanted()
        except AudioDeviceError as error:
            self._fail(str(error), health=Health.FAILED)

    def _reopen_by_itself(self) -> None:
        # PortAudio sees what was plugged in again only after it is initialised anew.
        self._scan(anew=True)
        self._reopen()

    def _open_microphone(self, wish: DeviceWish | None) -> None:
        if not self._known:
            self._scan(anew=True)
        device = find_device(wish, list(self._known)) if wish else None
        if device is None and not self._known:
            raise AudioDeviceError(
                "No input device found. Connect a microphone (it is looked for again by "
                "itself), drop audio files on the window, or play the demo."
            )
        self._begin(
            Stream(self._system.open_microphone(device or self._known[0]), self._listener())
        )

    def _open_demo(self) -> None:
        self._begin(Stream(self._system.open_demo(), self._listener()))

    def _listener(self) -> Listener:
        return Listener(self._classifier)

    def _begin(self, stream: Stream) -> None:
        self._outbox.begin_stream()
        stream.start()
        self._stream = stream
        self._say(Health.RUNNING, "")

    def _pause(self) -> None:
        self._let_go()
        self._reopening.stop()
        self._say(Health.PAUSED, "")

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.stop()

    def _fail(self, message: str, *, health: Health) -> None:
        logger.warning("source lost or not opened: %s", message)
        self._let_go()
        self._outbox.no_signal()
        self._reopening.failed(self._clock())
        self._say(health, message)

    def _rescan(self) -> None:
        self._let_go()
        self._scan(anew=True)
        self._reopen()

    def _scan(self, *, anew: bool = False) -> None:
        try:
            if anew:
                self._system.rescan()
            self._known = self._system.devices()
        except AudioDeviceError as error:
            self._known = ()
            self._say(Health.FAILED, str(error))

    def _use_model(self, kind: FeatureKind) -> None:
        try:
            self._classifier = self._load(kind)
        except ModelFileError as error:
            self._model_problem = f"The model was not changed: {error}"
            return
        self._model_problem = ""
        if self._stream is not None:
            self._stream.listener.use(self._classifier)

    def _say(self, health: Health, message: str) -> None:
        self._health, self._message = health, message

    def _report(self) -> None:
        stream = self._stream
        self._outbox.report(
            SourceReport(
                health=self._health,
                name=stream.source.name if stream else "",
                sample_rate_hz=stream.source.sample_rate_hz if stream else 0,
                channels=stream.source.channels if stream else 0,
                message=self._message or self._model_problem,
                overruns=stream.overruns if stream else 0,
                dropped_windows=stream.dropped_previews if stream else 0,
            )
        )
