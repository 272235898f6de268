"""One open sound file of any format, and what its header states: FFmpeg through PyAV.

What is read is the open file alone: no format that names other files or addresses is let in.
"""

import os
import stat
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from timbrescope.models import limits
from timbrescope.models.audio import headers
from timbrescope.models.audio.second_reader import NOTE, read_again
from timbrescope.models.audio.view import FileView, OpeningBudgetError
from timbrescope.models.errors import AudioFileError

FORMATS_TEXT = "WAV, FLAC, MP3, OGG, Opus, M4A or AIFF"
# Demuxers that read sound out of one file. Playlists and scripts are none of them.
_DEMUXERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,ircam,loas,"
    "matroska,webm,mlp,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,nistsphere,nut,ogg,oma,"
    "paf,qoa,rm,sox,tak,truehd,tta,voc,w64,wav,wsd,wv,xwma"
)
# Formats whose header or index gives the length; that of others is a guess from the bit rate.
_STATING = frozenset(
    {"aiff", "ape", "asf", "au", "caf", "flac", "matroska", "mov", "ogg", "tta", "w64", "wav", "wv"}
)
# Formats in which the time stamps after a seek are exactly those of the samples.
_SEEKABLE = frozenset({"aiff", "au", "caf", "flac", "mov", "mp3", "w64", "wav"})
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_READ_BYTES = 1 << 18
# Larger packets of FFmpeg's WAV reader cost less, and hold less than a second anyway.
_WAV_PACKET_BYTES = 1 << 16
_MISSING_BYTES_TOLERANCE = 8


class Container:
    """An open sound file. Owned by one thread; use as a context manager.

    Attributes
    ----------
    path : Path
    size : int
        Bytes of the file when it was opened.
    sound : SoundBytes or None
        Where the samples lie, if the format is a plain one.
    av : InputContainer
    stream : AudioStream
        The one that is listened to.
    notes : list of str
        What was mended or left out, in sentences for the user.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self.size = os.fstat(file.fileno()).st_size
        self.sound = headers.find_sound(file, size=self.size)
        self.notes = _header_notes(file, self.sound, size=self.size)
        self._mp3_is_exact = headers.mp3_states_its_length(file)
        file.seek(0)
        self._shown = self._view(file)
        self.av = self._opened(file)
        self.stream = self._chosen()
        self._check_shape()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.av.close()
        self._file.close()

    @property
    def rate_hz(self) -> int:
        """Frames per second at the start of the file."""
        return int(self.stream.codec_context.sample_rate)

    @property
    def channels(self) -> int:
        """Channels at the start of the file."""
        return int(self.stream.codec_context.channels)

    @property
    def time_base(self) -> Fraction:
        """Unit of the stream's time stamps, in seconds."""
        return self.stream.time_base or Fraction(1, av.time_base)

    @property
    def is_seekable(self) -> bool:
        """Whether the file can be read from any place on, to the sample."""
        return self._kind in _SEEKABLE

    @property
    def is_cut(self) -> bool:
        """Whether bytes of sound that the header announces are not there."""
        return self.sound is not None and self.sound.missing > _MISSING_BYTES_TOLERANCE

    @property
    def stated_s(self) -> float:
        """Length that the header states, 0 if it states none."""
        exact = self._kind in _STATING or (self._kind == "mp3" and self._mp3_is_exact)
        if not exact or (self.sound is not None and self.sound.stated is None):
            return 0.0
        if self.stream.duration is not None:
            seconds = float(self.stream.duration * self.time_base)
        else:
            seconds = (self.av.duration or 0) / av.time_base
        return max(0.0, seconds * self._share_of_header())

    def _share_of_header(self) -> float:
        """Return what FFmpeg's length is to be multiplied by: it counts bytes that are there."""
        sound = self.sound
        if sound is None or not sound.stated or not sound.there:
            return 1.0
        return max(1.0, sound.stated / sound.there)

    @property
    def _kind(self) -> str:
        return str(self.av.format.name).split(",")[0]

    def check_read(self) -> None:
        """Raise `AudioFileError` if the file could not be read, or its header has no end."""
        try:
            self._shown.check()
        except OpeningBudgetError as error:
            raise unreadable(self.path, str(error)) from error
        except OSError as error:
            raise AudioFileError(f"cannot read {self.path}: {error.strerror or error}") from error

    def check_unchanged(self) -> None:
        """Raise `AudioFileError` if the file became shorter since it was opened."""
        size = os.fstat(self._file.fileno()).st_size
        if size < self.size:
            raise AudioFileError(
                f"{self.path.name} became shorter while it was read, from {self.size} to {size} "
                "bytes; try again when it is written in full"
            )

    def _view(self, file: BinaryIO) -> FileView:
        sound = self.sound
        if sound is None or sound.stated is None or not sound.is_last:
            return FileView(file, end=self.size)
        end = min(self.size, sound.start + sound.stated + sound.wrapped)
        return FileView(file, end=end, unknown_at=sound.start - 4 if sound.wrapped else None)

    def _opened(self, file: BinaryIO) -> InputContainer:
        view = self._shown
        try:
            container = av.open(
                view,
                mode="r",
                options={"format_whitelist": _DEMUXERS, "max_size": str(_WAV_PACKET_BYTES)},
                metadata_errors="replace",
                buffer_size=_READ_BYTES,
            )
            view.check()
        except OpeningBudgetError as error:
            raise unreadable(self.path, str(error)) from error
        except (av.FFmpegError, ValueError) as error:
            self.check_read()
            raise unreadable(self.path, _reason(error, file)) from error
        view.opened()
        return container

    def _chosen(self) -> AudioStream:
        streams = self.av.streams.audio
        if not streams:
            self.av.close()
            raise unreadable(self.path, "there is no sound in it")
        if len(streams) > 1:
            self.notes.append(f"the first of {len(streams)} sound tracks was read")
        stream = streams[0]
        if stream.codec_context is None:
            self.av.close()
            raise unreadable(self.path, "its sound is coded in an unknown way, or protected")
        stream.codec_context.thread_count = 1
        return stream

    def _check_shape(self) -> None:
        try:
            check_shape(self.path, rate_hz=self.rate_hz, channels=self.channels)
        except AudioFileError:
            self.av.close()
            raise


