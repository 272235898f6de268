"""File names on a terminal and in files: nothing steers, nothing is lost."""

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.names import ENCODED, printable, read_name, written_name

# Any bytes that a file name may have.
NAMES = st.binary(min_size=1, max_size=40).map(lambda raw: raw.replace(b"\0", b"\n"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("piano à 日本.wav", "piano à 日本.wav"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\rb\nc\td", "a\\rb\\nc\\td"),
        ("a\u202eb", "a\\u202eb"),
        ("\udcff.wav", "\\xff.wav"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_what_cannot_be_seen_is_escaped(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(raw=NAMES)
def test_any_name_is_one_printable_line(raw: bytes) -> None:
    shown = printable(os.fsdecode(raw))
    assert shown.isprintable()
    assert shown.encode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
@given(raw=NAMES)
def test_any_name_is_text_in_files_and_comes_back(raw: bytes) -> None:
    name = os.fsdecode(raw)
    written = written_name(name)
    assert written.encode("utf-8")
    assert read_name(written) == name


@pytest.mark.parametrize("name", [f"{ENCODED}a.wav", f"{ENCODED}%FF"])
def test_a_name_that_looks_encoded_comes_back_as_well(name: str) -> None:
    assert written_name(name) != name
    assert read_name(written_name(name)) == name


@pytest.mark.parametrize("name", ["piano.wav", "/à 日本/100%.wav", "C:\\Music\\a.wav"])
def test_a_name_that_is_text_stands_as_it_is(name: str) -> None:
    assert written_name(name) == name
    assert read_name(name) == name
