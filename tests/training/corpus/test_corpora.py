import math
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import (
    COLUMNS,
    identity,
    list_folder_tree,
    read_corpus,
    read_folder_tree,
    read_manifest,
    write_manifest,
)


def _audio(path: Path, seconds: float = 0.1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.zeros(int(22_050 * seconds), dtype=np.float32), 22_050)
    return path


def _row(**changes: str) -> dict[str, str]:
    row = {
        "path": "Violin/a.wav",
        "instrument": "Violin",
        "source": "somebody",
        "group": "somebody:Violin",
        "kind": "note",
        "split": "train",
        "seconds": "0.1",
        "licence": "CC0",
        "origin": "x",
    }
    return row | changes


def _manifest(folder: Path, *rows: dict[str, str]) -> Path:
    _audio(folder / "Violin" / "a.wav")
    write_manifest(rows, folder / "manifest.csv")
    return folder / "manifest.csv"


def test_manifest_rows_become_recordings(tmp_path: Path) -> None:
    path = _manifest(tmp_path, _row(), _row(instrument="", kind="noise", group="n"))
    first, second = read_manifest(path)
    assert (first.instrument, first.kind, first.group) == ("Violin", "note", "somebody:Violin")
    assert first.path.is_file()
    assert first.licence == "CC0"
    assert second.instrument is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"instrument": "Kazoo"}, "Kazoo"),
        ({"kind": "song"}, "song"),
        ({"path": "gone.wav"}, "gone.wav"),
        ({"seconds": "long"}, "long"),
        ({"instrument": ""}, "does not go with"),
    ],
)
def test_a_bad_row_is_quoted_with_its_line(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    path = _manifest(tmp_path, _row(), _row(**changes))
    with pytest.raises(CorpusError, match=said) as caught:
        read_manifest(path)
    assert "line 3" in str(caught.value)


def test_a_manifest_without_a_column_names_it(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text(",".join(name for name in COLUMNS if name != "group") + "\n")
    with pytest.raises(CorpusError, match="group"):
        read_manifest(path)


def test_a_missing_manifest_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.csv"):
        read_manifest(tmp_path / "nowhere.csv")


def test_folders_in_both_spellings_are_read_and_others_reported(tmp_path: Path) -> None:
    _audio(tmp_path / "Drum_set" / "a.wav")
    _audio(tmp_path / "electro guitar" / "take 1" / "b.WAV")
    _audio(tmp_path / "electro guitar" / "take 1" / "c.wav")
    _audio(tmp_path / "Theremin" / "d.wav")
    (tmp_path / "Drum_set" / "notes.txt").write_text("not audio")
    tree = read_folder_tree(tmp_path)
    assert tree.unknown_folders == ("Theremin",)
    assert [r.instrument for r in tree.recordings] == ["Drum Set"] + ["Electric Guitar"] * 2
    drum, first, second = tree.recordings
    assert first.group == second.group != drum.group
    assert drum.seconds == pytest.approx(0.1)


def test_a_tree_without_class_folders_is_refused(tmp_path: Path) -> None:
    _audio(tmp_path / "Theremin" / "d.wav")
    with pytest.raises(CorpusError, match="Theremin"):
        read_folder_tree(tmp_path)
    with pytest.raises(CorpusError, match="no folder"):
        read_folder_tree(tmp_path / "gone")


def test_an_unreadable_file_in_a_tree_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "Violin" / "bad.wav"
    bad.parent.mkdir()
    bad.write_bytes(b"no audio at all")
    with pytest.raises(CorpusError, match=r"bad\.wav"):
        read_folder_tree(tmp_path)
    listed = list_folder_tree(tmp_path).recordings
    assert [recording.path for recording in listed] == [bad]
    assert math.isnan(listed[0].seconds)


def test_a_manifest_may_be_listed_without_its_files(tmp_path: Path) -> None:
    path = _manifest(tmp_path, _row(), _row(path="gone.wav"))
    assert [r.path.name for r in read_manifest(path, check_files=False)] == ["a.wav", "gone.wav"]


def test_a_folder_with_a_manifest_is_read_by_its_manifest(tmp_path: Path) -> None:
    _manifest(tmp_path, _row())
    assert [r.group for r in read_corpus(tmp_path).recordings] == ["somebody:Violin"]


def test_identity_ignores_order_and_sees_changes(tmp_path: Path) -> None:
    one, two = read_manifest(_manifest(tmp_path, _row(), _row(group="other:Violin")))
    assert identity([one, two]) == identity([two, one])
    assert identity([one, two]) != identity([one])


def test_the_development_corpus_reads(shared_audio: Path) -> None:
    recordings = read_manifest(shared_audio / "manifest.csv")
    assert {r.split for r in recordings} >= {"train"}
    assert len({r.instrument for r in recordings if r.instrument}) == 28
