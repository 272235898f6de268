from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.background import music as music_packages
from timbrescope.training.corpus.background.music import (
    ALBUMS,
    MUSIC_PACKAGES,
    PIECE_S,
    Album,
    store_music,
)
from timbrescope.training.corpus.recordings import MANIFEST_NAME, read_manifest, write_manifest
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import Package

RATE_HZ = 8000
PACKAGE = Package("apt", "songs", "1.0", "songs_1.0_all.deb", "0" * 64, "CC0", "nobody")


def _track(path: Path, length_s: float, *, gain: float = 0.5) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = gain * np.sin(0.3 * np.arange(int(length_s * RATE_HZ)))
    soundfile.write(path, np.stack([tone, tone], axis=1), RATE_HZ)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    albums = (
        Album("songs", ("music/*.wav",), pieces=3),
        Album("songs", ("live/*/song.wav",), artist="band"),
    )
    monkeypatch.setattr(music_packages, "MUSIC_PACKAGES", (PACKAGE,))
    monkeypatch.setattr(music_packages, "ALBUMS", albums)
    unpacked = tmp_path / "songs-1.0"
    _track(unpacked / "usr" / "music" / "Long One.wav", 60.0)
    _track(unpacked / "usr" / "music" / "short.wav", 14.0)
    _track(unpacked / "usr" / "music" / "silent.wav", 30.0, gain=1e-4)
    _track(unpacked / "usr" / "live" / "encore" / "song.wav", 29.0)
    return unpacked


def test_pieces_of_each_track_are_stored_and_listed_as_unlabelled(
    folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "rendered"
    rows = store_music({"songs": folder}, target)
    assert [row["path"] for row in rows] == [
        "music/songs/long-one-0002s.flac",
        "music/songs/long-one-0024s.flac",
        "music/songs/long-one-0046s.flac",
        "music/songs-band/encore-0002s.flac",
        "music/songs-band/encore-0015s.flac",
    ]
    write_manifest(rows, target / MANIFEST_NAME)
    for found in read_manifest(target / MANIFEST_NAME):
        assert (found.kind, found.instrument, found.split) == (UNLABELLED_KIND, None, "train")
        assert (found.source, found.licence, found.seconds) == ("songs", "CC0", PIECE_S)
        assert soundfile.info(found.path).samplerate == SAMPLE_RATE_HZ
    assert {row["group"] for row in rows} == {"songs", "songs-band"}


def test_what_is_stored_is_kept(folder: Path, tmp_path: Path) -> None:
    rows = store_music({"songs": folder}, tmp_path)
    stored = tmp_path / rows[0]["path"]
    before = stored.stat().st_mtime_ns
    assert store_music({"songs": folder}, tmp_path) == rows
    assert stored.stat().st_mtime_ns == before


def test_music_of_packages_that_are_not_there_is_left_out(folder: Path, tmp_path: Path) -> None:
    assert store_music({}, tmp_path) == []


def test_a_package_without_its_tracks_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "usr" / "live" / "encore" / "song.wav").unlink()
    with pytest.raises(PackageError, match=r"songs in .* holds no live/\*/song\.wav"):
        store_music({"songs": folder}, tmp_path)


def test_a_track_that_cannot_be_decoded_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "usr" / "music" / "short.wav").write_bytes(b"no sound")
    with pytest.raises(PackageError, match=r"cannot read .*short\.wav of songs"):
        store_music({"songs": folder}, tmp_path)


def test_every_album_comes_from_a_pinned_package_and_every_package_holds_one() -> None:
    names = [package.name for package in MUSIC_PACKAGES]
    assert len(names) == len(set(names))
    assert {album.package for album in ALBUMS} == set(names)
    assert len({album.name for album in ALBUMS}) == len(ALBUMS)
    assert "gcompris-qt-data" not in names
