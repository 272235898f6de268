"""How the window fares while files are classified: is its thread blocked, does memory grow."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
IDLE_S = 5.0
SHORT_S = 4.0
TINY_S, TINY_RATE_HZ = 1.2, 8000
BLOCK_S = 60.0
MEBIBYTE = 1 << 20


class Watcher:
    """Beats in the GUI thread, and notes how late each beat came and how much memory is taken."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self.own_ms: list[float] = []
        self.resident: list[float] = []
        self._beaten = (time.monotonic(), time.thread_time())
        self._sampled_at = 0.0
        self._timer = QTimer()
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = (time.monotonic(), time.thread_time())
        self.late_ms.append(1e3 * (now[0] - self._beaten[0]) - BEAT_MS)
        self.own_ms.append(1e3 * (now[1] - self._beaten[1]))
        self._beaten = now
        if now[0] - self._sampled_at >= SAMPLED_S:
            self._sampled_at = now[0]
            self.resident.append(resident_mib())

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def blocked(self, name: str) -> dict[str, float]:
        """Return how long the thread was held up; `own` is what it worked itself."""
        return {
            f"{name}: longest hold-up, ms": max(self.late_ms),
            f"{name}: hold-ups p99.9, ms": float(np.percentile(self.late_ms, 99.9)),
            f"{name}: longest own work, ms": max(self.own_ms),
        }


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
    watcher = Watcher()
    while model.tally.total - model.tally.unfinished < wanted:
        application.processEvents()
        time.sleep(0.0005)
    watcher.stop()
    return watcher


def _idle(application: QApplication) -> Watcher:
    watcher, end = Watcher(), time.monotonic() + IDLE_S
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.0005)
    watcher.stop()
    return watcher


def load(application: QApplication, *, files: int) -> dict[str, float]:
    """Return how long the GUI thread is held up while short files are classified.

    The same is told of an idle window: so much comes from the rest of the computer.
    """
    with _window() as (window, folder):
        _classified(application, window, [_sound(folder / "first.wav", SHORT_S)])
        paths = [_sound(folder / f"{n}.wav", SHORT_S, tone=n) for n in range(files)]
        idle = _idle(application).blocked("idle")
        busy = _classified(application, window, paths, count=files).blocked(f"{files} files")
    return idle | busy


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
    } | watcher.blocked(name)
