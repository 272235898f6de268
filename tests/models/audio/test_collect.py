"""Files and folders become a list of audio files; what cannot be read is named."""

import os
from pathlib import Path

import pytest

from timbrescope.models.audio.collect import collect_audio_files


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"content does not matter")
    return path


def test_folders_are_searched_and_the_rest_is_named(tmp_path: Path) -> None:
    inner = tmp_path / "b" / "c"
    inner.mkdir(parents=True)
    first, second = _file(tmp_path, "z.WAV"), _file(inner, "a.mp3")
    (tmp_path / "notes.txt").write_text("no audio")
    (tmp_path / "._z.wav").write_text("a Mac's notes")
    bare = tmp_path / "bare"
    bare.mkdir()
    files, refused = collect_audio_files([tmp_path, bare, first])
    assert files == [second, first]
    assert [path for path, _ in refused] == [bare]


def test_a_name_too_long_for_the_system_is_refused_not_fatal(tmp_path: Path) -> None:
    good, endless = _file(tmp_path, "good.wav"), tmp_path / ("x" * 300 + ".wav")
    files, refused = collect_audio_files([endless, good])
    named = [path for path, _ in refused] + files
    assert good in files
    assert endless in named


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = _file(tmp_path, "good.wav")
    locked = tmp_path / "locked"
    locked.mkdir()
    scandir = os.scandir

    def scan(path: str) -> object:
        if os.fspath(path) == str(locked):
            raise PermissionError(13, "Permission denied", str(locked))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", scan)
    files, refused = collect_audio_files([tmp_path])
    assert files == [good]
    assert refused == [(locked, "cannot read this folder: Permission denied")]
