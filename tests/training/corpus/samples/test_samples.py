from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.samples import strums
from timbrescope.training.corpus.samples.sets import SAMPLE_SETS, SampleSet
from timbrescope.training.corpus.samples.store import (
    find_files,
    sounding_pieces,
    store_samples,
    trimmed,
)
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES, Package

PACKAGE = PACKAGES[0]


def _tone(seconds: float, level: float = 0.5) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * 440 * times)).astype(np.float32)


def _silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ), dtype=np.float32)


def _package(root: Path, **files: np.ndarray) -> Path:
    folder = root / "unpacked" / "sounds"
    folder.mkdir(parents=True)
    for name, samples in files.items():
        soundfile.write(folder / f"{name}.wav", samples, SAMPLE_RATE_HZ)
    return root / "unpacked"


def _store(wanted: SampleSet, folder: Path, target: Path) -> list[dict[str, str]]:
    return store_samples(wanted, PACKAGE, folder=folder, target=target, seed=1)


def test_trimming_removes_silence_around_a_note() -> None:
    note = np.zeros(22_050, dtype=np.float32)
    note[5_000:15_000] = 0.5
    kept = trimmed(note)
    assert 10_000 <= kept.size <= 10_000 + 22_050 // 10
    assert np.abs(kept).max() == 0.5
    assert trimmed(np.zeros(100, dtype=np.float32)).size == 0
    assert trimmed(np.zeros(0, dtype=np.float32)).size == 0


def test_notes_are_listed_with_class_group_and_origin(tmp_path: Path) -> None:
    folder = _package(tmp_path, a=_tone(0.2), b=_tone(0.3), silent=_silence(0.3))
    wanted = SampleSet(PACKAGE.name, "Flute", "fam", ("sounds/*.wav",))
    rows = _store(wanted, folder, tmp_path / "target")
    assert [(row["instrument"], row["group"], row["kind"]) for row in rows] == [
        ("Flute", "fam:Flute", "note")
    ] * 2
    assert [row["origin"] for row in rows] == ["sounds/a.wav", "sounds/b.wav"]
    assert {row["licence"] for row in rows} == {PACKAGE.licence}


def test_another_instrument_is_of_no_class(tmp_path: Path) -> None:
    wanted = SampleSet(PACKAGE.name, "marimba", "fam", ("*.wav",))
    (row,) = _store(wanted, _package(tmp_path, a=_tone(0.2)), tmp_path / "target")
    assert (row["instrument"], row["kind"], row["group"]) == ("", "other", "fam:other-marimba")


def test_a_pattern_without_a_file_is_an_error(tmp_path: Path) -> None:
    wanted = SampleSet(PACKAGE.name, "Flute", "fam", ("*.wav", "*.mp3"))
    with pytest.raises(PackageError, match=r"no Flute.*'\*\.mp3'"):
        find_files(wanted, _package(tmp_path, a=_tone(0.1)))


def test_a_long_track_is_cut_where_it_sounds(tmp_path: Path) -> None:
    track = np.concatenate([_silence(2), _tone(22), _silence(3), _tone(1), _silence(3), _tone(4)])
    folder = _package(tmp_path, track=track)
    wanted = SampleSet(PACKAGE.name, "Electric Guitar", "f", ("*.wav",), "phrase", "stems")
    rows = _store(wanted, folder, tmp_path / "target")
    assert [float(row["seconds"]) for row in rows] == pytest.approx([11, 11, 4], abs=0.1)
    assert {row["origin"] for row in rows} == {"sounds/track.wav"}


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 15)), max_size=5))
def test_pieces_are_long_enough_and_no_silence(stretches: list[tuple[bool, float]]) -> None:
    parts = [_tone(s) if sounds else _silence(s) for sounds, s in stretches]
    for piece in sounding_pieces(np.concatenate([*parts, _silence(0)])):
        assert 3.0 <= piece.size / SAMPLE_RATE_HZ <= 15.1
        assert np.abs(piece).max() > 0.4


def test_strums_become_phrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strums, "PHRASES", 3)
    files = {f"{chord}_{take}": _tone(1.0) for chord in ("Amajor_UP", "Cmajor") for take in (0, 1)}
    wanted = SampleSet(PACKAGE.name, "Acoustic Guitar", "f", ("*.wav",), "phrase", "strums")
    rows = _store(wanted, _package(tmp_path, **files), tmp_path / "target")
    assert len(rows) == 3
    assert all(6.0 <= float(row["seconds"]) <= 9.0 for row in rows)
    assert {(row["kind"], row["origin"]) for row in rows} == {("phrase", "sounds")}


def test_a_new_strum_damps_the_one_before() -> None:
    ringing = {"Amajor_00": np.ones(10 * SAMPLE_RATE_HZ, dtype=np.float32)}
    for phrase in strums.strummed(ringing, rng=np.random.default_rng(3)):
        # Undamped, ten and more of them would sound at once; two do for a moment.
        assert np.abs(phrase).max() < 2.0


def test_every_set_is_of_a_known_package_and_has_a_folder_of_its_own() -> None:
    known: dict[str, Package] = {package.name: package for package in PACKAGES}
    assert {wanted.package for wanted in SAMPLE_SETS} <= known.keys()
    places = [(wanted.what, wanted.family) for wanted in SAMPLE_SETS]
    assert len(set(places)) == len(places)
