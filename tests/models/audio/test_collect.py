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
    found = collect_audio_files([tmp_path, bare, first])
    assert found.files == (second, first)
    assert [path for path, _ in found.refused] == [bare]
    assert found.left_out == (
        (
            tmp_path,
            "1 left out, without the suffix of a sound file (notes.txt); "
            "1 left out, a Mac's notes beside the real files (._z.wav)",
        ),
    )


@pytest.mark.parametrize("suffix", ["opus", "caf", "w64", "au", "mp2", "bwf", "rf64", "m4a", "WMA"])
def test_every_format_that_can_be_read_is_found_in_folders(tmp_path: Path, suffix: str) -> None:
    wanted = _file(tmp_path, f"take.{suffix}")
    assert collect_audio_files([tmp_path]).files == (wanted,)


def test_links_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "folder"
    elsewhere.mkdir()
    folder.mkdir()
    _file(elsewhere, "linked.wav")
    try:
        (folder / "link").symlink_to(elsewhere, target_is_directory=True)
        (folder / "again").symlink_to(elsewhere, target_is_directory=True)
        (elsewhere / "up").symlink_to(folder, target_is_directory=True)
        (folder / "file.wav").symlink_to(elsewhere / "linked.wav")
    except OSError as error:
        pytest.skip(f"no links here: {error}")
    found = collect_audio_files([folder])
    assert len(found.files) == 2
    assert {path.name for path in found.files} == {"linked.wav", "file.wav"}
    assert found.refused == ()


def test_a_folder_of_a_mac_is_read_and_its_notes_are_counted_once(shared_audio: Path) -> None:
    inputs = shared_audio.parent / "inputs"
    found = collect_audio_files([inputs / "20_mac_usb_stick", inputs / "21_folder"])
    assert [path.name for path in found.files] == [
        *("take.mp3", "take.caf", "take.w64", "voice.opus")
    ]
    assert len(found.left_out) == 1
    assert "1 left out, a Mac's notes" in found.left_out[0][1]


def test_a_name_too_long_for_the_system_is_refused_not_fatal(tmp_path: Path) -> None:
    good, endless = _file(tmp_path, "good.wav"), tmp_path / ("x" * 300 + ".wav")
    found = collect_audio_files([endless, good])
    named = [*(path for path, _ in found.refused), *found.files]
    assert good in found.files
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
    found = collect_audio_files([tmp_path])
    assert found.files == (good,)
    assert found.refused == ((locked, "cannot read this folder: Permission denied"),)
