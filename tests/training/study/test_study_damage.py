"""A study whose files are damaged says which, and how it goes on; its faults are one line."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")

from synthetic_study import make_study

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.cli import main
from timbrescope.training.state import alone_in
from timbrescope.training.study.clips import Clip, read_clips, write_clips
from timbrescope.training.study.evaluate.answers import load_answers
from timbrescope.training.study.evaluate.records import read_metrics
from timbrescope.training.study.explore.records import read_exploration
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.split.splits import read_split

DAMAGES = [b"", b"null", b"\xff\xfe\x00", b"clip,part\nonly", b"[1, 2", b"[" * 100_000]
READERS: dict[str, Callable[[StudyFolder], tuple[Path, Callable[[Path], object]]]] = {
    "clips": lambda folder: (folder.clips, read_clips),
    "exploration": lambda folder: (folder.exploration, read_exploration),
    "split": lambda folder: (folder.split("random"), read_split),
    "answers": lambda folder: (folder.answers("random", "mel", "test"), load_answers),
    "metrics": lambda folder: (folder.metrics("random", "mel", "test"), read_metrics),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_table_is_named_and_set_aside(tmp_path: Path, name: str, damage: bytes) -> None:
    path, read = READERS[name](StudyFolder(tmp_path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(damage)
    with pytest.raises(TimbrescopeError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "made again by the step" in str(caught.value)
    assert not path.exists()
    assert path.with_name(f"{path.name}.damaged-1").read_bytes() == damage


def test_what_is_whole_stays(tmp_path: Path) -> None:
    folder = make_study(tmp_path, groups_per_class=3)
    for place in READERS.values():
        path, read = place(folder)
        assert read(path)
        assert path.is_file()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_names_that_are_no_text_make_valid_tables_and_come_back(tmp_path: Path) -> None:
    name = os.fsdecode(b"Violin/\xff\xe9 \n.wav")
    clip = Clip(f"c/{name}@0", Path("/data") / name, 0.0, "a" * 64, "Violin", name, "s", "c")
    write_clips([clip], tmp_path / "clips.csv")
    assert (tmp_path / "clips.csv").read_bytes().decode("utf-8")
    assert read_clips(tmp_path / "clips.csv") == [clip]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    return folder


def _said(capsys: pytest.CaptureFixture[str], *options: object) -> str:
    assert main(["study", *map(str, options)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("option", ["--out", "--cache"])
def test_a_file_in_the_place_of_a_folder_is_told(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "file").touch()
    places = {"--out": tmp_path / "out", "--cache": tmp_path / "cache"} | {
        option: tmp_path / "file"
    }
    said = _said(capsys, tree, *(word for pair in places.items() for word in pair))
    assert f"{option} {tmp_path / 'file'} cannot be a folder" in said


def test_a_study_that_is_being_worked_in_is_left_alone(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with alone_in(out):
        said = _said(capsys, tree, "--out", out, "--cache", tmp_path / "cache")
    assert "another process is at work" in said


def test_a_full_disk_is_told_with_what_to_do(
    tree: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from timbrescope.training.study import pipeline

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "out" / "a.npy"))

    monkeypatch.setattr(pipeline, "run_study", full)
    said = _said(capsys, tree, "--out", tmp_path / "out", "--cache", tmp_path / "cache")
    assert "No space left on device" in said
    assert "look whether there is room" in said
