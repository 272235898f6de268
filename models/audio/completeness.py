"""Notices files that were cut short where the decoder would forgive it without a word."""

from pathlib import Path

from timbrescope.models.errors import AudioFileError

MISSING_BYTES_TOLERANCE = 8
# Recorders that stream cannot know the length: they announce none, all ones, or about 2 GiB
# (SoX 0x7FFFF000, arecord 0x80000000, both plus the header), and never come back to correct it.
_PLACEHOLDERS = (range(1), range(0x7FFFF000, 0x80001000), range(0xFFFFFFFF, 0x100000000))
_RIFF, _AIFF, _OGG = b"RIFF", b"FORM", b"OggS"
# An Ogg page is at most 27 + 255 + 255 * 255 bytes long.
_LONGEST_OGG_PAGE = 65_307
_OGG_HEADER = 27


def check_complete(path: Path) -> None:
    """Compare what a WAV, AIFF or Ogg file states of its length with the bytes it has.

    Raises
    ------
    AudioFileError
        If bytes are missing; the message says how many there are and should be.
    OSError
        If the file cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        file.seek(max(0, size - _LONGEST_OGG_PAGE))
        end = file.read()
    if start[:4] in (_RIFF, _AIFF) and len(start) == 12:
        _check_chunk(path, start, size=size)
    elif start[:4] == _OGG:
        _check_last_page(path, end, size=size)


def _check_chunk(path: Path, start: bytes, *, size: int) -> None:
    stated = int.from_bytes(start[4:8], "little" if start[:4] == _RIFF else "big")
    if any(stated in lengths for lengths in _PLACEHOLDERS):
        return
    if stated + 8 - size > MISSING_BYTES_TOLERANCE:
        raise _truncated(path, has=size, stated=stated + 8)


def _check_last_page(path: Path, end: bytes, *, size: int) -> None:
    at = end.rfind(_OGG)
    page = end[at:]
    if at >= 0 and len(page) >= _OGG_HEADER:
        segments = page[_OGG_HEADER : _OGG_HEADER + page[26]]
        length = _OGG_HEADER + page[26] + sum(segments)
        if len(page) >= length:
            return
        raise _truncated(path, has=size, stated=size - len(page) + length)
    raise AudioFileError(f"{path.name} is truncated: it ends inside an Ogg page, at byte {size}")


def _truncated(path: Path, *, has: int, stated: int) -> AudioFileError:
    return AudioFileError(
        f"{path.name} is truncated: {stated} bytes are announced in it, it has {has}; "
        "copy or download it again"
    )
