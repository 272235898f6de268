"""File names as they may be printed, and as they are written into files.

A name is any bytes but NUL and the slash: it may steer a terminal, end a line of a table, or be no
text at all. Python holds bytes that are not UTF-8 as lone surrogates, which no file may hold.
"""

import unicodedata
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

# Begins a name that stands in a file percent-encoded.
ENCODED = "percent:"


def printable(text: str) -> str:
    r"""Return `text` as it may be printed on one line: control characters become ``\x1b``.

    Characters that cannot be seen, reverse the direction of writing or are no text are written
    as escapes, bytes that are not UTF-8 as ``\xff``.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        # Python's own form of a byte that is not UTF-8.
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def written_name(path: Path | str) -> str:
    """Return a path as it stands in a file that we write; `read_name` gives it back.

    It stands as it is if it is text without control characters. Otherwise, and if it begins with
    ``percent:`` itself, it is ``percent:`` and the name's bytes, percent-encoded as in a URL.
    """
    name = str(path)
    if not name.startswith(ENCODED) and _is_text(name):
        return name
    return ENCODED + quote_from_bytes(_bytes_of(name), safe="/")


def read_name(written: str) -> str:
    """Return what `written_name` was given."""
    if not written.startswith(ENCODED):
        return written
    return unquote_to_bytes(written.removeprefix(ENCODED)).decode("utf-8", "surrogateescape")


def _is_text(name: str) -> bool:
    return not any(unicodedata.category(each) in ("Cc", "Cs") for each in name)


def _bytes_of(name: str) -> bytes:
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Half a character, as names on Windows may have it: it is no byte either.
        return name.encode("utf-8", "surrogatepass")
