"""Any corpus opens in one way, and listing it opens no file."""

from pathlib import Path

import pytest
from kaggle_tree import make_kaggle_tree

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import COLUMNS, write_manifest
from timbrescope.training.study.inspect import corpora as sources
from timbrescope.training.study.inspect.corpora import (
    open_corpora,
    open_corpus,
    safe_name,
    set_name,
)


def _manifest(folder: Path, *changes: dict[str, str]) -> Path:
    base = dict.fromkeys(COLUMNS, "") | {
        "path": "a.wav",
        "instrument": "Violin",
        "group": "g",
        "kind": "note",
        "split": "train",
        "seconds": "1",
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest([base | change for change in changes], folder / "manifest.csv")
    return folder / "manifest.csv"


def test_the_papers_layout(tmp_path: Path) -> None:
    make_kaggle_tree(tmp_path / "Music Data", clips_per_class=1, nested="music_dataset", corrupt=1)
    corpus = open_corpus(str(tmp_path / "Music Data"), cache=tmp_path)
    assert (corpus.name, corpus.layout) == ("music-data", "kaggle")
    assert corpus.root == tmp_path / "Music Data" / "music_dataset"
    assert len(corpus.recordings) == 29
    assert len(corpus.differences) == 28
    assert any("than in the paper in 28 classes" in remark for remark in corpus.remarks)


def test_a_folder_per_class_with_folders_that_name_none(tmp_path: Path) -> None:
    for name in ("drum set/take 1/x.wav", "Piano/a.flac", "Theremin/b.wav"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"no audio, and nobody looks")
    corpus = open_corpus(str(tmp_path), cache=tmp_path)
    assert corpus.layout == "folders"
    assert {r.instrument for r in corpus.recordings} == {"Drum Set", "Piano"}
    assert any("Theremin" in remark for remark in corpus.remarks)
    assert not corpus.differences


def test_a_manifest_keeps_instruments_of_all_splits(tmp_path: Path) -> None:
    path = _manifest(
        tmp_path / "set",
        {},
        {"split": "dev", "path": "missing, which the inspection will say.wav"},
        {"kind": "noise", "instrument": ""},
    )
    for place in (path, path.parent):
        corpus = open_corpus(str(place), cache=tmp_path)
        assert (corpus.name, corpus.layout, corpus.root) == ("set", "manifest", path.parent)
        assert [r.split for r in corpus.recordings] == ["train", "dev"]
        assert any("1 file of none" in remark for remark in corpus.remarks)


def test_a_manifest_without_instruments_is_refused(tmp_path: Path) -> None:
    path = _manifest(tmp_path, {"kind": "noise", "instrument": ""})
    with pytest.raises(CorpusError, match="no recording of the 28"):
        open_corpus(str(path), cache=tmp_path)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere.*word 'kaggle'"):
        open_corpus(str(tmp_path / "nowhere"), cache=tmp_path)


def test_the_word_kaggle_downloads_into_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(*, target: Path) -> Path:
        return make_kaggle_tree(target, clips_per_class=1).root

    monkeypatch.setattr(sources, "download_kaggle", download)
    corpus = open_corpus("kaggle", cache=tmp_path)
    assert (corpus.name, corpus.layout, len(corpus.recordings)) == ("kaggle", "kaggle", 28)
    assert corpus.root.is_relative_to(tmp_path)
    assert {r.source for r in corpus.recordings} == {"kaggle"}


def test_names_of_corpora_and_of_their_splits_are_unique(tmp_path: Path) -> None:
    first = _manifest(tmp_path / "a" / "set", {}, {"split": "dev"})
    second = _manifest(tmp_path / "b" / "set", {})
    third = _manifest(tmp_path / "c" / "set-dev", {})
    tree = tmp_path / "d" / "set"
    (tree / "Piano").mkdir(parents=True)
    (tree / "Piano" / "x.wav").write_bytes(b"")
    opened = open_corpora([*map(str, (first, second, third, tree))], cache=tmp_path)
    assert [corpus.name for corpus in opened] == ["set", "set-2", "set-dev-2", "set-3"]
    assert opened[3].recordings[0].group.startswith("set-3/")


def test_two_folder_corpora_share_no_group(tmp_path: Path) -> None:
    roots = [tmp_path / name / "clips" for name in "ab"]
    for path in (root / "Piano" / f"{n}.wav" for root in roots for n in range(5)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    first, second = open_corpora([*map(str, roots)], cache=tmp_path)
    assert not {r.group for r in first.recordings} & {r.group for r in second.recordings}


@pytest.mark.parametrize("text", ["test", "Baseline", "", "../..", "Ä ö/ü", "x" * 300])
def test_names_fit_into_file_names(text: str) -> None:
    name = safe_name(text)
    assert name not in {"", "test", "baseline"}
    assert len(name) <= 50
    assert "/" not in name
    assert not name.startswith((".", "-"))


def test_only_other_splits_are_named() -> None:
    assert set_name("audio", "train") == "audio"
    assert set_name("audio", "dev") == "audio-dev"


def test_a_bad_group_pattern_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no capture group"):
        open_corpus("kaggle", cache=tmp_path, group_pattern="x+")


def test_the_development_corpus_opens(shared_audio: Path, tmp_path: Path) -> None:
    corpus = open_corpus(str(shared_audio), cache=tmp_path)
    assert {r.instrument for r in corpus.recordings} == set(NAMES)
    assert {r.split for r in corpus.recordings} == {"train", "dev"}
