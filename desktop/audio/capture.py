"""The microphone: PortAudio's callback copies into a ring, and does nothing else."""

import logging
import time
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.in_use import holds_of
from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.audio.sound_server import recording_from
from timbrescope.desktop.audio.source import SourceHealth, new_ring
from timbrescope.models.errors import AudioDeviceError

logger = logging.getLogger(__name__)

# Closing takes some tens of milliseconds where it works.
CLOSE_DEADLINE_S = 2.0
# What interfaces and host APIs have, from most to least.
FEWER_CHANNELS = (32, 24, 20, 18, 16, 12, 10, 8, 6, 4, 2, 1)
ADVICE = (
    "Check that it is plugged in and switched on, that no other program holds it exclusively, "
    "and that this program is permitted to use the microphone; then rescan, or choose another "
    "input"
)


class MicrophoneSource:
    """An input device at its own rate, started and stopped by one thread.

    PortAudio calls `_hear` from a thread of its own, which is the only writer of the ring. The
    stream is referenced for as long as it lives: PortAudio would call into freed memory else.

    Parameters
    ----------
    device : InputDevice
    sd : module, optional
        Stands in for sounddevice in tests.
    """

    def __init__(self, device: InputDevice, *, sd: Any = None) -> None:
        self._device = device
        self._sd = sd or portaudio.load()
        self._holds = holds_of(self._sd)
        self._stream: Any = None
        self._channels = device.channels
        self._ring = new_ring(device.sample_rate_hz, device.channels)
        self._callbacks = 0
        self._overflows = 0
        self._last_s = 0.0
        self._error: BaseException | None = None
        self._finished = False
        self._latency_s = 0.0

    @property
    def name(self) -> str:
        """Name of the device."""
        return self._device.name

    @property
    def sample_rate_hz(self) -> int:
        """The device's own rate."""
        return self._device.sample_rate_hz

    @property
    def channels(self) -> int:
        """Channels in the ring; certain once `start` has found what the driver opens."""
        return self._channels

    @property
    def ring(self) -> RingBuffer:
        """Where the frames arrive."""
        return self._ring

    def start(self) -> None:
        """Open the device and begin.

        All its channels are tried first, then ever fewer: some drivers list more than they open.

        Raises
        ------
        AudioDeviceError
            With PortAudio's own message and what to check.
        """
        listed = self._device.channels
        wanted = [count for count in (listed, *FEWER_CHANNELS) if count <= listed]
        problem: Exception | None = None
        for channels in dict.fromkeys(wanted):
            try:
                self._open(channels)
            # ValueError: sounddevice's own checks; PortAudioError: the driver's.
            except (self._sd.PortAudioError, ValueError) as error:
                problem = problem or error
            else:
                return
        assert problem is not None
        logger.warning("%s (%s) was not opened: %s", self.name, self._device.host_api, problem)
        raise AudioDeviceError(
            f"{self.name} ({self._device.host_api}) cannot be opened at "
            f"{self.sample_rate_hz} Hz: {portaudio.plain(problem)}. {ADVICE}."
        ) from problem

    def _open(self, channels: int) -> None:
        self._channels = channels
        self._ring = new_ring(self.sample_rate_hz, channels)
        self._finished, self._error = False, None
        self._last_s = time.monotonic()
        self._holds.take()
        try:
            stream = self._started(channels)
        except BaseException:
            self._holds.release()
            raise
        self._stream = stream
        # Asked for now: a driver that hangs later must not hold up who only wants to know.
        self._latency_s = float(getattr(stream, "latency", 0.0))

    def _started(self, channels: int) -> Any:
        with recording_from(self._device.server_source):
            stream = self._sd.InputStream(
                device=self._device.index,
                samplerate=self.sample_rate_hz,
                channels=channels,
                dtype="float32",
                blocksize=0,
                # Nothing here needs low latency, and tiny periods make other programs crackle.
                latency="high",
                extra_settings=self._extra_settings(),
                callback=self._hear,
                finished_callback=self._ended,
            )
        try:
            stream.start()
        except BaseException:
            stream.close(ignore_errors=True)
            raise
        return stream

    def _extra_settings(self) -> Any:
        if "WASAPI" not in self._device.host_api:
            return None
        # Shared WASAPI refuses every rate but the mixer's unless it may convert.
        return self._sd.WasapiSettings(auto_convert=True)

    def _hear(self, block: NDArray[np.float32], _frames: int, _time: Any, status: Any) -> None:
        try:
            self._ring.write(block)
            self._callbacks += 1
            self._last_s = time.monotonic()
            if status.input_overflow:
                self._overflows += 1
        except BaseException as error:
            # PortAudio would print it and go on in silence; `health` reports it instead.
            self._error = error
            raise

    def _ended(self) -> None:
        self._finished = True

    def stop(self) -> None:
        """Close the device; may be called twice. A device that does not close is left behind."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self._close(stream)

    def _close(self, stream: Any) -> None:
        # A sound server that was killed can leave its client library waiting for itself, and then
        # the driver never returns: the device could not be opened again if we waited for it too.
        # Closing without stopping first: a device that is gone may never finish stopping.
        def close() -> None:
            try:
                stream.close(ignore_errors=True)
            finally:
                self._holds.release()

        closing = Thread(target=close, name="timbrescope-close", daemon=True)
        closing.start()
        closing.join(CLOSE_DEADLINE_S)
        if closing.is_alive():
            logger.warning(
                "%s was not closed within %g s by its driver; it is left as it is",
                self.name,
                CLOSE_DEADLINE_S,
            )

    def health(self) -> SourceHealth:
        """Return how the device is doing now."""
        return SourceHealth(
            running=self._stream is not None and not self._finished,
            callbacks=self._callbacks,
            seconds_since_callback=time.monotonic() - self._last_s,
            input_overflows=self._overflows,
            error=None if self._error is None else f"capture failed: {self._error!r}",
            latency_s=self._latency_s,
        )
