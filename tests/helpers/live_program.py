"""The real program listening in a terminal, and what it tells as JSON lines."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

from rig import clean_environment, stop_process, wait_for

SOUNDS = ("instrument", "not sure", "none of the 28", "listening")


class LiveProgram:
    """``timbrescope live --format jsonl``; events are collected from its start on.

    Parameters
    ----------
    stage : mapping
        Variables of the microphone.
    arguments : sequence of str
        More of them.
    before : sequence of str
        A program and its arguments that starts it, such as ``prlimit``.
    """

    def __init__(
        self,
        stage: Mapping[str, str],
        arguments: Sequence[str] = (),
        *,
        log: Path,
        before: Sequence[str] = (),
    ) -> None:
        self._log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [
                    *before,
                    *(sys.executable, "-m", "timbrescope", "live", "--format", "jsonl"),
                    *("--model", "mel", *arguments),
                ],
                env=clean_environment() | dict(stage),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self._lines: SimpleQueue[str] = SimpleQueue()
        self.events: list[dict[str, Any]] = []
        Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return self._log.read_text("utf-8", errors="replace")

    def until(
        self, fulfilled: Callable[[dict[str, Any]], object], *, what: str, timeout_s: float = 60.0
    ) -> dict[str, Any]:
        """Wait for an event, among those to come, and return it."""

        def step() -> dict[str, Any] | None:
            while True:
                try:
                    self.events.append(json.loads(self._lines.get_nowait()))
                except Empty:
                    assert self.process.poll() is None, f"it has ended: {self.errors}"
                    return None
                if fulfilled(self.events[-1]):
                    return self.events[-1]

        found = wait_for(step, what=what, timeout_s=timeout_s)
        assert isinstance(found, dict)
        return found

    def until_health(self, *wanted: str, timeout_s: float = 60.0) -> dict[str, Any]:
        """Wait until the source is in one of these states."""
        return self.until(
            lambda event: event["event"] == "source" and event["health"] in wanted,
            what=f"the source is {' or '.join(wanted)}",
            timeout_s=timeout_s,
        )

    def until_sound(self) -> dict[str, Any]:
        """Wait for a verdict on a window with sound."""
        return self.until(
            lambda event: event["event"] == "verdict" and event["state"] in SOUNDS,
            what="a verdict on sound",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop_process(self.process)
