"""Keeps the source that is wanted open: opens it, watches it, opens it again when it is lost."""

import logging
from collections.abc import Callable
from dataclasses import replace

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.source import Source
from timbrescope.desktop.engine.audio_system import AudioSystem
from timbrescope.desktop.engine.backoff import Reopening
from timbrescope.desktop.engine.messages import ChannelLevels, GapReason, Health, SourceReport
from timbrescope.desktop.engine.opening import Found, Opener, Wanted
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.engine.session import Session
from timbrescope.desktop.engine.stream import Stream
from timbrescope.desktop.engine.watchdog import Trouble
from timbrescope.models.analysis import State
from timbrescope.models.errors import AudioDeviceError

logger = logging.getLogger(__name__)


class SourceKeeper:
    """Owned by the engine's thread, but for `known` and `give_up`.

    Parameters
    ----------
    system : AudioSystem
    session : Session
        Hears of what interrupts the stream.
    outbox : Outbox
        Gets the reports.
    make_stream : callable
        Puts a listener round a source that is not yet started.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        system: AudioSystem,
        *,
        session: Session,
        outbox: Outbox,
        make_stream: Callable[[Source], Stream],
        clock: Callable[[], float],
    ) -> None:
        self._session, self._outbox = session, outbox
        self._make_stream, self._clock = make_stream, clock
        self._opener = Opener(system)
        self._wanted: Wanted | None = None
        self.stream: Stream | None = None
        self._lost = Reopening(first_s=1.0, longest_s=10.0)
        # A device opened before its user allowed it may deliver zeros until it is opened again.
        self._muted = Reopening(first_s=15.0, longest_s=60.0)
        self._note = ""
        self._report = SourceReport(Health.STOPPED, "", 0, 0, "", 0, 0)

    # -- any thread ------------------------------------------------------------------------

    @property
    def known(self) -> tuple[InputDevice, ...]:
        """The input devices of the last scan, best first."""
        return self._opener.known

    def give_up(self) -> None:
        """Wait for the system's sound no longer: the program ends."""
        self._opener.give_up()

    # -- what is asked for -----------------------------------------------------------------

    def announce(self) -> None:
        """Say that a source is about to be opened: its thread has not begun yet."""
        self._say(Health.STARTING, "")
        self._outbox.begin_stream()

    def scan(self) -> None:
        """List the devices."""
        self._opener.scan()

    def learn(self, devices: tuple[InputDevice, ...]) -> None:
        """Offer devices that another process has listed."""
        self._opener.learn(devices, in_use=self.stream.source.name if self.stream else "")

    def use(self, wanted: Wanted) -> None:
        """Listen to this from now on."""
        self._wanted = wanted
        self._lost.succeeded()
        self._open()

    def choose_channels(self, channels: tuple[int, ...]) -> None:
        """Hear these channels only; none: those that sound."""
        if self._wanted is not None:
            self._wanted = replace(self._wanted, channels=channels)
        if self.stream is not None:
            self.stream.choose_channels(channels)

    def pause(self) -> None:
        """Let go of the source."""
        self._rest("")

    def go_on(self) -> None:
        """Take the source up again, as a new stream."""
        if self.stream is None:
            self._open()

    def rescan(self) -> None:
        """Look for devices anew, and open the one wanted again unless it is paused."""
        if self.stream is not None and self._wanted is not None and not self._wanted.is_device:
            # The demo or a file goes on: it is no device.
            self._opener.scan(anew=True)
            return
        paused = self._report.health is Health.PAUSED
        self.let_go(GapReason.SOURCE)
        self._opener.scan(anew=True)
        if not paused:
            self._open()

    # -- watching --------------------------------------------------------------------------

    def reopen_if_due(self) -> None:
        """Try a source again that was lost, if it is time to."""
        if self._lost.due(self._clock()):
            self._opener.scan(anew=True)
            self._open(may_fall_back=False)

    def watch(self, stream: Stream) -> None:
        """See how the stream is doing, and do what has to be done."""
        if stream.has_ended:
            self._rest(f"{stream.source.name} has been played to its end.")
            return
        trouble = stream.trouble()
        if trouble.words:
            self.fail(trouble, health=Health.STALLED)
        elif stream.has_begun:
            self._lost.succeeded()
            if stream.only_zeros:
                self._bear_zeros(stream)
                return
            if stream.has_heard_sound:
                self._muted.succeeded()
            spoilt = stream.warning
            self._say(Health.RUNNING, spoilt.words, details=spoilt.details or stream.details)

    def _bear_zeros(self, stream: Stream) -> None:
        if self._wanted is None or not self._wanted.is_device:
            # The silence of a file or of the demo is part of it.
            self._say(Health.RUNNING, "")
            return
        if self._muted.due(self._clock()):
            self._muted.tried()
            self.let_go(GapReason.LOST)
            self._open(in_silence=True)
            return
        if not self._muted.scheduled:
            self._muted.failed(self._clock())
        self._say(Health.RUNNING, stream.zeros_message, details=stream.details)

    def fail(self, trouble: Trouble, *, health: Health = Health.FAILED) -> None:
        """Let go of the source because of some trouble; it is tried again later."""
        logger.warning("source lost or not opened: %s (%s)", trouble.words, trouble.details)
        self._outbox.no_signal()
        # Said first: closing a device that has vanished may take its time.
        self._say(health, trouble.words, details=trouble.details)
        self._lost.failed(self._clock())
        self.let_go(GapReason.LOST)

    def let_go(self, reason: GapReason) -> None:
        """Close the source, if one is open."""
        stream, self.stream = self.stream, None
        if stream is not None:
            self._session.interrupt(stream, reason)
            stream.stop()

    def _rest(self, message: str) -> None:
        self.let_go(GapReason.PAUSED)
        self._lost.succeeded()
        self._outbox.rest()
        self._say(Health.PAUSED, message)

    # -- opening ---------------------------------------------------------------------------

    def _open(self, *, may_fall_back: bool = True, in_silence: bool = False) -> None:
        """Open the source wanted; `in_silence` if it delivered zeros until now, and still may."""
        self.let_go(GapReason.SOURCE)
        if self._wanted is None:
            self._say(Health.STOPPED, "")
            return
        if not in_silence:
            # What was wrong stays to be read while it is tried again.
            self._say(Health.STARTING, self._report.message)
        try:
            if self._wanted.is_device:
                self._opener.scan_if_needed()
            found = self._opener.find(self._wanted, may_fall_back=may_fall_back)
            stream = self._started(found, self._wanted)
        except AudioDeviceError as error:
            cause = error.__cause__
            details = "" if cause is None else f"{type(cause).__name__}: {cause}"
            self.fail(Trouble(str(error), details))
            return
        if in_silence:
            stream.begin_silent()
        self._outbox.begin_stream(State.NO_SIGNAL if in_silence else State.LISTENING)
        self.stream, self._note = stream, found.note
        self._lost.tried()
        if not in_silence:
            # Which one it is, before a model is loaded for it.
            self._say(Health.STARTING, self._report.message)

    def _started(self, found: Found, wanted: Wanted) -> Stream:
        stream = self._make_stream(found.source)
        # A device that stands in for another has channels of its own.
        if not found.note:
            stream.choose_channels(wanted.channels)
        # The demo asks nothing of the system's sound, which may hang.
        if wanted.demo:
            stream.start()
        else:
            self._opener.start(stream)
        return stream

    def _say(self, health: Health, message: str, *, details: str = "") -> None:
        standing = self._note if health is Health.RUNNING else ""
        stream, last = self.stream, self._report
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
