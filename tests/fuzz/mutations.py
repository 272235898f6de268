"""Changes bytes as faults and forgers do: without knowing what they mean."""

import random
from collections.abc import Callable, Sequence

# Numbers at the edges of what fields of files hold.
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (
    *(b"NaN", b"Infinity", b"-1", b"1e999", b"5e-324", b"null", b"{}", b"[]", b"[[", b'"', b"\\"),
    *(b"\x00", b"\x1b[2J", b"\r\n", b"\xff\xfe", b",", b"=", b"\xed\xb2\x80", b"9" * 400),
)
MOST_CHANGES = 8
MOST_BYTES = 200_000


def mutated(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """Return one of the seeds with up to `MOST_CHANGES` changes."""
    content = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(1, MOST_CHANGES)):
        rng.choice(_CHANGES)(content, seeds, rng)
    return bytes(content[:MOST_BYTES])


_Change = Callable[[bytearray, Sequence[bytes], random.Random], None]


def _place(content: bytearray, rng: random.Random) -> int:
    # Half of all changes hit the first bytes, where headers are.
    reach = min(len(content), 128) if rng.random() < 0.5 else len(content)
    return rng.randrange(reach + 1)


def _flip(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    if content:
        content[_place(content, rng) % len(content)] ^= 1 << rng.randrange(8)


def _number(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at, value = _place(content, rng), rng.choice(_NUMBERS)
    size = rng.choice((1, 2, 4, 8))
    order = "little" if rng.random() < 0.5 else "big"
    content[at : at + size] = (value % (1 << 8 * size)).to_bytes(size, order)


def _word(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at = _place(content, rng)
    content[at : at + rng.choice((0, 1, 4))] = rng.choice(_WORDS)


def _cut(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    del content[_place(content, rng) :]


def _remove(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at = _place(content, rng)
    del content[at : at + rng.randint(1, 32)]


def _repeat(content: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at = _place(content, rng)
    content[at:at] = content[at : at + rng.randint(1, 64)] * rng.choice((1, 2, 50))


def _splice(content: bytearray, seeds: Sequence[bytes], rng: random.Random) -> None:
    other = rng.choice(seeds)
    at = _place(content, rng)
    content[at:] = other[rng.randrange(len(other) + 1) :]


_CHANGES: tuple[_Change, ...] = (_flip, _flip, _number, _number, _word, _cut, _remove, _repeat)
_CHANGES = (*_CHANGES, _splice)
