"""What a file's event costs in a list of any length: time of the GUI thread."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from view_doubles import make_result

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.views.files.columns import FILE, PROBABILITY
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.style.theme import DARK

# Twice so many files are told of, each once: what is done stays as it is.
EVENTS = 50


def _timed(act: Callable[[], object]) -> float:
    began = time.thread_time()
    act()
    return (time.thread_time() - began) * 1e3


def table_costs(application: QApplication, rows: int) -> dict[str, float]:
    """Return the GUI thread's time: an event with its repaint, sorting and filtering."""
    view = FilesView(DARK)
    view.resize(1200, 700)
    view.show()
    paths = [Path(f"/music/{number % 100}/take {number}.wav") for number in range(rows)]
    view.apply([FileEvent(path, FileEventKind.QUEUED) for path in paths])
    application.processEvents()
    rng = np.random.default_rng(1)
    order = rng.permutation(rows)

    def event(number: int) -> None:
        path = paths[order[number % rows]]
        # Another probability each time, so that a sorted row goes to another place.
        result = replace(make_result(path), probability=float(rng.uniform(0.3, 1.0)))
        view.apply([FileEvent(path, FileEventKind.PROGRESS, 0.5)])
        view.apply([FileEvent(path, FileEventKind.DONE, 1.0, result)])
        application.processEvents()

    plain = [_timed(lambda n=n: event(n)) for n in range(EVENTS)]
    view.table.sortByColumn(PROBABILITY, Qt.SortOrder.DescendingOrder)
    in_order = [_timed(lambda n=n: event(n)) for n in range(EVENTS, 2 * EVENTS)]
    sorting = _timed(lambda: view.table.sortByColumn(FILE, Qt.SortOrder.AscendingOrder))
    filtering = _timed(lambda: view.model.set_filter(FileFilter(words="take 7")))
    view.close()
    view.deleteLater()
    return {
        f"event in {rows:,} rows, ms": median(plain),
        f"event in {rows:,} sorted rows, ms": median(in_order),
        f"sorting {rows:,} rows, ms": sorting,
        f"filtering {rows:,} rows, ms": filtering,
    }
