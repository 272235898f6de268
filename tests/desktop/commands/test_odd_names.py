"""Names that steer terminals or are no text: escaped where people read, reversible in files."""

import csv
import io
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from timbrescope.desktop import cli
from timbrescope.models.names import read_name

CLIP = Path(__file__).parents[2] / "data" / "golden" / "accordion.ogg"

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a good file of each odd name, and a bad one."""
    made = tmp_path_factory.mktemp("odd")
    for name in (b"a\x1b[2J.ogg", b"b\rover.ogg", b"c\nd.ogg", b"e\xff.ogg", b"percent:f.ogg"):
        shutil.copy(CLIP, os.path.join(os.fsencode(made), name))  # noqa: PTH118
    Path(os.fsdecode(os.fsencode(made) + b"/bad\x1b\n\xff.wav")).write_bytes(b"no sound")
    return made


def _said(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["classify", *arguments]) == 1
    return capfd.readouterr().out


def test_a_table_has_one_printable_line_for_each_file(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = _said(capfd, str(folder)).split("\n")
    assert len(lines) == 1 + 6 + 1
    assert all(line.isprintable() for line in lines)
    assert sum("Accordion" in line for line in lines) == 5
    assert any("e\\xff.ogg" in line for line in lines)
    assert any("a\\x1b[2J.ogg" in line for line in lines)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "raven"])
def test_files_hold_text_from_which_the_names_come_back(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    target = tmp_path / "out"
    assert _said(capfd, str(folder), "--format", kind, "--output", str(target)) == ""
    text = target.read_bytes().decode("utf-8-sig")
    if kind == "jsonl":
        records = [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]
        found = [record["path"] for record in records]
        assert all(record["error"] is None or record["error"].isprintable() for record in records)
    elif kind == "csv":
        found = [row["path"] for row in csv.DictReader(io.StringIO(text))]
    else:
        rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
        found = sorted({row["Begin Path"] for row in rows})
    expected = sorted(path for path in folder.iterdir() if kind != "raven" or path.suffix == ".ogg")
    assert sorted(map(Path, map(read_name, found))) == expected
