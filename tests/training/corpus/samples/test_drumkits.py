from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.training.corpus.samples import drumkits
from timbrescope.training.corpus.samples.drumkits import (
    KITS,
    PIECE_OF_KEY,
    SUBSTITUTES,
    Kit,
    played,
    store_kit,
)
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES
from timbrescope.training.playing.grooves import groove
from timbrescope.training.playing.melodies import NoteEvent

KIT = Kit("Small", "family", "CC0", {"kick": "k*", "snare": "s*", "closed": "hh*"})
PACKAGE = next(p for p in PACKAGES if p.name == drumkits.PACKAGE)


def _kit_folder(root: Path, *names: str) -> Path:
    folder = root / drumkits.KITS_FOLDER / KIT.folder
    folder.mkdir(parents=True)
    for number, name in enumerate(names, start=1):
        soundfile.write(folder / name, np.full(2_000, number / 10), 44_100)
    return root


def test_every_kit_has_what_a_groove_strikes() -> None:
    for seed in range(50):
        keys = {event.key for event in groove(6.0, np.random.default_rng(seed))}
        assert keys <= PIECE_OF_KEY.keys()
    for kit in KITS:
        for piece in PIECE_OF_KEY.values():
            assert piece in kit.pieces or SUBSTITUTES.get(piece) in kit.pieces


def test_strokes_land_where_they_are_struck_and_grow_with_velocity() -> None:
    soft, hard = np.full(10, 0.1, np.float32), np.full(10, 0.9, np.float32)
    events = [NoteEvent(0.0, 0.2, 36, 30), NoteEvent(0.5, 0.2, 36, 127)]
    line = played(events, {"kick": [soft, hard]}, length_s=1.0)
    assert line.size == 22_050
    assert 0 < line[0] < 0.1
    assert line[11_025] == pytest.approx(0.9)
    assert not np.any(line[20:11_000])


def test_a_stroke_past_the_end_is_cut() -> None:
    line = played(
        [NoteEvent(0.9, 0.2, 36, 127)], {"kick": [np.ones(9_000, np.float32)]}, length_s=1.0
    )
    assert line[-1] == 1.0


def test_grooves_and_strokes_get_their_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drumkits, "groove", lambda *_: [NoteEvent(0.0, 0.2, 36, 100)])
    package = _kit_folder(tmp_path / "package", "k1.wav", "s1.wav", "hh1.wav", "hh2.wav")
    target = tmp_path / "target"
    rows = store_kit(KIT, PACKAGE, folder=package, target=target, seed=1)
    classes = [row["instrument"] for row in rows]
    assert classes.count("Drum Set") == drumkits.PHRASES_PER_KIT
    assert classes.count("Hi-Hats") == 2
    assert {row["group"] for row in rows} == {"family:Drum Set", "family:Hi-Hats"}
    assert all((target / row["path"]).is_file() for row in rows)


def test_a_kit_without_a_piece_is_refused(tmp_path: Path) -> None:
    package = _kit_folder(tmp_path / "package", "k1.wav", "s1.wav")
    with pytest.raises(PackageError, match="closed"):
        store_kit(KIT, PACKAGE, folder=package, target=tmp_path / "target", seed=1)
