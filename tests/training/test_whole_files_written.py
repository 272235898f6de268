import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import timbrescope.training.files as files

REPOSITORY = Path(__file__).resolve().parents[2]
# A text, JSON or archive that is written where it lies is half a file if the program is killed.
IN_PLACE = re.compile(r'\.write_(text|bytes)\(|np\.savez|\.open\("w|\.part"|mkdtemp')


def test_a_finished_file_takes_its_place_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "notes.txt"
    files.write_text(path, "one")
    files.write_text(path, "two")
    assert path.read_text("utf-8") == "two"
    assert [found.name for found in path.parent.iterdir()] == ["notes.txt"]


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    files.write_text(path, "whole")

    def fail() -> None:
        with files.in_full(path) as draft:
            draft.write_bytes(b"ha")
            assert path.read_text("utf-8") == "whole"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text("utf-8") == "whole"
    assert [found.name for found in tmp_path.iterdir()] == ["notes.txt"]


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    with files.in_full(path) as first, files.in_full(path) as second:
        first.write_bytes(b"first")
        second.write_bytes(b"second")
    assert path.read_bytes() in (b"first", b"second")
    assert [found.name for found in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_is_there_in_full_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "shard"

    def fail() -> None:
        with files.in_full(place) as draft:
            draft.mkdir()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not place.exists()
    with files.in_full(place) as draft:
        draft.mkdir()
        (draft / "a").write_bytes(b"a")
        assert not place.exists()
    assert [found.name for found in place.iterdir()] == ["a"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no file modes")
def test_others_may_read_what_others_may_read_otherwise(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    files.write_json(tmp_path / "written", {})
    modes = {(tmp_path / name).stat().st_mode for name in ("plain", "written")}
    assert len(modes) == 1


@given(content=st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=5))
def test_any_json_comes_back(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    files.write_json(path, content)
    assert json.loads(path.read_text("utf-8")) == content


@pytest.mark.parametrize("raw", [b"caf\xe9.wav", b"percent:%FF", b"two\nlines"])
def test_any_name_passes_through_json_and_csv_as_text(tmp_path: Path, raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    files.write_json(tmp_path / "names.json", {name: [name, 1]})
    assert files.read_json(tmp_path / "names.json") == {name: [name, 1]}
    assert "\\ud" not in (tmp_path / "names.json").read_bytes().decode("utf-8")
    files.write_csv(tmp_path / "names.csv", ["name"], [[name]])
    assert files.read_csv(tmp_path / "names.csv") == [{"name": name}]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["names.csv", "names.json"]


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_come_back_by_name(tmp_path: Path, compressed: bool) -> None:
    files.write_arrays(tmp_path / "a.npz", {"one": np.arange(3), "key": "k"}, compressed=compressed)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        assert found["one"].tolist() == [0, 1, 2]
        assert str(found["key"]) == "k"


@pytest.mark.parametrize("folder", ["models", "training"])
def test_files_are_written_by_one_module(folder: str) -> None:
    found = {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / folder).rglob("*.py")
        if IN_PLACE.search(path.read_text("utf-8"))
    }
    assert found == ({"training/files.py"} if folder == "training" else set())
