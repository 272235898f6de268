"""What the window costs: ``make bench-window ARGS="--only frames table"``.

Times are of the GUI thread, so that what else the computer does matters little. Hold-ups are by the
clock; those of a window in which nothing is classified stand beside them, and on Linux for how long
the thread waited for a core and for how long for a lock, the interpreter's above all.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import window_files
import window_frames
import window_table
from PySide6.QtWidgets import QApplication

from timbrescope.desktop.engine.giving_way import hand_over_soon
from timbrescope.desktop.steady_memory import keep_memory_steady

ROWS = (100, 10_000, 50_000)


def parts(
    application: QApplication, options: argparse.Namespace
) -> dict[str, Callable[[], dict[str, float]]]:
    """Return what can be measured."""

    def table() -> dict[str, float]:
        found: dict[str, float] = {}
        for rows in ROWS:
            found |= window_table.table_costs(application, rows)
        return found

    def long() -> dict[str, float]:
        found: dict[str, float] = {}
        for hours in options.hours:
            found |= window_files.long(application, hours=hours)
        return found

    return {
        "frames": lambda: window_frames.frame_costs(application, seconds=options.seconds),
        "table": table,
        "load": lambda: window_files.load(application, files=options.files),
        "many": lambda: window_files.many(application, files=options.folder),
        "long": long,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    names = ("frames", "table", "load", "many", "long")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--seconds", type=float, default=30.0, help="of frames")
    parser.add_argument("--files", type=int, default=200, help="classified under the clock")
    parser.add_argument("--folder", type=int, default=5000, help="files in a folder")
    parser.add_argument("--hours", type=float, nargs="+", default=[10.0], help="of a long file")
    parser.add_argument("--json", type=Path, help="where the figures go as well")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # As the program does.
    keep_memory_steady()
    hand_over_soon()
    application = QApplication([])
    found: dict[str, float] = {}
    for name, measure in parts(application, options).items():
        if name in options.only:
            figures = measure()
            found |= figures
            for figure, value in figures.items():
                print(f"{figure:<58} {value:10.2f}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
