"""The real devices behind one small interface, so that the engine is tested without any."""

from pathlib import Path
from typing import Protocol

from timbrescope.desktop.audio import devices
from timbrescope.desktop.audio.capture import MicrophoneSource
from timbrescope.desktop.audio.demo import DemoSource
from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.file_source import FileSource
from timbrescope.desktop.audio.source import Source


class AudioSystem(Protocol):
    """What the live engine needs of the machine's sound; called by one thread at a time."""

    def devices(self) -> tuple[InputDevice, ...]:
        """Return the input devices, best first."""

    def open_microphone(self, device: InputDevice) -> Source:
        """Return a source, not yet started."""

    def open_demo(self) -> Source:
        """Return the built-in clips as a source, not yet started."""

    def open_file(self, path: Path) -> Source:
        """Return a sound file as a source, not yet started."""

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

    def open_microphone(self, device: InputDevice) -> Source:
        """Return the microphone as a source, not yet started."""
        return MicrophoneSource(device)

    def open_demo(self) -> Source:
        """Return the built-in clips as a source, not yet started."""
        return DemoSource()

    def open_file(self, path: Path) -> Source:
        """Return a sound file as a source, not yet started."""
        return FileSource(path)

    def rescan(self) -> None:
        """Look for devices anew; every stream has to be closed."""
        devices.rescan()
