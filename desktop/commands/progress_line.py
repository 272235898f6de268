"""One line on a terminal that tells how far long work is, and takes itself away again."""

import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self, TextIO

_BAR = 24
_EVERY_S = 0.1
# Work that is over sooner needs no progress.
_PATIENCE_S = 0.5


class ProgressLine:
    """Shows files done and seconds heard; nothing at all when `out` is no terminal.

    Parameters
    ----------
    total : int
        How many files there are.
    quiet : bool
    out : TextIO
    now_s : callable, optional
        A clock in seconds; tests pass their own.
    """

    def __init__(
        self, total: int, *, quiet: bool, out: TextIO, now_s: Callable[[], float] = monotonic
    ) -> None:
        self._total, self._out, self._now_s = total, out, now_s
        self._is_shown = not quiet and out.isatty()
        self._began_s = self._drawn_s = now_s()
        self._done = 0
        self._heard_s = 0.0
        self._name = ""
        self._is_on_screen = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.clear()

    def begin(self, path: Path) -> None:
        """Take the file that is analysed now."""
        self._name, self._heard_s = path.name, 0.0
        self._draw()

    def heard(self, seconds: float) -> None:
        """Take how many seconds of it have been heard."""
        self._heard_s = seconds
        self._draw()

    def end(self) -> None:
        """Take that it is done."""
        self._done += 1
        self._draw()

    def clear(self) -> None:
        """Take the line away, so that another can be printed."""
        if self._is_on_screen:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._is_on_screen = False

    def text(self) -> str:
        """Return what the line says."""
        full = _BAR * self._done // max(1, self._total)
        bar = "█" * full + "░" * (_BAR - full)
        words = f"{bar} {self._done}/{self._total}"
        if self._done:
            left_s = (self._now_s() - self._began_s) / self._done * (self._total - self._done)
            words += f" · {_clock(left_s)} left"
        heard = f" ({_clock(self._heard_s)} heard)" if self._heard_s >= 60 else ""
        return f"{words} · {self._name}{heard}"

    def _draw(self) -> None:
        now_s = self._now_s()
        if not self._is_shown or now_s - self._began_s < _PATIENCE_S:
            return
        if self._is_on_screen and now_s - self._drawn_s < _EVERY_S:
            return
        self._drawn_s, self._is_on_screen = now_s, True
        room = shutil.get_terminal_size().columns - 1
        printable = "".join(each if each.isprintable() else "?" for each in self.text())
        encoding = self._out.encoding or "ascii"
        safe = printable.encode(encoding, "replace").decode(encoding)
        self._out.write(f"\r\x1b[K{safe[:room]}")
        self._out.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
