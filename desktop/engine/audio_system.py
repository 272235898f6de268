"""The real devices behind one small interface, so that the engine is tested without any."""

from typing import Protocol

from desktop.audio import devices
from desktop.audio.capture import MicrophoneSource
from desktop.audio.demo import DemoSource
from desktop.audio.devices import InputDevice
from desktop.audio.source import Source
from models.errors import AudioDeviceError


class AudioSystem(Protocol):
    """What the live engine needs of the machine's sound. Called by the engine's thread only."""

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices, best first."""

    def open_microphone(self, device: InputDevice) -> Source:
        """Return a source, not yet started."""

    def open_demo(self) -> Source:
        """Return the built-in clips as a source, not yet started."""

    def rescan(self) -> None:
        """Look for devices anew; no source may be running."""


class PortAudioSystem:
    """PortAudio's devices and the built-in clips."""

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices, best first.

        Raises
        ------
        AudioDeviceError
            If PortAudio is missing or cannot list its devices.
        """
        return tuple(devices.list_input_devices())

    def named(self, text: str) -> InputDevice:
        """Return the best device whose name contains `text`, in any case.

        Raises
        ------
        AudioDeviceError
            If there is none; the message lists what there is.
        """
        known = self.devices()
        for device in known:
            if text.casefold() in device.name.casefold():
                return device
        names = ", ".join(repr(device.name) for device in known) or "none"
        raise AudioDeviceError(f"no input device is called {text!r}; there are: {names}")

    def open_microphone(self, device: InputDevice) -> Source:
        """Return the microphone as a source, not yet started."""
        return MicrophoneSource(device)

    def open_demo(self) -> Source:
        """Return the built-in clips as a source, not yet started."""
        return DemoSource()

    def rescan(self) -> None:
        """Look for devices anew; every stream has to be closed."""
        devices.rescan()
