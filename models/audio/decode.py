"""Audio files as a stream of mono samples at 22,050 Hz, in constant memory, with clear errors."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from timbrescope.models.audio.completeness import check_complete
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.windows import CutWindow, cut_stream

FORMATS_TEXT = "WAV, FLAC, OGG, MP3 or AIFF"
BLOCK_S = 1.0
# Headers may state any rate at all; a block is no longer than this even so.
LONGEST_BLOCK_FRAMES = 1 << 20
# What libsndfile states when a streaming encoder left the length out.
UNKNOWN_FRAMES = 1 << 62
# Lossy formats estimate their length; this much less than stated is not a truncation.
LENGTH_TOLERANCE_S = 0.2
# The resampler's filter is much shorter; sound before a span is fed through it first.
PREROLL_S = 1


class _ForwardFile(soundfile.SoundFile):
    """Reads on from where it is.

    soundfile seeks to where it already is after every read. That restarts the MP3 decoder, which
    then lacks the bits it keeps from frame to frame: a glitch at the start of every block.
    """

    def seekable(self) -> bool:
        return False


class AudioFile:
    """An open file. Owned by one thread; use as a context manager."""

    def __init__(self, path: Path, file: soundfile.SoundFile) -> None:
        self._path = path
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def duration_s(self) -> float:
        """Length that the header states, 0 if it states none."""
        frames: int = self._file.frames
        return 0.0 if frames >= UNKNOWN_FRAMES else frames / self._file.samplerate

    def samples(self, *, from_s: int = 0) -> Iterator[NDArray[np.float32]]:
        """Yield the mono samples at 22,050 Hz from a whole second on, in pieces.

        Raises
        ------
        AudioFileError
            If the file breaks off, or carries a value that is not a number.
        """
        skip_s = min(PREROLL_S, from_s)
        resampler = soxr.ResampleStream(
            self._file.samplerate, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ"
        )
        skip = skip_s * SAMPLE_RATE_HZ
        for mono, last in self._blocks(from_s=from_s - skip_s):
            piece = resampler.resample_chunk(mono, last=last)
            dropped = min(skip, len(piece))
            skip -= dropped
            if len(piece) > dropped:
                yield piece[dropped:]

    def _blocks(self, *, from_s: int) -> Iterator[tuple[NDArray[np.float32], bool]]:
        rate = self._file.samplerate
        self._seek(from_s * rate)
        done = from_s * rate
        while True:
            block = self._read(min(max(1, int(BLOCK_S * rate)), LONGEST_BLOCK_FRAMES))
            # The mean of huge values overflows; it is then found like any that is not a number.
            with np.errstate(over="ignore", invalid="ignore"):
                mono = np.ascontiguousarray(block.mean(axis=1, dtype=np.float32))
            self._check_finite(mono, first_frame=done)
            done += len(block)
            yield mono, not len(block)
            if not len(block):
                break
        self._check_complete(done)

    def _seek(self, frame: int) -> None:
        if not frame:
            return
        try:
            self._file.seek(min(frame, self._file.frames))
        except soundfile.LibsndfileError as error:
            raise AudioFileError(
                f"cannot find {frame} frames into {self._path}: {error}"
            ) from error

    def _read(self, frames: int) -> NDArray[np.float32]:
        try:
            return self._file.read(frames, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise AudioFileError(f"{self._path.name} is damaged: {error}") from error

    def _check_finite(self, mono: NDArray[np.float32], *, first_frame: int) -> None:
        bad = np.flatnonzero(~np.isfinite(mono))
        if bad.size:
            at_s = (first_frame + int(bad[0])) / self._file.samplerate
            raise AudioFileError(
                f"{self._path.name} carries a value that is not a number at {at_s:.3f} s; "
                "export it again from the program that made it"
            )

    def _check_complete(self, frames: int) -> None:
        if frames == 0:
            raise AudioFileError(f"{self._path.name} is empty: it has a header but no sound")
        missing_s = self.duration_s - frames / self._file.samplerate
        if missing_s > LENGTH_TOLERANCE_S:
            raise AudioFileError(
                f"{self._path.name} is truncated: its header says {self.duration_s:.2f} s, "
                f"{frames / self._file.samplerate:.2f} s could be read"
            )


def open_audio(path: Path) -> AudioFile:
    """Open an audio file.

    Raises
    ------
    AudioFileError
        If it is missing, a folder, unreadable, empty, cut short, or not in a known format.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise AudioFileError(f"{path} is a folder, not an audio file")
        if size == 0:
            raise AudioFileError(f"{path.name} is empty: it has 0 bytes")
        check_complete(path)
    except OSError as error:
        raise AudioFileError(f"cannot read {path}: {error.strerror or error}") from error
    try:
        return AudioFile(path, _ForwardFile(_name(path)))
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error.error_string) from error
    # soundfile wants a rate and a channel count for files called .raw, which state neither.
    except TypeError as error:
        raise _unreadable(path, "raw samples without a header") from error


def _name(path: Path) -> str | bytes:
    # Names on Linux are bytes and need not be UTF-8, which soundfile insists on for text.
    return str(path) if sys.platform == "win32" else os.fsencode(path)


def _unreadable(path: Path, reason: str) -> AudioFileError:
    return AudioFileError(
        f"{path.name} is not an audio file this program can read ({reason}); "
        f"convert it to {FORMATS_TEXT}"
    )


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


def iter_windows(path: Path) -> Iterator[CutWindow]:
    """Yield the windows of a file as `models.windows` cuts them, at least one.

    Raises
    ------
    AudioFileError
        See `open_audio` and `AudioFile.samples`; possibly only after some windows.
    """
    window = None
    with open_audio(path) as audio:
        for window in cut_stream(audio.samples()):
            yield window
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
