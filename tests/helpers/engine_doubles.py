"""Doubles for the engines: sources that a test fills and breaks by hand, and a tune to play."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.file_source import FileSource
from timbrescope.desktop.audio.playback import Output
from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.audio.source import SourceHealth
from timbrescope.models.errors import AudioDeviceError

RATE_HZ = 44_100


@dataclass
class HandSource:
    """A source that the test fills and breaks."""

    name: str = "Hand"
    sample_rate_hz: int = RATE_HZ
    channels: int = 1
    ring: RingBuffer = field(default_factory=lambda: RingBuffer(20 * RATE_HZ, 1))
    refusal: str | None = None
    running: bool = False
    silent_s: float = 0.0
    error: str | None = None
    starts: int = 0
    callbacks: int = 1

    def start(self) -> None:
        if self.refusal:
            raise AudioDeviceError(self.refusal)
        self.running = True
        self.starts += 1

    def stop(self) -> None:
        self.running = False

    def health(self) -> SourceHealth:
        return SourceHealth(self.running, self.callbacks, self.silent_s, 0, self.error)

    def play(self, mono: np.ndarray) -> None:
        self.ring.write(mono.astype(np.float32)[:, np.newaxis])


@dataclass
class HandSystem:
    """An audio system whose devices and sources the test chooses."""

    make: Callable[[], HandSource] = HandSource
    listed: tuple[InputDevice, ...] = (InputDevice(0, "Hand", "ALSA", 1, RATE_HZ, True),)
    opened: list[HandSource] = field(default_factory=list)
    rescans: int = 0
    problem: str | None = None

    def devices(self) -> tuple[InputDevice, ...]:
        if self.problem:
            raise AudioDeviceError(self.problem)
        return self.listed

    def open_microphone(self, device: InputDevice) -> HandSource:
        self.opened.append(self.make())
        return self.opened[-1]

    def open_demo(self) -> HandSource:
        self.opened.append(self.make())
        self.opened[-1].name = "Demo clips"
        return self.opened[-1]

    def open_file(self, path: Path) -> FileSource:
        return FileSource(path, open_output=no_output)

    def rescan(self) -> None:
        self.rescans += 1


def no_output(rate_hz: int, channels: int) -> Output:
    """Stand for a computer without loudspeakers."""
    raise AudioDeviceError("nothing can be played")


def tune(seconds: float, *, rate: int = RATE_HZ, seed: int = 1) -> np.ndarray:
    """Return plucked notes, a different one every third of a second."""
    rng = np.random.default_rng(seed)
    samples = np.zeros(int(seconds * rate))
    for start in range(0, len(samples), rate // 3):
        time_s = np.arange(min(rate // 3, len(samples) - start)) / rate
        pitch_hz = 220 * 2 ** (rng.integers(0, 24) / 12)
        overtones = sum(np.sin(2 * np.pi * pitch_hz * n * time_s) / n for n in range(1, 6))
        samples[start : start + len(time_s)] = 0.2 * np.exp(-4 * time_s) * overtones
    return samples.astype(np.float32)
