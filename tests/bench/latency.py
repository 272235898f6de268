"""How long a first note takes to the first preview and to the first right answer.

A program of its own, in whose environment the virtual microphone is the only one: it plays each
recording into the microphone through an output stream that is running already, and listens with the
live engine. The clock starts when the first sample of sound is handed to the output; what output,
sound server and input hold back is part of the figure.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.engine.audio_system import PortAudioSystem
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.models.analysis import State
from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import NAMES

RATE_HZ = 44_100
LONGEST_S = 6.0
# The window of 3 s has to be empty before the next note.
REST_S = 4.0
ONSET_DBFS = -50.0
POLL_S = 0.005


@dataclass
class Stage:
    """Plays one sound after the other; in between there is faint noise, as of a room."""

    clock_s: float = 0.0

    def __post_init__(self) -> None:
        self._waiting: NDArray[np.float32] = np.empty(0, np.float32)
        self._lock = threading.Lock()
        self._rng = np.random.default_rng(1)
        library = portaudio.load()
        self._stream = library.OutputStream(
            device="pulse",
            samplerate=RATE_HZ,
            channels=1,
            dtype="float32",
            latency="low",
            callback=self._fill,
        )
        self._stream.start()

    def _fill(self, block: NDArray[np.float32], frames: int, _time: Any, _status: Any) -> None:
        block[:, 0] = 1e-5 * self._rng.standard_normal(frames)
        with self._lock:
            count = min(frames, len(self._waiting))
            if count and not self.clock_s:
                self.clock_s = time.monotonic()
            block[:count, 0] += self._waiting[:count]
            self._waiting = self._waiting[count:]

    def play(self, sound: NDArray[np.float32]) -> None:
        """Play a sound that begins with its first note."""
        with self._lock:
            self.clock_s = 0.0
            self._waiting = sound

    def close(self) -> None:
        """Stop playing."""
        self._stream.abort()
        self._stream.close()


def from_first_note(path: Path) -> NDArray[np.float32]:
    """Return a recording from its first note on, at the stage's rate, at most 6 s."""
    sound = read_mono(path, longest_s=LONGEST_S + 5.0)
    loud = np.flatnonzero(np.abs(sound) >= 10 ** (ONSET_DBFS / 20))
    first = int(loud[0]) if loud.size else 0
    cut = sound[first : first + round(LONGEST_S * SAMPLE_RATE_HZ)]
    return np.asarray(soxr.resample(cut, SAMPLE_RATE_HZ, RATE_HZ), np.float32)


def measure(engine: LiveEngine, stage: Stage, path: Path, instrument: str) -> dict[str, Any]:
    """Return the two delays of one recording in ms, None for what never came."""
    sound = from_first_note(path)
    stage.play(sound)
    end = time.monotonic() + len(sound) / RATE_HZ + 1.0
    first: float | None = None
    right: float | None = None
    while time.monotonic() < end and right is None:
        update = engine.poll()
        if stage.clock_s:
            delay_ms = 1e3 * (time.monotonic() - stage.clock_s)
            if first is None and _hears(update):
                first = delay_ms
            if _names(update) == instrument:
                right = delay_ms
        time.sleep(POLL_S)
    stage.play(np.empty(0, np.float32))
    rested = time.monotonic() + REST_S
    while time.monotonic() < rested:
        engine.poll()
        time.sleep(0.05)
    return {"first_preview_ms": first, "right_answer_ms": right, "instrument": instrument}


def _hears(update: LiveUpdate) -> bool:
    silent = (State.NO_SIGNAL, State.QUIET)
    return update.preview is not None and update.preview.state not in silent


def _names(update: LiveUpdate) -> str:
    best = update.answer.best
    return NAMES[best] if best is not None and update.state is State.INSTRUMENT else ""


def main() -> int:
    """Read ``[[path, instrument], ...]`` from standard input; print one line of JSON for each."""
    recordings = json.load(sys.stdin)
    with LiveEngine(PortAudioSystem()) as engine:
        stage = Stage()
        engine.use_named("pulse")
        while engine.poll().source.health is not Health.RUNNING:
            time.sleep(0.05)
        time.sleep(REST_S)
        for path, instrument in recordings:
            found = measure(engine, stage, Path(path), instrument)
            print(json.dumps(found), flush=True)
        stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
