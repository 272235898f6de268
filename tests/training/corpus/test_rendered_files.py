from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.training.corpus.stored import Facts, group_name, rows_of, store_once, write_samples
from timbrescope.training.hashes import recipe_hash


def _fill(place: Path) -> None:
    write_samples(place / "a.flac", np.full(100, 0.1, dtype=np.float32))


def test_the_same_recipe_is_stored_once(tmp_path: Path) -> None:
    place = tmp_path / "flute"
    first = store_once(place, "recipe", _fill)
    assert [path.name for path in first] == ["a.flac"]
    assert store_once(place, "recipe", lambda _: pytest.fail("stored twice")) == first


def test_another_recipe_replaces_what_is_there(tmp_path: Path) -> None:
    place = tmp_path / "flute"
    store_once(place, "old", lambda place: (place / "old.flac").touch())
    assert [path.name for path in store_once(place, "new", _fill)] == ["a.flac"]


def test_what_an_interrupted_call_left_is_done_again(tmp_path: Path) -> None:
    def interrupted(place: Path) -> None:
        (place / "half.flac").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store_once(tmp_path / "flute", "recipe", interrupted)
    assert [p.name for p in store_once(tmp_path / "flute", "recipe", _fill)] == ["a.flac"]


def test_files_are_stored_at_one_level_and_silence_stays(tmp_path: Path) -> None:
    write_samples(tmp_path / "soft.flac", np.full(100, 0.1, dtype=np.float32))
    write_samples(tmp_path / "silent.flac", np.zeros(100, dtype=np.float32))
    assert soundfile.read(tmp_path / "soft.flac")[0].max() == pytest.approx(0.7, abs=1e-3)
    assert not soundfile.read(tmp_path / "silent.flac")[0].any()


def test_groups_name_family_and_instrument() -> None:
    assert group_name("fluidr3", "Flute") == "fluidr3:Flute"
    assert group_name("fluidr3", "marimba") == "fluidr3:other-marimba"


def test_a_row_tells_where_a_file_lies_below_the_manifest(tmp_path: Path) -> None:
    paths = store_once(tmp_path / "flute", "recipe", _fill)
    facts = Facts("Flute", "fam", "note", "package", "CC0")
    (row,) = rows_of(paths, facts, target=tmp_path, origin=lambda path: path.stem)
    assert (row["path"], row["origin"], row["split"]) == ("flute/a.flac", "a", "train")


@dataclass(frozen=True)
class _Voice:
    keys: tuple[int, ...]
    style: str = "blown"


@dataclass(frozen=True)
class _Renamed:
    keys: tuple[int, ...]
    style: str = "blown"


def test_a_recipe_is_what_it_states_and_not_what_its_classes_are_called() -> None:
    assert recipe_hash(1, _Voice((3, 4))) == recipe_hash(1, _Renamed((3, 4)))
    assert recipe_hash(np.float64(0.5), Path("a")) == recipe_hash(0.5, "a")


def test_any_stated_fact_changes_a_recipe() -> None:
    hashes = {
        recipe_hash(1, _Voice((3, 4))),
        recipe_hash(2, _Voice((3, 4))),
        recipe_hash(1, _Voice((3, 5))),
        recipe_hash(1, _Voice((3, 4), "plucked")),
    }
    assert len(hashes) == 4


def test_what_cannot_be_stated_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        recipe_hash(object())
