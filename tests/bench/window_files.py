"""How the window fares while files are classified: is its thread blocked, does memory grow."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import encoded
import numpy as np
import soundfile
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from view_doubles import FakeLive, list_models, make_update

from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.frontend import SAMPLE_RATE_HZ

BEAT_MS = 5
SAMPLED_S = 0.25
FILES_A_TURN = 25
SHORT_S = 4.0
TINY_S, TINY_RATE_HZ = 1.2, 8000
BLOCK_S = 60.0
MEBIBYTE = 1 << 20
# Linux: for how long this thread has worked, and has waited for a core, in ns.
_SCHEDULED = Path("/proc/thread-self/schedstat")


class Watcher:
    """Beats in the GUI thread, and notes what each beat that came late was waiting for."""

    def __init__(self) -> None:
        self.beats: list[Beat] = []
        self.resident: list[float] = []
        self._sampled_at = 0.0
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._spent = SpentTime()
        self._last = self._spent.now()
        self._timer.start()

    def _beat(self) -> None:
        now = self._spent.now()
        passed, own, core = (after - before for after, before in zip(now, self._last, strict=True))
        self.beats.append(Beat(max(0.0, passed - BEAT_MS), own, core))
        self._last = now
        if 1e-3 * now[0] - self._sampled_at >= SAMPLED_S:
            self._sampled_at = 1e-3 * now[0]
            self.resident.append(resident_mib())

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()
        self._spent.close()


@dataclass(frozen=True)
class Beat:
    """How late a beat of the GUI thread came, in ms, and why.

    Attributes
    ----------
    late : float
        By the clock.
    own : float
        What the thread worked itself.
    core : float
        For how long it could have gone on, but other threads or programs had the processor's cores;
        0 where the system does not tell.
    """

    late: float
    own: float
    core: float

    @property
    def locked(self) -> float:
        """For how long it waited for something else: the interpreter's lock, or another one."""
        return max(0.0, self.late - self.own - self.core)


def blocked(name: str, beats: Sequence[Beat]) -> dict[str, float]:
    """Return how long the GUI thread was held up, and by what: the longest of each."""
    late = [beat.late for beat in beats]
    locked = [beat.locked for beat in beats]
    return {
        f"{name}: longest hold-up, ms": max(late),
        f"{name}: hold-ups p99.9, ms": float(np.percentile(late, 99.9)),
        f"{name}: longest own work, ms": max(beat.own for beat in beats),
        f"{name}: longest wait for a core, ms": max(beat.core for beat in beats),
        f"{name}: longest wait for a lock, ms": max(locked),
        f"{name}: waits for a lock p99.9, ms": float(np.percentile(locked, 99.9)),
    }


class SpentTime:
    """What the thread that made it spends, in ms: by the clock, working, and waiting for a core."""

    def __init__(self) -> None:
        # Other systems do not tell, and not every kernel does.
        self._told: int | None = None
        if _SCHEDULED.exists():
            self._told = os.open(_SCHEDULED, os.O_RDONLY)

    def now(self) -> tuple[float, float, float]:
        """Return all three."""
        waited_ns = 0
        if self._told is not None:
            waited_ns = int(os.pread(self._told, 100, 0).split()[1])
        return 1e3 * time.monotonic(), 1e3 * time.thread_time(), 1e-6 * waited_ns

    def close(self) -> None:
        """Let go of the file that tells."""
        if self._told is not None:
            os.close(self._told)


def resident_mib() -> float:
    """Return the memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE


@contextmanager
def _window() -> Iterator[tuple[MainWindow, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        live = FakeLive(make_update())
        window = MainWindow(live, FileSession(), Settings(store), list_models=list_models)
        window.resize(1280, 800)
        window.show()
        try:
            yield window, folder
        finally:
            window.close()


def _classified(
    application: QApplication, window: MainWindow, paths: list[Path], *, count: int = 1
) -> Watcher:
    """Classify `count` files in the window; return how it fared."""
    model = window.files_view.model
    wanted = model.tally.total - model.tally.unfinished + count
    window.add_files(paths)
    return _watched(application, lambda: model.tally.total - model.tally.unfinished >= wanted)


def _watched(application: QApplication, fulfilled: Callable[[], bool]) -> Watcher:
    watcher = Watcher()
    while not fulfilled():
        application.processEvents()
        time.sleep(0.0005)
    watcher.stop()
    return watcher


def _idle(application: QApplication, *, seconds: float) -> Watcher:
    end_s = time.monotonic() + seconds
    return _watched(application, lambda: time.monotonic() >= end_s)


def load(application: QApplication, *, files: int) -> dict[str, float]:
    """Return how long the GUI thread is held up while short files are classified.

    The same is told of the window when nothing is classified, for as long and in turn: so much
    comes from the rest of the computer.
    """
    busy: list[Beat] = []
    idle: list[Beat] = []
    with _window() as (window, folder):
        _classified(application, window, [_sound(folder / "first.wav", SHORT_S)])
        paths = [_sound(folder / f"{n}.wav", SHORT_S, tone=n) for n in range(files)]
        for first in range(0, files, FILES_A_TURN):
            taken = paths[first : first + FILES_A_TURN]
            begun_s = time.monotonic()
            busy += _classified(application, window, taken, count=len(taken)).beats
            idle += _idle(application, seconds=time.monotonic() - begun_s).beats
    return blocked("idle window", idle) | blocked(f"{files} files", busy)


def _sound(path: Path, seconds: float, *, rate_hz: int = SAMPLE_RATE_HZ, tone: int = 0) -> Path:
    samples = encoded.tune(seconds, rate_hz)
    soundfile.write(path, np.roll(samples, tone * 997), rate_hz)
    return path


def many(application: QApplication, *, files: int) -> dict[str, float]:
    """Return the memory taken while a folder of tiny files is classified."""
    with _window() as (window, folder):
        one = _sound(folder / "first.wav", TINY_S, rate_hz=TINY_RATE_HZ)
        _classified(application, window, [one])
        taken = folder / "take"
        taken.mkdir()
        for number in range(files):
            # Names of one file: what counts is what the program keeps of each.
            (taken / f"{number:05}.wav").hardlink_to(one)
        watcher = _classified(application, window, [taken], count=files)
    return _memory(watcher, f"folder of {files:,} files")


def long(application: QApplication, *, hours: float) -> dict[str, float]:
    """Return the memory taken while a file of some hours is classified."""
    with _window() as (window, folder):
        path = folder / "long.flac"
        block = encoded.tune(BLOCK_S, SAMPLE_RATE_HZ)
        with soundfile.SoundFile(path, "w", SAMPLE_RATE_HZ, 1, format="FLAC") as file:
            for _ in range(round(3600 * hours / BLOCK_S)):
                file.write(block)
        _classified(application, window, [_sound(folder / "first.wav", SHORT_S)])
        watcher = _classified(application, window, [path])
    return _memory(watcher, f"file of {hours:g} h")


def _memory(watcher: Watcher, name: str) -> dict[str, float]:
    """Return memory at the first tenth and its greatest value after that."""
    after = len(watcher.resident) // 10
    first = max(watcher.resident[: after + 1])
    return {
        f"{name}: memory in the first tenth, MiB": first,
        f"{name}: growth after it, MiB": max(watcher.resident[after:]) - first,
    } | blocked(name, watcher.beats)
