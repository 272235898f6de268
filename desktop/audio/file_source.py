"""A sound file as a source of live sound: in real time, with its sound where there is an output."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import numpy as np
import soxr
from numpy.typing import NDArray

from timbrescope.desktop.audio.playback import OpenOutput, Output, SystemOutput
from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.audio.source import RING_S, SourceHealth, new_ring
from timbrescope.models.audio.decode import open_audio
from timbrescope.models.errors import AudioDeviceError, AudioFileError

logger = logging.getLogger(__name__)

_PIECES_PER_S = 20
JOIN_TIMEOUT_S = 2.0
# What an output may fall behind before it is held to be stuck, and the file goes on without it.
_PATIENCE_S = RING_S


class FileSource:
    """Plays a file once. Its own thread decodes, paces and plays it.

    Parameters
    ----------
    path : Path
    open_output : callable, optional
        Opens the output for a rate and a number of channels; tests pass their own.
    clock : callable, optional
        Returns seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        open_output: OpenOutput = SystemOutput,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._open_output, self._clock = path, open_output, clock
        self.sample_rate_hz, self.channels = 48_000, 1
        self._ring = new_ring(self.sample_rate_hz, self.channels)
        self._stop = Event()
        self._thread: Thread | None = None
        self._pieces = 0
        self._last_s = clock()
        self._error: str | None = None
        self._ended = False

    @property
    def name(self) -> str:
        """Name of the file."""
        return self._path.name

    @property
    def ring(self) -> RingBuffer:
        """Where the frames arrive."""
        return self._ring

    def start(self) -> None:
        """Open the file and begin to play it.

        Raises
        ------
        AudioDeviceError
            If it cannot be read.
        """
        try:
            with open_audio(self._path) as audio:
                self.sample_rate_hz, self.channels = audio.rate_hz, audio.channels
        except AudioFileError as error:
            raise AudioDeviceError(str(error)) from error
        self._ring = new_ring(self.sample_rate_hz, self.channels)
        self._stop.clear()
        self._ended, self._error, self._last_s = False, None, self._clock()
        self._thread = Thread(target=self._run, name="timbrescope-file", daemon=True)
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
            callbacks=self._pieces,
            seconds_since_callback=self._clock() - self._last_s,
            input_overflows=0,
            error=self._error,
            ended=self._ended,
        )

    # -- the file's thread -----------------------------------------------------------------

    def _run(self) -> None:
        output = self._output()
        try:
            self._play(output)
        except AudioFileError as error:
            self._error = str(error)
        finally:
            if output is not None:
                output.close()
        self._ended = self._error is None and not self._stop.is_set()

    def _output(self) -> Output | None:
        try:
            return self._open_output(self.sample_rate_hz, min(2, self.channels))
        except AudioDeviceError as error:
            logger.info("a file is played without its sound: %s", error)
            return None

    def _play(self, output: Output | None) -> None:
        began_s, frames = self._clock(), 0
        for piece in self._decoded():
            if self._stop.is_set():
                return
            if output is not None:
                output.write(piece[:, :2])
            self._ring.write(piece)
            self._pieces += 1
            self._last_s = self._clock()
            frames += len(piece)
            # Against the start, not the last piece, so that the pace does not drift.
            wait_s = began_s + frames / self.sample_rate_hz - self._clock()
            if wait_s < -_PATIENCE_S:
                # The machine slept: go on from here rather than pour all that was missed.
                began_s -= wait_s
            self._stop.wait(max(0.0, wait_s))

    def _decoded(self) -> Iterator[NDArray[np.float32]]:
        """Yield the file in small pieces, all of the shape that its beginning has."""
        length = max(1, self.sample_rate_hz // _PIECES_PER_S)
        with open_audio(self._path) as audio:
            for block in audio.blocks():
                samples = self._fitted(block.samples, block.rate_hz)
                for at in range(0, len(samples), length):
                    yield samples[at : at + length]

    def _fitted(self, samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
        # In chained files, other rates and channels may follow.
        if rate_hz != self.sample_rate_hz:
            samples = soxr.resample(samples, rate_hz, self.sample_rate_hz)
        missing = self.channels - samples.shape[1]
        if missing > 0:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        return samples[:, : self.channels]
