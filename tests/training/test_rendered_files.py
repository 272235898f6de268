from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.rendered_files import Facts, group_name, rows_of, store_once, write_samples


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
