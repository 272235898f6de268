"""Samples as a decoder leaves them, and many of them as one array of floats.

They are turned into floats when they are joined: one array of floats for each of the decoder's
small frames costs half as much as the decoding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

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


_PACKED = {
    "u8": _Format(np.dtype(np.uint8), 128.0, 1.0),
    "s16": _Format(np.dtype(np.int16), 32_768.0),
    "s32": _Format(np.dtype(np.int32), 2_147_483_648.0),
    "s64": _Format(np.dtype(np.int64), 2.0**63),
    "flt": _Format(np.dtype(np.float32)),
    "dbl": _Format(np.dtype(np.float64)),
}
# By FFmpeg's names, and whether there is one plane for each channel.
_FORMATS = {
    **{name: (form, False) for name, form in _PACKED.items()},
    **{f"{name}p": (form, True) for name, form in _PACKED.items()},
}
_SILENCE = np.zeros(1, np.float32)


class Piece(NamedTuple):
    """Consecutive samples as they were decoded.

    Attributes
    ----------
    rate_hz, channels, frames : int
        Frames are samples of each channel.
    planes : tuple of ndarray, shape (frames, n)
        Their columns are the channels, in order; views of the decoder's memory.
    format : _Format
    """

    rate_hz: int
    channels: int
    frames: int
    planes: tuple[NDArray[np.generic], ...]
    format: _Format

    @property
    def shape(self) -> tuple[int, int]:
        """Rate and channels: what two pieces must share to be joined."""
        return self.rate_hz, self.channels

    def first(self, frames: int) -> "Piece":
        """Return the first `frames` samples of each channel."""
        begin = tuple(plane[:frames] for plane in self.planes)
        return Piece(self.rate_hz, self.channels, frames, begin, self.format)

    def without(self, early: int) -> "Piece":
        """Return what is behind the first `early` samples of each channel."""
        rest = tuple(plane[early:] for plane in self.planes)
        return Piece(self.rate_hz, self.channels, self.frames - early, rest, self.format)


def piece_of(frame: AudioFrame, *, rate_hz: int, channels: int) -> Piece:
    """Return the samples of a frame; silence for one that is damaged."""
    frames = frame.samples
    if frame.is_corrupt:
        return silent_piece(rate_hz, frames=frames, channels=channels)
    form, is_planar = _FORMATS[frame.format.name]
    # The decoder's memory may be longer than what it holds.
    columns = 1 if is_planar else channels
    # The stubs of PyAV do not say that a plane is a buffer.
    found: tuple[Any, ...] = frame.planes
    count = frames * columns
    planes = [np.frombuffer(each, form.dtype, count).reshape(frames, columns) for each in found]
    return Piece(rate_hz, channels, frames, tuple(planes), form)


def silent_piece(rate_hz: int, *, frames: int, channels: int) -> Piece:
    """Return silence."""
    silence = np.broadcast_to(_SILENCE, (frames, channels))
    return Piece(rate_hz, channels, frames, (silence,), _PACKED["flt"])


def joined_floats(pieces: Sequence[Piece]) -> NDArray[np.float32]:
    """Return the samples of pieces of one shape, shape (frames, channels), full scale at 1.

    Each channel lies in one stretch of memory: what is done to them is done channel by channel.
    """
    channels = pieces[0].channels
    found = np.empty((channels, sum(piece.frames for piece in pieces)), np.float32)
    first = 0
    # Doubles beyond the range of floats become infinite, and are found to be.
    with np.errstate(over="ignore"):
        for _, group in groupby(pieces, key=lambda piece: (piece.format, len(piece.planes))):
            alike = list(group)
            frames = sum(piece.frames for piece in alike)
            _write(alike, found[:, first : first + frames])
            first += frames
    return found.T


def _write(alike: Sequence[Piece], floats: NDArray[np.float32]) -> None:
    """Write pieces that are stored alike to an array (channels, frames), full scale at 1."""
    form = alike[0].format
    first = 0
    for planes in zip(*(piece.planes for piece in alike), strict=True):
        rows = floats[first : first + planes[0].shape[1]]
        first += planes[0].shape[1]
        if len(rows) == 1:
            np.concatenate([plane[:, 0] for plane in planes], out=rows[0], casting="same_kind")
        else:
            # In two steps: turned and made floats at once, each sample takes twice as long.
            rows[:] = np.concatenate(planes).T
    if form.full_scale != 1.0:
        floats *= np.float32(1.0 / form.full_scale)
    if form.middle:
        floats -= np.float32(form.middle)
