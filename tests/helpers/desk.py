"""A running window, and the hands that use it: a real mouse and keyboard on a screen of its own.

`Window` talks to `tests/e2e/window_driver.py`, which runs the real window and tells what it shows.
`Desk` adds a window manager and xdotool. What is on screen is found by the words on it, as a person
finds it, and every wait is for something that is shown.
"""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import numpy as np
from PySide6.QtGui import QImage
from rig import Home, RigError, clean_environment, running_in_session, stop_process, wait_for

DRIVER = Path(__file__).parents[1] / "e2e" / "window_driver.py"
# Generous: on a busy machine a window takes half a minute to open.
SHOWN_DEADLINE_S = 60.0
CLOSED_DEADLINE_S = 15.0
# What a program that is well never writes.
TROUBLE = ("Traceback", "Fatal Python error", "QThread", "Segmentation")
HANDS = ("openbox", "xdotool")
Status = dict[str, Any]


class Window:
    """A running window: `history` holds what it told, the newest last."""

    def __init__(self, process: "subprocess.Popen[str]", *, log: Path) -> None:
        self._process, self._log = process, log
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.history: list[Status] = []
        Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)

    def send(self, **command: Any) -> None:
        """Give the driver a command."""
        assert self._process.stdin is not None
        print(json.dumps(command), file=self._process.stdin, flush=True)

    def until(
        self,
        shown: Callable[[Status], object],
        *,
        what: str,
        timeout_s: float = SHOWN_DEADLINE_S,
    ) -> Status:
        """Wait until the window tells of something, and return all that it told then."""

        def step() -> Status | None:
            assert self._process.poll() is None, "the window has gone"
            while True:
                try:
                    self.history.append(json.loads(self._lines.get_nowait()))
                except Empty:
                    return None
                if shown(self.history[-1]):
                    return self.history[-1]

        found = wait_for(step, what=what, timeout_s=timeout_s)
        assert isinstance(found, dict)
        return found

    def now(self) -> Status:
        """Return what is shown from now on: what was told before is left aside."""
        self.history.clear()
        while not self._lines.empty():
            self._lines.get_nowait()
        return self.until(lambda _: True, what="what is shown")

    def grab(self, path: Path) -> np.ndarray:
        """Return a picture of the window, which is written to `path` as well."""
        self.send(grab=str(path))
        wait_for(path.exists, what="a picture")
        picture = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1)
        # A copy: the picture takes its pixels with it when it goes.
        return rows[:, : 3 * picture.width()].reshape(picture.height(), -1, 3).copy()

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return self._log.read_text("utf-8", errors="replace")

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def processes(self) -> dict[int, str]:
        """The processes of its session that are running, by number, with their command lines."""
        return running_in_session(self._process.pid)

    def close(self) -> int:
        """Close the window and return how the program ended."""
        self.send(quit=True)
        return self._process.wait(CLOSED_DEADLINE_S)

    def stop(self) -> None:
        """End the program whatever it is doing."""
        stop_process(self._process)  # type: ignore[arg-type]


def open_window(home: Home, stage: dict[str, str], *arguments: str) -> Window:
    """Start the window with the settings of `home`, where the variables of `stage` lead."""
    log = home.folder / "window-errors.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, str(DRIVER), str(home.folder / "settings.ini"), *arguments],
            env=clean_environment() | stage,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    return Window(process, log=log)


def missing_hands() -> list[str]:
    """Return which programs are not installed that move mouse and windows."""
    return [name for name in HANDS if shutil.which(name) is None]


class Desk:
    """A window under a window manager, and the hands that use it.

    Parameters
    ----------
    home : Home
    stage : dict
        Variables that lead to a screen, and to a microphone if there is one.
    scale : float, optional
        Of the screen.
    arguments : sequence of str, optional
        Of the driver.
    """

    def __init__(
        self,
        home: Home,
        stage: dict[str, str],
        *,
        scale: float = 1.0,
        arguments: Sequence[str] = ("--demo", "--own-size"),
    ) -> None:
        self._home, self._arguments = home, arguments
        self._environment = stage | {"QT_SCALE_FACTOR": str(scale)}
        self._manager = subprocess.Popen(
            ["openbox"], env=clean_environment() | self._environment, start_new_session=True
        )
        self._show(*arguments)

    def _show(self, *arguments: str) -> None:
        """Open the window and wait until it takes keys."""
        self.window = open_window(self._home, self._environment, *arguments)
        self.until(lambda told: told["active"], what="the window")

    def restart(self, *arguments: str) -> None:
        """Close the window and open it again, with what it remembers."""
        assert self.window.close() == 0
        self._show(*(arguments or self._arguments))

    def until(self, shown: Callable[[Status], object], *, what: str) -> Status:
        """Wait until the window tells of something."""
        return self.window.until(shown, what=what)

    def do(self, *words: str) -> None:
        """Let xdotool do something."""
        subprocess.run(["xdotool", *words], env=clean_environment() | self._environment, check=True)

    def key(self, *keys: str) -> None:
        """Press keys one after the other."""
        self.do("key", "--delay", "60", *keys)

    def write(self, text: str) -> None:
        """Type a text where the focus is, in place of what is there."""
        self.do("key", "ctrl+a")
        self.do("type", "--delay", "8", text)

    def find(self, spot: str) -> tuple[int, int]:
        """Wait until something with these words is on screen, and return where."""
        told = self.until(lambda told: spot in told["spots"], what=f"{spot!r} on screen")
        x, y = told["spots"][spot]
        return x, y

    def point(self, spot: str) -> None:
        """Put the pointer on something."""
        x, y = self.find(spot)
        self.do("mousemove", str(x), str(y))

    def click(self, spot: str, *, button: int = 1, times: int = 1) -> None:
        """Click something."""
        self.window.now()
        self.point(spot)
        self.do("click", "--repeat", str(times), "--delay", "60", str(button))

    def scroll_to(self, spot: str, *, over: str) -> None:
        """Turn the wheel over something until something else comes into view."""
        self.point(over)
        for _ in range(60):
            if spot in self.window.now()["spots"]:
                return
            self.do("click", "5")
        raise AssertionError(f"{spot!r} does not come into view")

    def choose(self, button: str, entry: str) -> None:
        """Click what opens a list, and an entry of it."""
        # A list takes a click within half a second for the end of the one that opened it, and on a
        # busy machine closes with that: people click again, too.
        for _ in range(5):
            with contextlib.suppress(RigError):
                if not self.window.now()["popup"]:
                    self.click(button)
                self.window.until(lambda told: entry in told["spots"], what=entry, timeout_s=5.0)
                self.click(entry)
                self.window.until(lambda told: not told["popup"], what="a choice", timeout_s=5.0)
                return
        raise AssertionError(f"{entry!r} cannot be chosen")

    def name_file(self, title: str, path: Path) -> None:
        """Write a name into the dialog that is coming up, and confirm it."""
        self.until(lambda told: told["active"].startswith(title), what=f"the dialog {title!r}")
        # A list of names comes up while one types, takes a key and goes: people type again.
        for _ in range(5):
            with contextlib.suppress(RigError):
                self.write(str(path))
                self.window.until(
                    lambda told: told["typed"] == str(path), what="the name", timeout_s=10.0
                )
                self.key("Return")
                self.window.until(
                    lambda told: not told["active"].startswith(title),
                    what="its end",
                    timeout_s=10.0,
                )
                return
        raise AssertionError(f"the dialog {title!r} does not take {path}")

    def close(self) -> None:
        """End the window and its manager."""
        self.window.stop()
        stop_process(self._manager)
