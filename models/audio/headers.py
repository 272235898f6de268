"""What headers state of the length of the sound, where FFmpeg forgives or misreads it silently."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

# Recorders that stream cannot know the length: they announce none, all ones, or about 2 GiB
# (SoX 0x7FFFF000, arecord 0x80000000, both plus the header), and never come back to correct it.
_PLACEHOLDERS = (range(1), range(0x7FFFF000, 0x80001000), range(0xFFFFF000, 0x100000000))
_WRAP_BYTES = 1 << 32
# Sizes of 64 bits with the highest bit set are "not known" in CAF and nonsense elsewhere.
_LARGEST_SIZE = 1 << 62
# A chunk costs one read; real files have fewer than a dozen before the sound.
_MOST_CHUNKS = 1_000
_ZEROS_BYTES = 1 << 16
_W64_DATA = b"data\xf3\xac\xd3\x11\x8c\xd1\x00\xc0O\x8e\xdb\x8a"
_OGG = b"OggS"
_OGG_HEADER = 27
# An Ogg page is at most 27 + 255 + 255 * 255 bytes long.
_LONGEST_OGG_PAGE = 65_307
_OGG_LAST_FLAG = 4
# Where a first MPEG frame carries the length of the whole: behind its header and side information.
_MP3_TAGS = (b"Xing", b"Info", b"VBRI")
_MP3_LOOK_BYTES = 8_192
_ID3V2_HEADER = 10
_ID3V1_BYTES = 128


@dataclass(frozen=True)
class SoundBytes:
    """Where the sound of an uncompressed file lies.

    Attributes
    ----------
    start : int
        Byte offset of the first sample.
    stated : int or None
        Bytes of sound that the header states; None where it states a placeholder.
    there : int
        Bytes from `start` to the end of the file.
    envelope_missing : int
        Bytes that the header announces of the whole file and the file lacks.
    is_reserved : bool
        Whether zeros stand behind what is stated: space on the disk that was never written.
    is_last : bool
        Whether nothing that is needed stands behind the sound.
    """

    start: int
    stated: int | None
    there: int
    envelope_missing: int = 0
    is_reserved: bool = False
    is_last: bool = True

    @property
    def missing(self) -> int:
        """Bytes that are stated and are not there."""
        return 0 if self.stated is None else max(0, self.stated - self.there)

    @property
    def wrapped(self) -> int:
        """Bytes by which a size of 32 bits is too small because it began again at zero."""
        if self.stated is None or self.is_reserved:
            return 0
        return max(0, self.there - self.stated) // _WRAP_BYTES * _WRAP_BYTES


def find_sound(file: BinaryIO, *, size: int) -> SoundBytes | None:
    """Return where the sound of a WAV, RF64, W64 or CAF file of `size` bytes lies, else None."""
    file.seek(0)
    start = file.read(12)
    if start[:4] in (b"RIFF", b"RF64", b"BW64") and start[8:12] == b"WAVE":
        found = _walk(file, 12, _riff_chunk, size=size, wide=start[:4] != b"RIFF")
        if found is not None and found.wrapped:
            found = replace(found, is_reserved=_is_reserved(file, found, size=size))
        whole = _plausible(int.from_bytes(start[4:8], "little"))
        if found is None or whole is None:
            return found
        return replace(found, envelope_missing=max(0, whole + 8 - size))
    if start[:4] == b"riff":
        return _walk(file, 40, _w64_chunk, size=size)
    if start[:4] == b"caff":
        # The table of compressed packets stands behind the sound.
        found = _walk(file, 8, _caf_chunk, size=size)
        return None if found is None else replace(found, is_last=False)
    return None


def _is_reserved(file: BinaryIO, sound: SoundBytes, *, size: int) -> bool:
    for at in (sound.start + (sound.stated or 0), size - _ZEROS_BYTES):
        file.seek(at)
        if any(file.read(_ZEROS_BYTES)):
            return False
    return True


@dataclass(frozen=True)
class _Chunk:
    is_sound: bool
    start: int
    stated: int
    next: int


_Read = Callable[[BinaryIO, int], _Chunk | None]


def _walk(
    file: BinaryIO, at: int, read: _Read, *, size: int, wide: bool = False
) -> SoundBytes | None:
    wide_size: int | None = None
    for _ in range(_MOST_CHUNKS):
        if at >= size or (chunk := read(file, at)) is None:
            return None
        if wide and wide_size is None:
            wide_size = _ds64_sound_bytes(file, chunk)
        if chunk.is_sound:
            stated = chunk.stated if wide_size is None else wide_size
            return SoundBytes(chunk.start, _plausible(stated), size - chunk.start)
        at = max(chunk.next, at + 1)
    return None


def _plausible(stated: int) -> int | None:
    if stated >= _LARGEST_SIZE or any(stated in sizes for sizes in _PLACEHOLDERS):
        return None
    return stated


def _ds64_sound_bytes(file: BinaryIO, chunk: _Chunk) -> int | None:
    file.seek(chunk.start - 8)
    content = file.read(8 + 24)
    return int.from_bytes(content[16:24], "little") if content[:4] == b"ds64" else None


def _riff_chunk(file: BinaryIO, at: int) -> _Chunk | None:
    file.seek(at)
    head = file.read(8)
    if len(head) < 8:
        return None
    stated = int.from_bytes(head[4:], "little")
    return _Chunk(head[:4] == b"data", at + 8, stated, at + 8 + stated + stated % 2)


def _w64_chunk(file: BinaryIO, at: int) -> _Chunk | None:
    file.seek(at)
    head = file.read(24)
    if len(head) < 24:
        return None
    # The size counts its own header of 24 bytes.
    stated = int.from_bytes(head[16:], "little")
    return _Chunk(head[:16] == _W64_DATA, at + 24, max(0, stated - 24), at + (stated + 7) // 8 * 8)


def _caf_chunk(file: BinaryIO, at: int) -> _Chunk | None:
    file.seek(at)
    head = file.read(12)
    if len(head) < 12:
        return None
    stated = int.from_bytes(head[4:], "big")
    return _Chunk(head[:4] == b"data", at + 12, stated, at + 12 + stated)


def has_id3v1_behind_flac(file: BinaryIO, *, size: int) -> bool:
    """Return whether a FLAC file ends with an ID3v1 tag, which the format does not know."""
    file.seek(0)
    if file.read(4) != b"fLaC" or size < _ID3V1_BYTES:
        return False
    file.seek(size - _ID3V1_BYTES)
    return file.read(3) == b"TAG"


def ogg_is_cut(file: BinaryIO, *, size: int) -> bool:
    """Return whether an Ogg file lacks the end of its last page, or the page marked as the last."""
    file.seek(0)
    if file.read(4) != _OGG:
        return False
    file.seek(max(0, size - 2 * _LONGEST_OGG_PAGE))
    end = file.read()
    page = end[end.rfind(_OGG) :] if _OGG in end else b""
    if len(page) < _OGG_HEADER:
        return True
    segments = page[_OGG_HEADER : _OGG_HEADER + page[26]]
    whole = len(page) >= _OGG_HEADER + page[26] + sum(segments)
    return not whole or not page[5] & _OGG_LAST_FLAG


def mp3_states_its_length(file: BinaryIO) -> bool:
    """Return whether the first frame of an MP3 file says how many follow; else FFmpeg guesses."""
    file.seek(0)
    head = file.read(_ID3V2_HEADER)
    at = 0
    if head[:3] == b"ID3" and len(head) == _ID3V2_HEADER:
        # Four times seven bits.
        at = _ID3V2_HEADER + sum(
            byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
        )
    file.seek(at)
    start = file.read(_MP3_LOOK_BYTES)
    return any(tag in start for tag in _MP3_TAGS)
