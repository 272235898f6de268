"""Runs of a graph that would never end are ended."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

_TICK_S = 0.5
_FATAL_ONLY = 4


@dataclass
class _Run:
    options: "onnxruntime.RunOptions"
    seconds_left: float


class RunWatch:
    """Ends the runs of ONNX Runtime that take too long; may be used by any number of threads.

    Its one thread is started by the first run and sleeps while nothing runs. Time is that of the
    processor, so that neither a computer that sleeps nor one that is busy with other programs
    takes any of it from a run.

    Parameters
    ----------
    clock : callable, optional
        Returns how many seconds of a processor this process has had.
    """

    def __init__(self, *, clock: Callable[[], float] = time.process_time) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._running: dict[int, _Run] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> "Iterator[onnxruntime.RunOptions]":
        """Give the options of a run that fails once it has computed for longer than `seconds`.

        The runtime looks at them between two steps of the graph, loops included. Whether it was
        ended says their ``terminate``.
        """
        # See `models.session.session_options`.
        import onnxruntime

        options = onnxruntime.RunOptions()
        # What fails is raised as well, and told there in our words.
        options.log_severity_level = _FATAL_ONLY
        with self._changed:
            self._running[id(options)] = _Run(options, seconds)
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
            looked_s = self._clock()
            time.sleep(_TICK_S)
            # What other threads of this process compute counts too, but never more than the tick.
            computed_s = min(_TICK_S, self._clock() - looked_s)
            with self._changed:
                for run in self._running.values():
                    run.seconds_left -= computed_s
                    if run.seconds_left < 0:
                        run.options.terminate = True
