"""What a frame of the live page costs: the program's own clips, heard by the shipped model.

The answers are computed before the clock starts; measured is what the window does with them.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from view_doubles import FakeFiles, FakeLive, list_models, make_update

from timbrescope.desktop.audio.demo import DEMO_FOLDER
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.engine.smoothing import nothing
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.audio.decode import read_mono
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ

FRAMES_PER_S = 30
# The picture is full of sound and evidence before anything is measured.
FILLED_S = 13.0
SIZE = (1280, 800)


def heard(seconds: float) -> list[LiveUpdate]:
    """Return what the live engine would tell in each frame, the clips one after another."""
    listener, sound = Listener(Classifier.load()), _sound()
    preview: Analysis | None = None
    answer = nothing(State.LISTENING)
    told = []
    for _ in range(round(seconds * FRAMES_PER_S)):
        found = listener.hear(next(sound))
        preview, answer = found.preview or preview, found.answer or answer
        update = make_update(
            columns=found.columns,
            first_column=found.first_column,
            level=found.level,
            preview=preview,
            verdicts=found.verdicts,
            state=answer.state,
            probabilities=answer.probabilities,
            position=listener.position_s,
        )
        told.append(update)
    return told


def _sound() -> Iterator[NDArray[np.float32]]:
    count = SAMPLE_RATE_HZ // FRAMES_PER_S
    for path in cycle(sorted(DEMO_FOLDER.glob("*.ogg"))):
        samples = read_mono(path)
        yield from np.split(samples, range(count, len(samples), count))[:-1]


def frame_costs(application: QApplication, *, seconds: float) -> dict[str, float]:
    """Return the GUI thread's time for a frame with evidence, in ms."""
    updates = heard(FILLED_S + seconds)
    filled = round(FILLED_S * FRAMES_PER_S)
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        live = FakeLive(updates[0])
        window = MainWindow(live, FakeFiles(), Settings(store), list_models=list_models)
        window.resize(*SIZE)
        window.show()
        window._timer.stop()
        application.processEvents()
        costs = []
        for update in updates:
            live.updates = [update]
            # As if frames came on time, however busy the machine is.
            window._last_frame_s = time.perf_counter() - 1.0 / FRAMES_PER_S
            began = time.thread_time()
            window.show_frame()
            application.processEvents()
            costs.append(1e3 * (time.thread_time() - began))
            # What has been shown is not shown again.
            live.updates = [replace(update, verdicts=(), columns=update.columns[:, :0])]
        window.close()
    counted = costs[filled:]
    return {
        "frame with evidence, median ms": median(counted),
        "frame with evidence, mean ms": mean(counted),
        "frame with evidence, p95 ms": float(np.percentile(counted, 95)),
        "frame with evidence, worst ms": max(counted),
    }
