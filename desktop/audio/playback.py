"""Plays sound to the system's own output: what was heard of late, or a file.

A thread of the player hands the sound over piece by piece and ends with it. It alone touches the
output; what others see of it are two numbers and a sentence, each written in one go.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from threading import Event, Thread
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.in_use import holds_of
from timbrescope.models.errors import AudioDeviceError, TimbrescopeError

logger = logging.getLogger(__name__)

# A tenth of a second: so long it takes at most to stop.
_PIECES_PER_S = 10
_JOIN_TIMEOUT_S = 2.0
# Rate in Hz, and samples of shape (n, channels).
Sound = tuple[int, NDArray[np.float32]]


class Output(Protocol):
    """An open output; `write` waits until there is room."""

    @property
    def latency_s(self) -> float:
        """How long what is written takes to be heard."""

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play samples (n, channels)."""

    def close(self) -> None:
        """Stop at once."""


OpenOutput = Callable[[int, int], Output]


class SystemOutput:
    """The system's own output at a rate and number of channels; resampled if it takes another.

    Raises
    ------
    AudioDeviceError
        If there is none, or it cannot be opened.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._resampler: Any = None
        self._library = library = portaudio.load()
        self._holds = holds_of(library)
        self._holds.take()
        try:
            self._stream = self._started(library, rate_hz, channels)
        except BaseException:
            self._holds.release()
            raise

    def _started(self, library: Any, rate_hz: int, channels: int) -> Any:
        try:
            return self._opened(library, rate_hz, channels)
        except library.PortAudioError:
            try:
                own_hz = int(library.query_devices(kind="output")["default_samplerate"])
                stream = self._opened(library, own_hz, channels)
            except (library.PortAudioError, ValueError) as error:
                words = f"nothing can be played: {portaudio.plain(error)}"
                raise AudioDeviceError(words) from error
            # Few outputs need it, and the window has a player from the start.
            import soxr

            self._resampler = soxr.ResampleStream(rate_hz, own_hz, channels, dtype="float32")
            return stream

    @staticmethod
    def _opened(library: Any, rate_hz: int, channels: int) -> Any:
        stream = library.OutputStream(samplerate=rate_hz, channels=channels, dtype="float32")
        try:
            stream.start()
        except BaseException:
            stream.close(ignore_errors=True)
            raise
        return stream

    @property
    def latency_s(self) -> float:
        """How long what is written takes to be heard."""
        return float(self._stream.latency)

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play samples (n, channels).

        Raises
        ------
        AudioDeviceError
            If the output has gone.
        """
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        if not len(samples):
            return
        try:
            self._stream.write(np.ascontiguousarray(samples, np.float32))
        except self._library.PortAudioError as error:
            words = f"nothing can be played any more: {portaudio.plain(error)}"
            raise AudioDeviceError(words) from error

    def close(self) -> None:
        """Stop at once."""
        # An output that has gone refuses both; it is closed all the same.
        try:
            self._stream.abort(ignore_errors=True)
            self._stream.close(ignore_errors=True)
        finally:
            self._holds.release()


class Player:
    """Plays one sound at a time. All methods are for one thread and return at once.

    Parameters
    ----------
    open_output : callable, optional
        Opens the output for a rate and a number of channels; tests pass their own.
    """

    def __init__(self, open_output: OpenOutput = SystemOutput) -> None:
        self._open = open_output
        self._thread: Thread | None = None
        self._stop = Event()
        self._position_s = 0.0
        self.problem = ""

    @property
    def is_playing(self) -> bool:
        """Whether something is being played."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def position_s(self) -> float | None:
        """The second that is heard now, None while nothing is played."""
        return self._position_s if self.is_playing else None

    def play(self, sound: Iterable[Sound], *, start_s: float = 0.0) -> None:
        """Play from now on, in place of what was played; `problem` says if it cannot be.

        Parameters
        ----------
        sound : iterable of (int, ndarray)
            Asked for piece by piece in the player's thread.
        start_s : float
            What `position_s` begins at.
        """
        self.stop()
        self.problem, self._position_s = "", start_s
        stop = self._stop = Event()
        arguments = (iter(sound), start_s, stop)
        self._thread = Thread(target=self._run, args=arguments, name="play", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Play nothing any more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_JOIN_TIMEOUT_S)
            self._thread = None

    # -- the player's thread ---------------------------------------------------------------

    def _run(self, sound: Iterator[Sound], start_s: float, stop: Event) -> None:
        try:
            self._play(sound, start_s, stop)
        except TimbrescopeError as error:
            self.problem = str(error)
        # Whatever a driver does, the window must hear of it and go on.
        except Exception as error:
            logger.exception("playing stopped")
            self.problem = f"nothing can be played: {portaudio.plain(error)}"

    def _play(self, sound: Iterator[Sound], start_s: float, stop: Event) -> None:
        output: Output | None = None
        shape = (0, 0)
        written_s = 0.0
        try:
            for rate_hz, samples in sound:
                heard = samples[:, :2]
                if output is None or shape != (rate_hz, heard.shape[1]):
                    if output is not None:
                        output.close()
                    shape = (rate_hz, heard.shape[1])
                    output = self._open(*shape)
                for piece in _pieces(heard, rate_hz // _PIECES_PER_S):
                    if stop.is_set():
                        return
                    output.write(piece)
                    written_s += len(piece) / rate_hz
                    self._position_s = start_s + max(0.0, written_s - output.latency_s)
            if output is not None:
                # What is still on its way is to be heard.
                stop.wait(output.latency_s)
        finally:
            if output is not None:
                output.close()


def _pieces(samples: NDArray[np.float32], length: int) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(samples), max(1, length)):
        yield samples[start : start + max(1, length)]
