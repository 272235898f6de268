"""Which source is wanted, and how it is found among those there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from timbrescope.desktop.audio.devices import (
    DeviceWish,
    InputDevice,
    best_first,
    find_device,
    named_device,
)
from timbrescope.desktop.audio.source import Source
from timbrescope.desktop.engine.audio_system import AudioSystem
from timbrescope.desktop.engine.patience import OneAtATime, OverdueError
from timbrescope.models.errors import AudioDeviceError

NO_DEVICE = (
    "No input device found. Connect a microphone (it is looked for again by itself), drop "
    "audio files on the window, or play the demo."
)
NO_SERVER = (
    "The system's sound does not answer: its sound service hangs, or a driver does. It is asked "
    "again by itself as soon as it comes back; the demo and files work without it."
)
# Listing takes some tens of milliseconds, opening some hundreds; sound servers that are just
# being started take seconds.
SCAN_S = 4.0
START_S = 8.0


class Starting(Protocol):
    """What can be started and stopped: a source, or a stream around one."""

    def start(self) -> None:
        """Start it."""

    def stop(self) -> None:
        """Stop it."""


@dataclass(frozen=True)
class Wanted:
    """The source that was asked for: the demo, a file, or the best microphone if nothing is said.

    Attributes
    ----------
    demo : bool
    file : Path or None
        A sound file, played as if live.
    device : InputDevice or None
        Exactly this one, as long as it is listed.
    wish : DeviceWish or None
        The one remembered by name.
    named : str or None
        The best one whose name contains this.
    channels : tuple of int
        Of the device, counted from 0; none: those that sound.
    """

    demo: bool = False
    device: InputDevice | None = None
    wish: DeviceWish | None = None
    named: str | None = None
    channels: tuple[int, ...] = ()
    file: Path | None = None

    @property
    def is_device(self) -> bool:
        """Whether it is one of the system's inputs."""
        return not self.demo and self.file is None


@dataclass(frozen=True)
class Found:
    """A source, not yet started, and what has to be said about the choice, else empty."""

    source: Source
    note: str = ""


class Opener:
    """Lists devices, finds the wanted one and starts it. Owned by the engine's thread.

    The system's sound is asked in a thread of its own: a server that hangs takes its callers with
    it, and the demo has to go on without it.
    """

    def __init__(self, system: AudioSystem) -> None:
        self._system = system
        self._calls = OneAtATime("timbrescope-sound")
        self._problem = ""
        self._is_behind = False
        self.known: tuple[InputDevice, ...] = ()

    def give_up(self) -> None:
        """Wait for the system's sound no longer; any thread may call it."""
        self._calls.give_up()

    def learn(self, listed: Sequence[InputDevice], *, in_use: str) -> None:
        """Take over what another process has listed, best first.

        `in_use` is the name of the source that runs: a device that is open is not listed elsewhere
        where only one program may have it.
        """
        kept = [each for each in self.known if each.name == in_use and each not in listed]
        known = best_first([*listed, *kept])
        if set(known) != set(self.known):
            self.known, self._problem = known, ""
            # Their places in PortAudio's list are those of the other process.
            self._is_behind = True

    def scan_if_needed(self) -> None:
        """List the devices if none is known, or others than PortAudio knows. No source may run."""
        if self._is_behind or not self.known:
            self.scan(anew=True)

    def scan(self, *, anew: bool = False) -> None:
        """List the devices; `anew` also sees what was plugged in since. No source may run."""

        def listed() -> tuple[InputDevice, ...]:
            if anew:
                self._system.rescan()
            return self._system.devices()

        try:
            self.known, self._problem = self._calls.ask(listed, SCAN_S), ""
            self._is_behind = False
        except AudioDeviceError as error:
            self.known, self._problem = (), str(error)
        except OverdueError:
            self.known, self._problem = (), NO_SERVER

    def start(self, source: Starting) -> None:
        """Start a source.

        Raises
        ------
        AudioDeviceError
            If it does not open, or not in time; should it do so later, it is stopped again.
        """
        try:
            self._calls.ask(source.start, START_S, too_late=source.stop)
        except OverdueError:
            raise AudioDeviceError(NO_SERVER) from None

    def find(self, wanted: Wanted, *, may_fall_back: bool) -> Found:
        """Return the wanted source.

        `may_fall_back` allows another microphone while the one remembered is absent. It is not
        allowed after a loss: who plays into one microphone is not asking for another.

        Raises
        ------
        AudioDeviceError
            If it is not there; the message says what there is or what to do.
        """
        if wanted.demo:
            return Found(self._system.open_demo())
        if wanted.file is not None:
            return Found(self._system.open_file(wanted.file))
        if not self.known:
            raise AudioDeviceError(self._problem or NO_DEVICE)
        device = self._listed(wanted)
        if device is not None:
            return Found(self._system.open_microphone(device))
        if wanted.wish is None:
            return Found(self._system.open_microphone(self.known[0]))
        if not may_fall_back:
            raise AudioDeviceError(
                f"{wanted.wish.name} is not connected. It is opened as soon as it is back; or "
                "choose another input, or play the demo."
            )
        note = f"{wanted.wish.name} is not connected: listening to {self.known[0].name} instead."
        return Found(self._system.open_microphone(self.known[0]), note)

    def _listed(self, wanted: Wanted) -> InputDevice | None:
        if wanted.device in self.known:
            return wanted.device
        if wanted.wish is not None:
            return find_device(wanted.wish, self.known)
        return None if wanted.named is None else named_device(wanted.named, self.known)
