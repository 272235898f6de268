import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.background.sounds import (
    LONGEST_PIECE_S,
    PIECES_OF_A_FILE,
    store_background,
)
from timbrescope.training.corpus.background.sources import SOURCES, BackgroundSource
from timbrescope.training.corpus.recordings import MANIFEST_NAME, read_manifest, write_manifest
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES, Package
from timbrescope.training.packages.pinned_background import BACKGROUND_PACKAGES

PACKAGE = BACKGROUND_PACKAGES[0]


def _noise(seconds: float, *, level: float = 0.3) -> np.ndarray:
    rng = np.random.default_rng(1)
    return level * rng.uniform(-1, 1, int(seconds * SAMPLE_RATE_HZ)).astype(np.float32)


def _unpacked(root: Path, **files: np.ndarray) -> Path:
    (root / "sounds").mkdir(parents=True)
    for name, samples in files.items():
        soundfile.write(root / "sounds" / f"{name}.wav", samples, SAMPLE_RATE_HZ)
    return root


def _source(**changes: object) -> BackgroundSource:
    facts: dict[str, object] = {
        "package": PACKAGE.name,
        "kind": "noise",
        "group": "yard",
        "root": "sounds",
        "patterns": ("*.wav",),
    }
    return BackgroundSource(**{**facts, **changes})  # type: ignore[arg-type]


def _store(folder: Path, target: Path, **changes: object) -> list[dict[str, str]]:
    return store_background({PACKAGE.name: folder}, target, sources=[_source(**changes)])


def test_rows_make_a_manifest_of_background(tmp_path: Path) -> None:
    folder = _unpacked(tmp_path / "unpacked", rain=_noise(4.0))
    target = tmp_path / "target"
    write_manifest(_store(folder, target, kind="speech"), target / MANIFEST_NAME)
    (found,) = read_manifest(target / MANIFEST_NAME)
    assert (found.kind, found.instrument, found.split) == ("speech", None, "train")
    assert (found.group, found.source) == ("yard:speech", PACKAGE.name)
    assert found.licence == PACKAGE.licence
    info = soundfile.info(found.path)
    assert (info.samplerate, info.channels) == (SAMPLE_RATE_HZ, 1)
    assert found.seconds == pytest.approx(4.0, abs=0.05)


def test_short_sounds_follow_one_another_and_long_ones_are_cut(tmp_path: Path) -> None:
    steps = {f"step{number:02}": _noise(0.4) for number in range(12)}
    folder = _unpacked(tmp_path / "unpacked", wind=_noise(60.0), silence=_noise(1.0, level=0.0))
    _unpacked(tmp_path / "steps", **steps)
    winds = _store(folder, tmp_path / "target")
    walks = _store(tmp_path / "steps", tmp_path / "target", group="walk")
    lengths = [float(row["seconds"]) for row in winds]
    assert len(lengths) == PIECES_OF_A_FILE
    assert max(lengths) <= LONGEST_PIECE_S + 0.1
    assert len(walks) in (1, 2)
    assert 4.8 < sum(float(row["seconds"]) for row in walks) < 12.0


def test_no_more_is_taken_than_wanted_and_unwanted_names_are_left_out(tmp_path: Path) -> None:
    names = {f"rain{number}": _noise(5.0) for number in range(6)}
    folder = _unpacked(tmp_path / "unpacked", bell=_noise(5.0), **names)
    rows = _store(folder, tmp_path / "target", without=("bell*",), longest_s=12.0)
    assert len(rows) == 3
    assert not any("bell" in row["origin"] for row in rows)


def test_archives_are_read(tmp_path: Path) -> None:
    _unpacked(tmp_path / "plain", fire=_noise(4.0))
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.pk3", "w") as archive:
        archive.write(tmp_path / "plain" / "sounds" / "fire.wav", "sound/fire.wav")
    wanted = {"root": "all.pk3", "patterns": ("sound/*.wav",)}
    (row,) = _store(folder, tmp_path / "target", **wanted)
    assert row["origin"] == "all.pk3: fire"
    (folder / "all.pk3").write_text("no archive")
    with pytest.raises(PackageError, match="cannot unpack"):
        _store(folder, tmp_path / "other", **wanted)


def test_what_is_stored_is_kept_and_a_lost_pattern_is_an_error(tmp_path: Path) -> None:
    folder = _unpacked(tmp_path / "unpacked", rain=_noise(4.0))
    target = tmp_path / "target"
    rows = _store(folder, target)
    changed = (target / rows[0]["path"]).stat().st_mtime_ns
    assert _store(folder, target) == rows
    assert (target / rows[0]["path"]).stat().st_mtime_ns == changed
    with pytest.raises(PackageError, match=r"nothing matches '\*\.ogg'"):
        _store(folder, target, patterns=("*.wav", "*.ogg"))
    assert store_background({}, target, sources=[_source()]) == []


def test_the_table_and_the_pins_belong_together() -> None:
    names = [package.name for package in BACKGROUND_PACKAGES]
    assert {source.package for source in SOURCES} == set(names)
    assert not set(names) & {package.name for package in PACKAGES}
    assert all(len(package.sha256) == 64 and package.licence for package in BACKGROUND_PACKAGES)
    assert "gcompris-qt-data" not in names
    kinds: dict[str, set[str]] = {}
    for source in SOURCES:
        kinds.setdefault(source.group, set()).add(source.kind)
    assert all(len(of_group) == 1 for of_group in kinds.values())
    places = {(source.kind, source.group, source.package) for source in SOURCES}
    assert len(places) == len(SOURCES)


def test_files_are_named_as_their_clients_name_them() -> None:
    by_name: dict[str, Package] = {package.name: package for package in BACKGROUND_PACKAGES}
    assert by_name["ktuberling-data"].file == "ktuberling-data_4%3a22.12.3-1_all.deb"
    assert by_name["onsen"].file == "onsen-0.1.1.tar.gz"
