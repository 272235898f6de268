"""Runs of a graph that would never end are ended."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import onnxruntime

_TICK_S = 0.5
_FATAL_ONLY = 4


@dataclass
class _Run:
    options: onnxruntime.RunOptions
    steps_left: int


class RunWatch:
    """Ends the runs of ONNX Runtime that take too long; may be used by any number of threads.

    Its one thread is started by the first run and sleeps while nothing runs. Time is counted in
    steps of that thread, so that a computer that sleeps takes none of it from a run.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: dict[int, _Run] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> Iterator[onnxruntime.RunOptions]:
        """Give the options of a run that fails once it has taken longer than `seconds`.

        The runtime looks at them between two steps of the graph, loops included. Whether it was
        ended says their ``terminate``.
        """
        options = onnxruntime.RunOptions()
        # What fails is raised as well, and told there in our words.
        options.log_severity_level = _FATAL_ONLY
        with self._changed:
            self._running[id(options)] = _Run(options, math.ceil(seconds / _TICK_S))
            self._start()
            self._changed.notify()
        try:
            yield options
        finally:
            with self._changed:
                del self._running[id(options)]

    def _start(self) -> None:
        # A forked process has the object without the thread.
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._watch, name="run-watch", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._running)
                for run in self._running.values():
                    run.steps_left -= 1
                    if run.steps_left < 0:
                        run.options.terminate = True
            time.sleep(_TICK_S)
