"""What a source of live sound is: it fills a ring by itself and reports its health."""

from dataclasses import dataclass
from typing import Protocol

from timbrescope.desktop.audio.ring import RingBuffer

# Time that the reader may sleep before sound is lost.
RING_S = 4.0


@dataclass(frozen=True)
class SourceHealth:
    """How a source is doing.

    Attributes
    ----------
    running : bool
        Whether it is expected to deliver.
    callbacks : int
        Blocks delivered since the start.
    seconds_since_callback : float
        Age of the newest block, or of the start before the first.
    input_overflows : int
        Times the driver itself lost sound.
    error : str or None
        What ended it, for an expert.
    ended : bool
        Whether it came to its end, as a file does.
    latency_s : float
        How long sound takes from the input to here; 0 if that is not known.
    """

    running: bool
    callbacks: int
    seconds_since_callback: float
    input_overflows: int
    error: str | None
    ended: bool = False
    latency_s: float = 0.0


class Source(Protocol):
    """A source of live sound. Started, read and stopped by one thread."""

    @property
    def name(self) -> str:
        """What the user knows it by."""

    @property
    def sample_rate_hz(self) -> int:
        """Rate of the frames in the ring."""

    @property
    def channels(self) -> int:
        """Channels of the frames in the ring."""

    @property
    def ring(self) -> RingBuffer:
        """Where the frames arrive."""

    def start(self) -> None:
        """Begin to fill the ring.

        Raises
        ------
        AudioDeviceError
            If it cannot; the message says what to check.
        """

    def stop(self) -> None:
        """Stop and let go of the device; may be called twice."""

    def health(self) -> SourceHealth:
        """Return how the source is doing now."""


def new_ring(sample_rate_hz: int, channels: int) -> RingBuffer:
    """Return a ring that lets its reader sleep for 4 s."""
    return RingBuffer(int(RING_S * sample_rate_hz), channels)
