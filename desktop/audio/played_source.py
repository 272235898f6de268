"""What all sources have in common that play stored sound in real time, in a thread of their own."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Thread

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.audio.source import RING_S, SourceHealth, new_ring

JOIN_TIMEOUT_S = 2.0


class PlayedSource(ABC):
    """Plays into a ring at the pace of the clock.

    Parameters
    ----------
    sample_rate_hz, channels : int
        Of what is played.
    clock : callable
        Returns seconds.
    """

    thread_name: str

    def __init__(
        self, sample_rate_hz: int, channels: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.sample_rate_hz, self.channels = sample_rate_hz, channels
        self._ring = new_ring(sample_rate_hz, channels)
        self._clock = clock
        self._stop = Event()
        self._thread: Thread | None = None
        self._began_s = self._last_s = clock()
        self._frames = self._blocks = 0
        self._error: str | None = None
        self._ended = False

    @property
    def ring(self) -> RingBuffer:
        """Where the frames arrive."""
        return self._ring

    def start(self) -> None:
        """Begin to play."""
        self._stop.clear()
        self._ended, self._error, self._last_s = False, None, self._clock()
        self._thread = Thread(target=self._run, name=self.thread_name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread; may be called twice."""
        self._stop.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(JOIN_TIMEOUT_S)

    def health(self) -> SourceHealth:
        """Return how the player is doing now."""
        return SourceHealth(
            running=self._thread is not None and self._thread.is_alive(),
            callbacks=self._blocks,
            seconds_since_callback=self._clock() - self._last_s,
            input_overflows=0,
            error=self._error,
            ended=self._ended,
        )

    # -- the source's thread ---------------------------------------------------------------

    def _run(self) -> None:
        self._began_s, self._frames = self._clock(), 0
        self._play()

    @abstractmethod
    def _play(self) -> None:
        """Give all that is played to `_put`, until `_stop` is set."""

    def _put(self, block: NDArray[np.float32]) -> None:
        """Write a block (n, channels), and wait until it is due to be followed by the next."""
        self._ring.write(block)
        self._blocks += 1
        self._last_s = self._clock()
        self._frames += len(block)
        # Against the start, not the last block, so that the pace does not drift.
        wait_s = self._began_s + self._frames / self.sample_rate_hz - self._clock()
        if wait_s < -RING_S:
            # The machine slept, or an output is stuck: go on from here rather than pour all that
            # was missed.
            self._began_s -= wait_s
        self._stop.wait(max(0.0, wait_s))
