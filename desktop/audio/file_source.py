"""A sound file as a source of live sound: in real time, with its sound where there is an output."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Full, Queue

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.playback import OpenOutput, Player, Sound, SystemOutput
from timbrescope.desktop.audio.played_source import PlayedSource
from timbrescope.desktop.audio.source import new_ring
from timbrescope.models.errors import AudioDeviceError, AudioFileError

logger = logging.getLogger(__name__)

_PIECES_PER_S = 20
# What an output may fall behind; then pieces are left out.
WAITING_S = 2
_LOOK_S = 0.02


class FileSource(PlayedSource):
    """Plays a file once. Its own thread decodes and paces it, and owns what plays it.

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
        # See `models.hearing`.
        from timbrescope.models.audio.decode import open_audio

        try:
            with open_audio(self._path) as audio:
                self.sample_rate_hz, self.channels = audio.rate_hz, audio.channels
        except AudioFileError as error:
            raise AudioDeviceError(str(error)) from error
        self._ring = new_ring(self.sample_rate_hz, self.channels)
        super().start()

    # -- the file's thread -----------------------------------------------------------------

    def _play(self) -> None:
        # The output has a thread of its own: one that hangs must not keep the file from being
        # heard by the program.
        pieces: Queue[Sound | None] = Queue(_PIECES_PER_S * WAITING_S)
        player = Player(self._open_output)
        player.play(iter(pieces.get, None))
        try:
            for piece in self._decoded():
                if self._stop.is_set():
                    return
                with suppress(Full):
                    pieces.put_nowait((self.sample_rate_hz, piece[:, :2]))
                self._put(piece)
            self._play_out(pieces, player)
            self._ended = not self._stop.is_set()
        except AudioFileError as error:
            self._error = str(error)
        finally:
            self._end(pieces, player)

    def _play_out(self, pieces: "Queue[Sound | None]", player: Player) -> None:
        """Let what is still waiting be played."""
        with suppress(Full):
            pieces.put_nowait(None)
        last_s = self._clock() + WAITING_S + 1.0
        while player.is_playing and self._clock() < last_s and not self._stop.is_set():
            self._stop.wait(_LOOK_S)

    def _end(self, pieces: "Queue[Sound | None]", player: Player) -> None:
        # A player that waits for the next piece does not see that it should stop.
        with suppress(Empty):
            pieces.get_nowait()
        with suppress(Full):
            pieces.put_nowait(None)
        player.stop()
        if player.problem:
            logger.info("a file was played without its sound: %s", player.problem)

    def _decoded(self) -> Iterator[NDArray[np.float32]]:
        """Yield the file in small pieces, all of the shape that its beginning has."""
        from timbrescope.models.audio.decode import open_audio

        length = max(1, self.sample_rate_hz // _PIECES_PER_S)
        with open_audio(self._path) as audio:
            for block in audio.blocks():
                samples = self._fitted(block.samples, block.rate_hz)
                for at in range(0, len(samples), length):
                    yield samples[at : at + length]

    def _fitted(self, samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
        # In chained files, other rates and channels may follow.
        if rate_hz != self.sample_rate_hz:
            import soxr

            samples = soxr.resample(samples, rate_hz, self.sample_rate_hz)
        missing = self.channels - samples.shape[1]
        if missing > 0:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        return samples[:, : self.channels]
