"""The built-in demo: a few short clips, played in real time into the same kind of ring."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import numpy as np
import soundfile
from numpy.typing import NDArray

from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.audio.source import RING_S, SourceHealth, new_ring
from timbrescope.models.errors import AudioDeviceError, AudioFileError

DEMO_FOLDER = Path(__file__).parent.parent / "demo"
BLOCK_FRAMES = 1024
PAUSE_S = 0.5
JOIN_TIMEOUT_S = 2.0


def demo_clip(name: str) -> Path:
    """Return the path of a built-in recording, such as ``violin``; an OGG file of some seconds.

    Raises
    ------
    AudioFileError
        If there is none of that name.

    Examples
    --------
    >>> from timbrescope import demo_clip
    >>> demo_clip("violin").name
    'violin.ogg'
    """
    known = {path.stem: path for path in sorted(DEMO_FOLDER.glob("*.ogg"))}
    if name not in known:
        raise AudioFileError(f"{name!r} is no demo clip; they are {', '.join(known)}")
    return known[name]


class DemoSource:
    """Plays the clips that ``demo.json`` lists, over and over. Its own thread paces them.

    Raises
    ------
    AudioDeviceError
        From the constructor, if the clips are missing or broken.
    """

    name = "Demo clips"
    channels = 1

    def __init__(
        self, *, folder: Path = DEMO_FOLDER, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clips, self.sample_rate_hz = _load(folder)
        self._clock = clock
        self._ring = new_ring(self.sample_rate_hz, self.channels)
        self._stop = Event()
        self._thread: Thread | None = None
        self._blocks = 0
        self._last_s = clock()

    @property
    def ring(self) -> RingBuffer:
        """Where the frames arrive."""
        return self._ring

    def start(self) -> None:
        """Begin with the first clip."""
        self._stop.clear()
        self._last_s = self._clock()
        self._thread = Thread(target=self._play, name="timbrescope-demo", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; may be called twice."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(JOIN_TIMEOUT_S)

    def health(self) -> SourceHealth:
        """Return how the player is doing now."""
        return SourceHealth(
            running=self._thread is not None and self._thread.is_alive(),
            callbacks=self._blocks,
            seconds_since_callback=self._clock() - self._last_s,
            input_overflows=0,
            error=None,
        )

    def _play(self) -> None:
        began, frames = self._clock(), 0
        while not self._stop.is_set():
            start = frames % len(self._clips)
            block = self._clips[start : start + BLOCK_FRAMES]
            self._ring.write(block)
            self._blocks += 1
            self._last_s = self._clock()
            frames += len(block)
            # Against the start, not the last block, so that the pace does not drift.
            wait_s = began + frames / self.sample_rate_hz - self._clock()
            if wait_s < -RING_S:
                # The machine slept: go on from here rather than pour all that was missed.
                began -= wait_s
            self._stop.wait(max(0.0, wait_s))


def _load(folder: Path) -> tuple[NDArray[np.float32], int]:
    try:
        listed = json.loads((folder / "demo.json").read_text("utf-8"))
        clips = [soundfile.read(folder / entry["file"], dtype="float32") for entry in listed]
    except (OSError, ValueError, KeyError, soundfile.LibsndfileError) as error:
        raise AudioDeviceError(f"the demo clips in {folder} cannot be read: {error}") from error
    rates = {rate for _, rate in clips}
    if len(rates) != 1 or any(samples.ndim != 1 for samples, _ in clips):
        raise AudioDeviceError(f"the demo clips in {folder} are not all mono at one rate: {rates}")
    rate = rates.pop()
    pause = np.zeros(int(PAUSE_S * rate), dtype=np.float32)
    sequence = np.concatenate([part for samples, _ in clips for part in (samples, pause)])
    return sequence[:, np.newaxis], rate
