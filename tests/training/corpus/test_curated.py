from pathlib import Path

import pytest

from timbrescope.training.corpus.curated import MISLABELLED, SAME_RECORDINGS, curated
from timbrescope.training.corpus.other_kinds import kind_of_other
from timbrescope.training.corpus.recordings import Recording, read_manifest
from timbrescope.training.features.prepare import gather


def _recording(group: str, *, instrument: str | None = "Piano", what: str = "") -> Recording:
    kind = "note" if instrument else "other"
    return Recording(Path("a.flac"), instrument, kind, group, "s", "train", "CC0", 1.0, what)


def test_groups_of_the_same_recordings_are_joined() -> None:
    recordings = [_recording("Tonejs+audio:Piano"), _recording("fam:Piano")]
    assert [r.group for r in curated(recordings)] == ["salamander:Piano", "fam:Piano"]


def test_joining_is_done_once() -> None:
    assert SAME_RECORDINGS.keys().isdisjoint(SAME_RECORDINGS.values())


def test_other_instruments_of_one_source_are_groups_of_their_own() -> None:
    recordings = [
        _recording("a:_other", instrument=None, what="harp"),
        _recording("a:_other", instrument=None, what="cello"),
        _recording("b:other-harp", instrument=None, what="harp"),
    ]
    assert [r.group for r in curated(recordings)] == [
        "a:_other:harp",
        "a:_other:cello",
        "b:other-harp",
    ]


def test_what_is_wrongly_labelled_is_left_out(shared_audio: Path) -> None:
    recordings = read_manifest(shared_audio / "manifest.csv")
    left_out = len(recordings) - len(curated(recordings))
    assert left_out == 11
    assert {r.instrument for r in curated(recordings)} == {r.instrument for r in recordings}
    for group, _, reason in MISLABELLED:
        assert any(r.group == group for r in recordings)
        assert reason


def test_joined_groups_are_there(shared_audio: Path) -> None:
    groups = {r.group for r in read_manifest(shared_audio / "manifest.csv")}
    assert SAME_RECORDINGS.keys() <= groups


def test_every_other_instrument_of_the_development_corpus_has_a_name(shared_audio: Path) -> None:
    others = [r for r in gather([shared_audio], Path("nowhere")) if r.kind == "other"]
    assert others
    assert all(r.what and ":" not in r.what for r in others)


@pytest.mark.parametrize(
    ("group", "origin", "what"),
    [
        ("a:_other", "b/c.wav [snare drum 14a_basic]", "snare drum"),
        ("a:_other", "b/c.wav [kankles (box zither)]", "zither"),
        ("a:_other", "b/c.wav [celtic harp]", "harp"),
        ("a:_other", "b/c.wav [harpsichord]", "harpsichord"),
        ("fluidr3:other-english-horn", "x.sf2 bank 0 program 69", "cor anglais"),
        ("fluidr3:other-timbales", "x.sf2 bank 128 program 0", "timbales"),
        ("source:_other", "b/c.wav", "source:_other"),
    ],
)
def test_names_of_one_other_instrument_are_one(group: str, origin: str, what: str) -> None:
    assert kind_of_other(group, origin) == what
