"""Samples as a decoder leaves them, and many of them as one array of floats.

They are turned into floats where they are joined, straight into the memory of the whole: one array
for each of the decoder's small frames costs as much as half of the decoding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray


@dataclass(frozen=True)
class _Format:
    """How samples are stored.

    Attributes
    ----------
    dtype : dtype
    full_scale : float
        What a sample is divided by; 1 for floats.
    middle : float
        What silence is, of full scale.
    """

    dtype: np.dtype[np.generic]
    full_scale: float = 1.0
    middle: float = 0.0


# By FFmpeg's names, of which those of formats with one plane for each channel end with "p".
_FORMATS = {
    "u8": _Format(np.dtype(np.uint8), 128.0, 1.0),
    "s16": _Format(np.dtype(np.int16), 32_768.0),
    "s32": _Format(np.dtype(np.int32), 2_147_483_648.0),
    "s64": _Format(np.dtype(np.int64), 2.0**63),
    "flt": _Format(np.dtype(np.float32)),
    "dbl": _Format(np.dtype(np.float64)),
}
_SILENCE = np.zeros(1, np.float32)


@dataclass(frozen=True)
class Piece:
    """Consecutive samples as they were decoded.

    Attributes
    ----------
    rate_hz, channels : int
    planes : tuple of ndarray, shape (frames, n)
        Their columns are the channels, in order; views of the decoder's memory.
    format : _Format
    """

    rate_hz: int
    channels: int
    planes: tuple[NDArray[np.generic], ...]
    format: _Format

    @property
    def frames(self) -> int:
        """How many samples each channel has."""
        return len(self.planes[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rate and channels: what two pieces must share to be joined."""
        return self.rate_hz, self.channels

    def without(self, early: int) -> "Piece":
        """Return what is behind the first `early` samples of each channel."""
        rest = tuple(plane[early:] for plane in self.planes)
        return Piece(self.rate_hz, self.channels, rest, self.format)

    def write(self, floats: NDArray[np.float32]) -> None:
        """Write the samples to an array (frames, channels), full scale at 1."""
        first = 0
        for plane in self.planes:
            columns = floats[:, first : first + plane.shape[1]]
            if self.format.full_scale == 1.0:
                np.copyto(columns, plane, casting="same_kind")
            else:
                part = np.float32(1.0 / self.format.full_scale)
                np.multiply(plane, part, out=columns, dtype=np.float32)
            first += plane.shape[1]
        if self.format.middle:
            floats -= np.float32(self.format.middle)


def piece_of(frame: AudioFrame) -> Piece:
    """Return the samples of a frame; silence for one that is damaged."""
    rate_hz, channels, frames = frame.sample_rate, frame.layout.nb_channels, frame.samples
    if frame.is_corrupt:
        return silent_piece(rate_hz, frames=frames, channels=channels)
    name = frame.format.name
    form = _FORMATS[name.removesuffix("p")]
    # The decoder's memory may be longer than what it holds.
    columns = 1 if name.endswith("p") else channels
    # The stubs of PyAV do not say that a plane is a buffer.
    found: tuple[Any, ...] = frame.planes
    planes = tuple(
        np.frombuffer(plane, form.dtype, frames * columns).reshape(frames, columns)
        for plane in found
    )
    return Piece(rate_hz, channels, planes, form)


def silent_piece(rate_hz: int, *, frames: int, channels: int) -> Piece:
    """Return silence."""
    silence = np.broadcast_to(_SILENCE, (frames, channels))
    return Piece(rate_hz, channels, (silence,), _FORMATS["flt"])


def joined_floats(pieces: Sequence[Piece]) -> NDArray[np.float32]:
    """Return the samples of pieces of one shape, shape (frames, channels), full scale at 1."""
    found = np.empty((sum(piece.frames for piece in pieces), pieces[0].channels), np.float32)
    first = 0
    # Doubles beyond the range of floats become infinite, and are found to be.
    with np.errstate(over="ignore"):
        for piece in pieces:
            piece.write(found[first : first + piece.frames])
            first += piece.frames
    return found
