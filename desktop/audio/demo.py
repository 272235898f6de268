"""The built-in demo: a few short clips, played in real time into the same kind of ring."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.played_source import PlayedSource
from timbrescope.models.errors import AudioDeviceError, AudioFileError

DEMO_FOLDER = Path(__file__).parent.parent / "demo"
BLOCK_FRAMES = 1024
PAUSE_S = 0.5


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


class DemoSource(PlayedSource):
    """Plays the clips that ``demo.json`` lists, over and over.

    Raises
    ------
    AudioDeviceError
        From the constructor, if the clips are missing or broken.
    """

    name = "Demo clips"
    thread_name = "timbrescope-demo"

    def __init__(
        self, *, folder: Path = DEMO_FOLDER, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clips, sample_rate_hz = _load(folder)
        super().__init__(sample_rate_hz, channels=1, clock=clock)

    def _play(self) -> None:
        start = 0
        while not self._stop.is_set():
            block = self._clips[start : start + BLOCK_FRAMES]
            self._put(block)
            start = (start + len(block)) % len(self._clips)


def _load(folder: Path) -> tuple[NDArray[np.float32], int]:
    # The window is there before anything is played.
    import soundfile

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
