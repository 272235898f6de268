"""The real program with its demo; tells when its window was drawn and when it first answered.

A program: its argument is the time at which it was started. It ends with its first answer.
"""

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent

from timbrescope.__main__ import main
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.views.open_window import OpenWindow

STARTED_S = float(sys.argv[1])


class Told:
    """What is told, each once: the time since the start, and that of the processor."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def note(self, what: str) -> None:
        """Note that it is now."""
        if f"{what}_s" not in self.figures:
            self.figures[f"{what}_s"] = time.time() - STARTED_S
            self.figures[f"{what}_cpu_s"] = time.process_time()


def watch(told: Told) -> None:
    """Look on while the window is painted and polls its engine."""
    paint, poll = OpenWindow.paintEvent, LiveEngine.poll

    def painted(window: OpenWindow, event: QPaintEvent) -> None:
        paint(window, event)
        # All of it lies on the screen once Qt's loop goes on.
        QTimer.singleShot(0, lambda: told.note("drawn"))

    def polled(engine: LiveEngine) -> LiveUpdate:
        update = poll(engine)
        if update.answer.claims and "answered_s" not in told.figures:
            told.note("answered")
            print(json.dumps(told.figures), flush=True)
            QTimer.singleShot(0, _close_all)
        return update

    OpenWindow.paintEvent, LiveEngine.poll = painted, polled  # type: ignore[method-assign]


def _close_all() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.closeAllWindows()


if __name__ == "__main__":
    watch(Told())
    sys.argv[1:] = ["--demo"]
    sys.exit(main())
