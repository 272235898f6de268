"""What the window costs: a frame with evidence, and a file's event in a list of any length.

Run it: ``QT_QPA_PLATFORM=offscreen python tests/helpers/window_costs.py [--json]``. Times
are of the processor, so that what else the machine does matters little.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from view_doubles import (
    FakeFiles,
    FakeLive,
    list_models,
    make_analysis,
    make_result,
    make_update,
    probabilities_of,
)

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.files.columns import FILE, PROBABILITY
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State

ROWS = (100, 10_000, 50_000)
EVENTS = 200
FRAMES = 120
FRAME_COLUMNS = 1.45  # 43 columns a second at 30 frames a second
FRAMES_PER_ANSWER = 15


def _timed(act: Callable[[], object]) -> float:
    began = process_time()
    act()
    return (process_time() - began) * 1e3


def table_costs(application: QApplication, rows: int) -> dict[str, float]:
    """Return milliseconds: one event with its repaint, sorted and not; sorting and filtering."""
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
        result = make_result(path)
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
        "event_ms": median(plain),
        "event_sorted_ms": median(in_order),
        "sort_ms": sorting,
        "filter_ms": filtering,
    }


def frame_costs(application: QApplication) -> dict[str, float]:
    """Return median and worst milliseconds of a frame of the live page with evidence."""
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        live = FakeLive(make_update())
        window = MainWindow(live, FakeFiles(), Settings(store), list_models=list_models)
        window.resize(1280, 800)
        window.show()
        window._timer.stop()
        rng = np.random.default_rng(2)
        first, times = 0, []
        said = probabilities_of(Violin=0.65)
        for number in range(FRAMES):
            count = int((number + 1) * FRAME_COLUMNS) - int(number * FRAME_COLUMNS)
            at_s = first * 512 / 22050
            if number % FRAMES_PER_ANSWER == 0:
                # The engine lets figures change twice a second.
                said = probabilities_of(Violin=0.5 + 0.3 * rng.random())
            preview = make_analysis(at_s - 3.0) if number % 3 == 0 else None
            live.updates = [
                make_update(
                    columns=rng.uniform(-90, -10, (128, count)).astype(np.float32),
                    first_column=first,
                    state=State.INSTRUMENT,
                    probabilities=said,
                    preview=preview,
                    verdicts=(make_analysis(at_s - 3.0),) if number % 90 == 89 else (),
                )
            ]
            first += count
            times.append(_timed(lambda: (window.show_frame(), application.processEvents())))
        window.close()
    return {"frame_median_ms": median(times[10:]), "frame_worst_ms": max(times[10:])}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    application = QApplication([])
    found = {rows: table_costs(application, rows) for rows in ROWS}
    frames = frame_costs(application)
    if options.json:
        print(json.dumps({"frames": frames, "rows": found}))
        return 0
    print(
        f"frame with evidence: median {frames['frame_median_ms']:.1f} ms, "
        f"worst {frames['frame_worst_ms']:.1f} ms"
    )
    print(f"{'rows':>7} {'event':>18} {'event, sorted':>18} {'sort':>9} {'filter':>9}")
    base = found[ROWS[0]]
    for rows, costs in found.items():
        cells = [
            f"{costs[key]:6.2f} ms x{costs[key] / base[key]:5.2f}"
            for key in ("event_ms", "event_sorted_ms")
        ]
        print(
            f"{rows:>7} {cells[0]:>18} {cells[1]:>18} {costs['sort_ms']:>6.0f} ms "
            f"{costs['filter_ms']:>6.0f} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
