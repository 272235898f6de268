"""Sound files as a stream of mono samples at 22,050 Hz, in constant memory, with clear errors.

The one decoder of all rooms: every format, every rate, any number of channels.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from timbrescope.models.audio.blocks import Block, BlockReader
from timbrescope.models.audio.channels import MonoStream
from timbrescope.models.audio.container import FORMATS_TEXT, Container, open_container
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.windows import CutWindow, cut_stream

__all__ = [
    "FORMATS_TEXT",
    "AudioFile",
    "iter_windows",
    "open_audio",
    "read_mono",
    "read_span",
]

BLOCK_S = 2.0
# What came before a span is heard first: filters and the choice of channels remember it.
PREROLL_S = 3


class AudioFile:
    """An open file. Owned by one thread; use as a context manager, and read it once."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._container.close()

    @property
    def duration_s(self) -> float:
        """Length that the header states, 0 if it states none."""
        return self._container.stated_s

    @property
    def rate_hz(self) -> int:
        """The file's own sample rate."""
        return self._container.rate_hz

    @property
    def channels(self) -> int:
        """The file's number of channels."""
        return self._container.channels

    @property
    def notes(self) -> tuple[str, ...]:
        """What was wrong with the file and mended or left out; complete when it was read."""
        return tuple(self._container.notes)

    def samples(self, *, from_s: int = 0) -> Iterator[NDArray[np.float32]]:
        """Yield the mono samples at 22,050 Hz from a whole second on, in pieces.

        Raises
        ------
        AudioFileError
            If nothing of the file can be decoded, it becomes shorter while it is read, or
            carries a value that is not a number.
        """
        skip_s = min(PREROLL_S, from_s)
        skip = skip_s * SAMPLE_RATE_HZ
        for piece in self._mono(from_s=from_s - skip_s):
            dropped = min(skip, len(piece))
            skip -= dropped
            if len(piece) > dropped:
                yield piece[dropped:]

    def _mono(self, *, from_s: int) -> Iterator[NDArray[np.float32]]:
        shape: tuple[int, int] | None = None
        stream: MonoStream | None = None
        for block in self.blocks(from_s=from_s):
            if stream is None or block.shape != shape:
                if stream is not None and shape is not None:
                    yield stream.push(np.empty((0, shape[1]), np.float32), last=True)
                shape = block.shape
                stream = MonoStream(*shape)
            yield stream.push(block.samples)
        if stream is not None and shape is not None:
            yield stream.push(np.empty((0, shape[1]), np.float32), last=True)

    def blocks(self, *, from_s: int = 0) -> Iterator[Block]:
        """Yield the samples as they are stored: all channels, at the file's own rate.

        Raises
        ------
        AudioFileError
            See `samples`.
        """
        try:
            yield from BlockReader(self._container, from_s=from_s).blocks(block_s=BLOCK_S)
        except MemoryError as error:
            raise AudioFileError(
                f"{self._container.path.name} needs more memory than there is"
            ) from error
        # FFmpeg's own errors are dealt with where they can be; the system's come here.
        except (OSError, av.FFmpegError) as error:
            why = error.strerror or error
            raise AudioFileError(f"cannot read {self._container.path}: {why}") from error


def open_audio(path: Path) -> AudioFile:
    """Open a sound file.

    Raises
    ------
    AudioFileError
        If it is missing, a folder, a pipe or a device, unreadable, empty, or holds no sound in a
        known format, at a possible rate and number of channels.
    """
    return AudioFile(open_container(path))


def read_mono(path: Path, *, longest_s: float | None = None) -> NDArray[np.float32]:
    """Return a file, or its first `longest_s` seconds, mono at 22,050 Hz, shape (n,).

    Raises
    ------
    AudioFileError
        See `open_audio` and `AudioFile.samples`.
    """
    wanted = None if longest_s is None else int(longest_s * SAMPLE_RATE_HZ)
    pieces = [np.empty(0, np.float32)]
    have = 0
    with open_audio(path) as audio:
        for piece in audio.samples():
            pieces.append(piece)
            have += len(piece)
            if wanted is not None and have >= wanted:
                break
    return np.concatenate(pieces)[:wanted]


def iter_windows(path: Path, *, notes: list[str] | None = None) -> Iterator[CutWindow]:
    """Yield the windows of a file as `models.windows` cuts them, at least one.

    After the last one, `notes` holds what was wrong with the file and mended or left out.

    Raises
    ------
    AudioFileError
        See `open_audio` and `AudioFile.samples`; possibly only after some windows.
    """
    window = None
    with open_audio(path) as audio:
        for window in cut_stream(audio.samples()):
            yield window
        if notes is not None:
            notes += audio.notes
    if window is None:
        raise AudioFileError(f"{path.name} is too short: it lasts for less than one sample")


def read_span(path: Path, *, start_s: float, duration_s: float) -> NDArray[np.float32]:
    """Return a stretch of a file, mono at 22,050 Hz; shorter where the file ends.

    Raises
    ------
    AudioFileError
        See `open_audio`; also if the stretch starts behind the end.
    """
    whole_s = int(start_s)
    begin = round((start_s - whole_s) * SAMPLE_RATE_HZ)
    wanted = begin + round(duration_s * SAMPLE_RATE_HZ)
    pieces: list[NDArray[np.float32]] = []
    have = 0
    with open_audio(path) as audio:
        for piece in audio.samples(from_s=whole_s):
            pieces.append(piece)
            have += len(piece)
            if have >= wanted:
                break
    if have <= begin:
        raise AudioFileError(f"{path.name} ends before {start_s:.1f} s")
    return np.concatenate(pieces)[begin:wanted]