def open_container(path: Path) -> Container:
    """Open a sound file.

    Raises
    ------
    AudioFileError
        If it is missing, no regular file, unreadable, empty, or holds no sound that can be read.
    """
    try:
        _check_kind(path, path.stat())
        file = path.open("rb")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise AudioFileError(f"cannot read {path}: {why}") from error
    try:
        return _container(path, file)
    except OSError as error:
        file.close()
        raise AudioFileError(f"cannot read {path}: {error.strerror or error}") from error
    except BaseException:
        file.close()
        raise


def _container(path: Path, file: BinaryIO) -> Container:
    try:
        return Container(path, file)
    except AudioFileError:
        again = read_again(file)
        if again is None:
            raise
    file.close()
    try:
        container = Container(path, again)
    except BaseException:
        again.close()
        raise
    container.notes.append(NOTE)
    return container


def _check_kind(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise AudioFileError(f"{path} is a folder, not an audio file")
    if not stat.S_ISREG(found.st_mode):
        kind = "a pipe" if stat.S_ISFIFO(found.st_mode) else "a device or socket"
        raise AudioFileError(
            f"{path} is {kind}, not a file; write what comes out of it to a file, "
            "or pipe it into: timbrescope classify -"
        )
    if found.st_size == 0:
        raise AudioFileError(f"{path.name} is empty: it has 0 bytes")


def check_shape(path: Path, *, rate_hz: int, channels: int) -> None:
    """Raise `AudioFileError` if a file states a rate or channels that no recording has."""
    low, high = limits.SAMPLE_RATE_RANGE_HZ
    if not low <= rate_hz <= high:
        raise AudioFileError(
            f"{path.name} states a sample rate of {rate_hz} Hz; "
            f"rates from {low} to {high} Hz can be read"
        )
    if not 1 <= channels <= limits.CHANNELS:
        raise AudioFileError(
            f"{path.name} states {channels} channels; files with 1 to {limits.CHANNELS} can be read"
        )


def unreadable(path: Path, reason: str) -> AudioFileError:
    """Return the error of a file that holds no sound this program knows."""
    return AudioFileError(
        f"{path.name} is not an audio file this program can read ({reason}); "
        f"convert it to {FORMATS_TEXT}"
    )


def _reason(error: Exception, file: BinaryIO) -> str:
    file.seek(0)
    if file.read(len(_APPLE_DOUBLE)) == _APPLE_DOUBLE:
        return "it is a Mac's note beside the real file, which has no '._' in its name"
    if isinstance(error, av.error.InvalidDataError):
        return "nothing in it looks like sound"
    if isinstance(error, av.error.EOFError):
        return "it ends within its header"
    return str(getattr(error, "strerror", None) or error)


def _header_notes(file: BinaryIO, sound: headers.SoundBytes | None, *, size: int) -> list[str]:
    notes = []
    if sound is not None:
        if sound.stated is None:
            notes.append("its header states no length (power loss, or streamed): read to its end")
        elif sound.wrapped:
            notes.append("longer than its header can count (4 GiB): read to its end")
        elif not sound.missing and sound.envelope_missing > _MISSING_BYTES_TOLERANCE:
            notes.append(
                f"its header announces {sound.envelope_missing} bytes more than the file has; "
                "the sound is whole"
            )
    if headers.ogg_is_cut(file, size=size):
        notes.append("cut short: the end of the last Ogg page is missing")
    if headers.has_id3v1_behind_flac(file, size=size):
        notes.append("an ID3v1 tag behind the sound was skipped")
    return notes
