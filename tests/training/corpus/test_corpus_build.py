import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.training.corpus import build as corpus_build
from timbrescope.training.corpus.build import (
    ALL_PACKAGES,
    build_corpus,
    built_table,
    chosen_packages,
)
from timbrescope.training.corpus.description import described, family_table
from timbrescope.training.corpus.recordings import read_manifest
from timbrescope.training.corpus.samples.sets import SampleSet
from timbrescope.training.packages import fetch as packages
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES

FLUTES = SampleSet("notes", "Flute", "fam", ("*.wav",))
MARIMBA = SampleSet("notes", "marimba", "fam", ("*.wav",))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> packages.Package:
    """A package with one note, as its client would leave it behind, and two sets of it."""
    sound, archive = io.BytesIO(), tmp_path / "packages" / "downloads" / "notes-1.tgz"
    soundfile.write(sound, np.sin(np.arange(4_000) / 8), 22_050, format="WAV")
    archive.parent.mkdir(parents=True)
    with tarfile.open(archive, "w:gz") as file:
        entry = tarfile.TarInfo("package/A4.wav")
        entry.size = len(sound.getvalue())
        file.addfile(entry, io.BytesIO(sound.getvalue()))
    monkeypatch.setattr(corpus_build, "SAMPLE_SETS", (FLUTES, MARIMBA))
    with archive.open("rb") as stream:
        sha256 = packages.hashlib.file_digest(stream, "sha256").hexdigest()
    return replace(
        PACKAGES[0], client="npm", name="notes", version="1", file=archive.name, sha256=sha256
    )


def test_a_corpus_is_built_listed_and_described(tmp_path: Path, package: packages.Package) -> None:
    manifest = build_corpus(tmp_path, packages=[package], workers=1)
    found = read_manifest(manifest)
    assert {(r.instrument, r.kind, r.group) for r in found} == {
        ("Flute", "note", "fam:Flute"),
        (None, "other", "fam:other-marimba"),
    }
    stated = json.loads((manifest.parent / "sources.json").read_text("utf-8"))
    (source,) = stated["packages"]
    assert (source["name"], source["sha256"]) == ("notes", package.sha256)
    assert source["groups"]["fam:Flute"]["files"] == 1
    assert source["classes"] == ["Flute"]
    assert stated["others"] == ["marimba"]
    assert "Flute                   1      1" in built_table(manifest)


def test_a_second_build_keeps_what_is_there(tmp_path: Path, package: packages.Package) -> None:
    manifest = build_corpus(tmp_path, packages=[package], workers=1)
    before = {p: p.stat().st_mtime_ns for p in manifest.parent.rglob("*.flac")}
    content = manifest.read_text("utf-8")
    assert build_corpus(tmp_path, packages=[package], workers=1).read_text("utf-8") == content
    assert {p: p.stat().st_mtime_ns for p in manifest.parent.rglob("*.flac")} == before


def test_packages_are_chosen_by_name() -> None:
    assert chosen_packages(()) == ALL_PACKAGES
    assert [p.name for p in chosen_packages(["foxdot", "freepats"])] == ["foxdot", "freepats"]
    with pytest.raises(PackageError, match="'nothing' is no package"):
        chosen_packages(["nothing"])


def test_the_table_names_families_and_lacking_classes() -> None:
    def row(instrument: str, group: str) -> dict[str, str]:
        return {
            "instrument": instrument,
            "group": group,
            "kind": "note",
            "seconds": "30",
            "source": "fluid-soundfont-gm",
            "licence": "MIT",
        }

    rows = [row("Flute", "a:Flute"), row("Flute", "b:Flute"), row("Horn", "a:Horn")]
    stated = described(rows, PACKAGES[:1], seed=22)
    assert stated["classes"]["Flute"]["families"] == ["a", "b"]
    table = family_table(stated)
    assert "no recordings of Accordion" in table
    assert "Ukulele" in table
    assert "Flute" in table.splitlines()[1]
