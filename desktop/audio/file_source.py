"""A sound file as a source of live sound: in real time, with its sound where there is an output."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from timbrescope.desktop.audio.playback import OpenOutput, Output, SystemOutput
from timbrescope.desktop.audio.played_source import PlayedSource
from timbrescope.desktop.audio.source import new_ring
from timbrescope.models.audio.decode import open_audio
from timbrescope.models.errors import AudioDeviceError, AudioFileError

logger = logging.getLogger(__name__)

_PIECES_PER_S = 20


class FileSource(PlayedSource):
    """Plays a file once. Its own thread decodes, paces and plays it.

    Parameters
    ----------
    path : Path
    open_output : callable, optional
        Opens the output for a rate and a number of channels; tests pass their own.
    clock : callable, optional
        Returns seconds.
    """

    thread_name = "timbrescope-file"

    def __init__(
        self,
        path: Path,
        *,
        open_output: OpenOutput = SystemOutput,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(48_000, 1, clock=clock)
        self._path, self._open_output = path, open_output

    @property
    def name(self) -> str:
        """Name of the file."""
        return self._path.name

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
        super().start()

    # -- the file's thread -----------------------------------------------------------------

    def _play(self) -> None:
        output = self._output()
        try:
            self._play_with(output)
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

    def _play_with(self, output: Output | None) -> None:
        for piece in self._decoded():
            if self._stop.is_set():
                return
            if output is not None:
                output.write(piece[:, :2])
            self._put(piece)

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
