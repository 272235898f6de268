"""The paper's Kaggle data set: recognised, counted, downloaded, and why not."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from kaggle_tree import FOLDERS as TREE_FOLDERS

from timbrescope.models.instruments import NAMES, canonical_name
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.study.inspect.kaggle import (
    DATA_SET,
    DATA_SET_PAGE,
    FOLDERS,
    PAPER_COUNTS,
    CountDifference,
    class_root,
    count_differences,
    download_kaggle,
    looks_like_kaggle,
    read_kaggle,
)


def _folders(root: Path, names: tuple[str, ...], *, file: str = "0.wav") -> Path:
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / file).write_bytes(b"")
    return root


def test_the_table_is_the_papers() -> None:
    assert sum(PAPER_COUNTS.values()) == 42_311
    assert tuple(PAPER_COUNTS) == NAMES
    assert (PAPER_COUNTS["Cymbals"], PAPER_COUNTS["Flute"]) == (208, 3719)


def test_the_folders_are_spelt_as_the_data_set_spells_them() -> None:
    assert FOLDERS == TREE_FOLDERS
    assert tuple(canonical_name(folder) for folder in FOLDERS) == NAMES


@pytest.mark.parametrize("nested", ["", "music_dataset", "music_dataset/music_dataset"])
def test_the_classes_are_found_below_an_archives_top_folders(tmp_path: Path, nested: str) -> None:
    _folders(tmp_path / nested, FOLDERS)
    assert class_root(tmp_path) == tmp_path / nested
    assert looks_like_kaggle(tmp_path)
    found = read_kaggle(tmp_path)
    assert {recording.instrument for recording in found.recordings} == set(NAMES)
    assert not found.unknown_folders


def test_the_papers_spelling_counts_if_files_are_numbered(tmp_path: Path) -> None:
    assert looks_like_kaggle(_folders(tmp_path / "a", NAMES))
    assert not looks_like_kaggle(_folders(tmp_path / "b", NAMES, file="my take.wav"))


def test_other_folders_are_not_the_data_set(tmp_path: Path) -> None:
    assert not looks_like_kaggle(_folders(tmp_path, FOLDERS[:10]))
    assert not looks_like_kaggle(tmp_path / "nowhere")


def test_differences_from_the_papers_counts_are_stated_not_fatal(tmp_path: Path) -> None:
    differences = count_differences(read_kaggle(_folders(tmp_path, FOLDERS)).recordings)
    assert len(differences) == 28
    assert CountDifference("Harmonica", 131, 1) in differences


def test_the_papers_counts_are_no_difference() -> None:
    recordings = [
        SimpleNamespace(instrument=name)
        for name, count in PAPER_COUNTS.items()
        for _ in range(count)
    ]
    assert count_differences(recordings) == []
    assert count_differences(recordings[1:]) == [CountDifference("Accordion", 3581, 3580)]


class FakeKagglehub:
    """Downloads a small tree into the folder that kagglehub would use, or fails."""

    def __init__(self, error: Exception | None = None, *, classes: int = 28) -> None:
        self.error = error
        self.classes = classes
        self.asked: list[str] = []

    def dataset_download(self, handle: str) -> str:
        self.asked.append(handle)
        if self.error:
            raise self.error
        root = Path(os.environ["KAGGLEHUB_CACHE"]) / "datasets" / handle / "versions" / "1"
        _folders(root / "music_dataset", FOLDERS[: self.classes])
        return str(root)


@pytest.fixture
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAGGLEHUB_CACHE", raising=False)


@pytest.mark.usefixtures("_own_cache")
def test_a_download_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeKagglehub()
    monkeypatch.setitem(sys.modules, "kagglehub", fake)
    found = download_kaggle(target=tmp_path)
    assert found.name == "music_dataset"
    assert found.is_relative_to(tmp_path)
    assert download_kaggle(target=tmp_path) == found
    assert fake.asked == [DATA_SET]
    assert "KAGGLEHUB_CACHE" not in os.environ


@pytest.mark.usefixtures("_own_cache")
def test_a_download_without_the_classes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", FakeKagglehub(classes=3))
    with pytest.raises(CorpusError, match="has not the 28 folders"):
        download_kaggle(target=tmp_path)


class UnauthenticatedError(Exception):
    """Bears the name of kagglehub's own."""


class ForbiddenError(Exception):
    response = SimpleNamespace(status_code=403)


@pytest.mark.usefixtures("_own_cache")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionError("no route"), "cannot be reached"),
        (TimeoutError("slow"), "cannot be reached"),
        (UnauthenticatedError("who?"), "wants to know who asks"),
        (ForbiddenError("403"), "kaggle.json"),
        (RuntimeError("disk full"), "disk full"),
    ],
)
def test_a_failed_download_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", FakeKagglehub(error))
    with pytest.raises(CorpusError, match=said) as caught:
        download_kaggle(target=tmp_path)
    assert DATA_SET_PAGE in str(caught.value)
    assert "give its folder instead" in str(caught.value)


def test_without_kagglehub_its_installation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(CorpusError, match="pip install kagglehub") as caught:
        download_kaggle(target=tmp_path)
    assert DATA_SET_PAGE in str(caught.value)
