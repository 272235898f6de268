"""Listens for an evening or a day: ``make soak ARGS="--hours 24"``; memory may not grow.

Sound is poured into the live engine as fast as the computer answers (``--real-time``: as it would
come from a device), with pauses, losses, changes of the model and a recording in between, as on an
evening. Memory is compared after the first tenth and at the end, each the most between two events:
a pause gives some back for a while. Exit status 1 says that it grew by
5 MB or more, or that a thread or an open file was left.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from engine_doubles import RATE_HZ, HandSource, HandSystem, tune
from numpy.typing import NDArray

from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.steady_memory import keep_memory_steady
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import WINDOW_SAMPLES

MOST_GROWTH_MB = 5.0
PIECE_S = 3.0
REAL_TIME_PIECE_S = 0.1
# Something happens so often, in seconds of sound.
EVENT_EVERY_S = 300.0
DEADLINE_S = 120.0
SHARE_BEFORE = 0.1
# Before that, the history of the session is still filling, and not everything has happened twice.
SETTLED_S, SETTLED_EVENTS = 600.0, 12


@dataclass(frozen=True)
class Found:
    """What a soak has found; memory in MB, lengths in seconds."""

    heard_s: float
    took_s: float
    first_mb: float
    last_mb: float
    most_mb: float
    events: int
    verdicts: int
    threads_left: tuple[str, ...]
    files_left: tuple[str, ...]

    @property
    def growth_mb(self) -> float:
        """By how much memory grew after the first tenth; 0 if it was not seen."""
        return self.last_mb - self.first_mb if self.first_mb else 0.0

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong."""
        found = []
        if not self.first_mb:
            found.append("it was too short to tell: let it listen for longer")
        elif self.growth_mb >= MOST_GROWTH_MB:
            found.append(f"memory grew by {self.growth_mb:.1f} MB")
        if self.threads_left:
            found.append(f"threads were left: {', '.join(self.threads_left)}")
        if self.files_left:
            found.append(f"files were left open: {', '.join(self.files_left)}")
        return tuple(found)


def resident_mb() -> float:
    """Return the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def open_files() -> set[str]:
    """Return what this process has open, by what it is."""
    links = Path("/proc/self/fd").iterdir()
    found = set()
    for link in links:
        try:
            found.add(str(link.readlink()))
        except OSError:
            continue
    return found


class Evening:
    """Plays, and now and then does what a user or a cable does."""

    def __init__(self, folder: Path, *, model: str, piece_s: float) -> None:
        self.system = HandSystem(make=lambda: HandSource(ring=RingBuffer(4 * RATE_HZ, 1)))
        self.engine = LiveEngine(self.system, model=model)
        self.engine.begin()
        self._folder, self._model, self._piece_s = folder, model, piece_s
        self._sound = _material()
        self._at = 0
        self._due_s = time.monotonic()
        self.verdicts = self.events = 0
        self.engine.use_device(None)
        self.until(lambda update: update.source.health is Health.RUNNING)

    def until(self, fulfilled: Callable[[LiveUpdate], bool]) -> LiveUpdate:
        """Poll as the window does until an update fulfils a condition."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            update = self.engine.poll()
            self.verdicts += len(update.verdicts)
            if fulfilled(update):
                return update
            threading.Event().wait(0.002)
        raise TimeoutError(f"the engine did not go on: {update.source}")

    def play(self, *, real_time: bool) -> None:
        """Play the next piece and wait until it was heard."""
        count = round(self._piece_s * RATE_HZ)
        piece = np.take(self._sound, np.arange(self._at, self._at + count), mode="wrap")
        self._at = (self._at + count) % len(self._sound)
        ring = self.system.opened[-1].ring
        self.system.opened[-1].play(piece)
        if real_time:
            # On the grid, not from now: what hearing takes must not slow the playing down.
            self._due_s = max(self._due_s + self._piece_s, time.monotonic() - 1.0)
            threading.Event().wait(max(0.0, self._due_s - time.monotonic()))
        self.until(lambda _: ring.unread_frames == 0)

    def event(self) -> None:
        """Pause, lose the device, change the model, record, in turn."""
        engine, number = self.engine, self.events
        self.events += 1
        if number % 5 == 0:
            engine.set_paused(True)
            self.until(lambda update: update.source.health is Health.PAUSED)
            engine.set_paused(False)
        elif number % 5 == 1:
            self.system.opened[-1].silent_s = 9.0
            self.until(lambda update: update.source.health is Health.STALLED)
        elif number % 5 == 2:
            engine.set_model("mfcc" if engine.model == self._model else self._model)
        elif number % 5 == 3:
            engine.start_recording(self._folder / f"take-{number}.wav")
        else:
            engine.stop_recording()
            for path in self._folder.glob("take-*"):
                path.unlink()
        engine.history()
        self.until(lambda update: update.source.health is Health.RUNNING)
        del self.system.opened[:-1]


