"""Ogg files taken apart into pages and put together, for tests of odd ones."""

import struct
from dataclasses import dataclass, replace

_HEAD = struct.Struct("<4sBBqIIIB")
_POLYNOMIAL = 0x04C11DB7


@dataclass(frozen=True)
class Page:
    """One page: its flags, place in the sound, stream, sizes of its segments, and their bytes."""

    flags: int
    granule: int
    serial: int
    segments: bytes
    body: bytes


def pages_of(data: bytes) -> list[Page]:
    """Return the pages of an Ogg file."""
    found, at = [], 0
    while at < len(data):
        _, _, flags, granule, serial, _, _, count = _HEAD.unpack_from(data, at)
        at += _HEAD.size + count
        segments = data[at - count : at]
        found.append(Page(flags, granule, serial, segments, data[at : at + sum(segments)]))
        at += sum(segments)
    return found


def ogg_of(pages: list[Page]) -> bytes:
    """Return the file that holds `pages`, numbered and with the right checksums."""
    return b"".join(_written(page, number) for number, page in enumerate(pages))


def with_headers_twice(data: bytes) -> bytes:
    """Return an Ogg Vorbis file whose headers stand a second time behind the first."""
    pages = pages_of(data)
    # The first page holds the first header alone, and the sound begins on a page of its own.
    end = next(number for number, page in enumerate(pages) if page.granule > 0)
    headers = pages[:end]
    again = replace(
        headers[-1],
        flags=0,
        granule=-104,
        segments=b"".join(page.segments for page in headers),
        body=b"".join(page.body for page in headers),
    )
    return ogg_of([*headers, again, *pages[end:]])


def _written(page: Page, number: int) -> bytes:
    head = _HEAD.pack(
        b"OggS", 0, page.flags, page.granule, page.serial, number, 0, len(page.segments)
    )
    whole = bytearray(head + page.segments + page.body)
    struct.pack_into("<I", whole, 22, _checksum(whole))
    return bytes(whole)


def _checksum(data: bytes) -> int:
    found = 0
    for byte in data:
        found ^= byte << 24
        for _ in range(8):
            found = (found << 1) ^ (_POLYNOMIAL if found & 0x80000000 else 0)
        found &= 0xFFFFFFFF
    return found