def _material() -> NDArray[np.float32]:
    """Return a minute of music with rests."""
    parts = [tune(11.0, seed=seed) for seed in range(5)]
    rest = 1e-4 * np.random.default_rng(1).standard_normal(5 * RATE_HZ)
    return np.concatenate([*parts, rest]).astype(np.float32)


def soak(
    *, seconds: float, model: str, real_time: bool, tell: Callable[[str], object], most_s: float
) -> Found:
    """Listen to so many seconds of sound, or for `most_s` of time if that comes first."""
    # A thread of the whole process, and what libraries keep open, come with the first window.
    Classifier.load(model).analyse(np.zeros(WINDOW_SAMPLES, np.float32), start_s=0.0)
    threads_before, files_before = set(threading.enumerate()), open_files()
    every_s = min(EVENT_EVERY_S, seconds / 30)
    began_s, played_s, next_told_s, next_event_s = time.monotonic(), 0.0, 0.0, every_s
    piece_s = REAL_TIME_PIECE_S if real_time else PIECE_S
    first_mb = last_mb = most_mb = between_mb = 0.0
    with tempfile.TemporaryDirectory() as folder:
        evening = Evening(Path(folder), model=model, piece_s=piece_s)
        with evening.engine:
            while played_s < seconds:
                evening.play(real_time=real_time)
                played_s += piece_s
                took_s = time.monotonic() - began_s
                now_mb = resident_mb()
                most_mb, between_mb = max(most_mb, now_mb), max(between_mb, now_mb)
                if played_s >= next_event_s:
                    evening.event()
                    next_event_s += every_s
                    last_mb, between_mb = between_mb, 0.0
                    share = max(played_s / seconds, took_s / most_s)
                    settled = played_s >= SETTLED_S and evening.events >= SETTLED_EVENTS
                    if not first_mb and settled and share >= SHARE_BEFORE:
                        first_mb = last_mb
                if took_s >= next_told_s:
                    next_told_s += 30.0
                    tell(f"{played_s / 3600:7.2f} h of sound, {took_s:6.0f} s, {now_mb:7.1f} MB")
                if took_s >= most_s:
                    break
    left = [each for each in threading.enumerate() if each not in threads_before]
    files = open_files() - files_before
    return Found(
        heard_s=played_s,
        took_s=time.monotonic() - began_s,
        first_mb=first_mb,
        last_mb=last_mb,
        most_mb=most_mb,
        events=evening.events,
        verdicts=evening.verdicts,
        threads_left=tuple(each.name for each in left),
        files_left=tuple(each for each in files if not each.startswith(("anon_inode", "pipe"))),
    )


def main(arguments: list[str] | None = None) -> int:
    """Listen, print what was found, and say by the status whether all is well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hours", type=float, default=24.0, help="of sound (24)")
    parser.add_argument("--minutes", type=float, default=1e9, help="end after so long in any case")
    parser.add_argument("--real-time", action="store_true", help="as it would come from a device")
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--json", type=Path, help="where the figures go as well")
    options = parser.parse_args(arguments)
    # As the program does.
    keep_memory_steady()
    found = soak(
        seconds=3600 * options.hours,
        model=options.model,
        real_time=options.real_time,
        tell=lambda line: print(line, flush=True),
        most_s=60 * options.minutes,
    )
    figures = asdict(found) | {"growth_mb": found.growth_mb}
    for name, value in figures.items():
        print(f"{name:<14} {value:10.1f}" if isinstance(value, float) else f"{name:<14} {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    for problem in found.problems:
        print(f"FAILED: {problem}")
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
