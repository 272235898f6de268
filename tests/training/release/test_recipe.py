from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("msgspec", reason="needs the train extra")

from timbrescope.models.catalogue import MODEL_NAMES
from timbrescope.training.commands.corpus import prepare
from timbrescope.training.experiments.catalogue import RECIPE
from timbrescope.training.features import prepare as features
from timbrescope.training.features.prepare import Prepared
from timbrescope.training.release.recipe import (
    RECIPE_FILE,
    ReleaseRecipe,
    read_recipe,
    table_of_model,
    write_recipe,
    write_run_recipe,
)
from timbrescope.training.settings_files import SettingsError, field_names


def test_the_shipped_recipe_is_read() -> None:
    assert read_recipe().windows.per_class == 720
    assert read_recipe().flagship.epochs == 3
    assert read_recipe().flagship.folds == 3


def test_the_experiments_change_only_how_long_the_flagship_learns() -> None:
    shipped, small = read_recipe(), read_recipe(RECIPE)
    assert small.windows == shipped.windows
    assert small.flagship == replace(shipped.flagship, epochs=small.flagship.epochs)


def test_files_go_above_the_shipped_one_and_changes_above_files(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[windows]\nper_class = 7\nvariants = 2\n[flagship.shape]\ndropout = 0.5\n")
    found = read_recipe(own, changes=["windows.variants=1"])
    assert (found.windows.per_class, found.windows.variants) == (7, 1)
    assert found.windows.validation_per_class == read_recipe().windows.validation_per_class
    assert found.flagship.shape.dropout == 0.5
    assert found.flagship.shape.blocks == read_recipe().flagship.shape.blocks


def test_a_run_can_be_started_from_the_file_of_another(tmp_path: Path) -> None:
    teacher = ["windows.teacher=some/folder", "windows.families=[]", "networks.max_minutes=inf"]
    asked = read_recipe(changes=[*teacher, "flagship.precision=mixed_bfloat16"])
    written = write_recipe(tmp_path, asked, tables=field_names(ReleaseRecipe))
    assert read_recipe(written) == asked
    assert asked.windows.teacher == Path("some/folder")
    assert asked.windows.families == ()


def test_a_wrong_value_is_named_with_its_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[flagship]\nepoch = 3\n")
    with pytest.raises(SettingsError, match=r"own\.toml: there is no setting 'flagship\.epoch'"):
        read_recipe(own)


def test_a_change_of_what_is_not_used_is_refused() -> None:
    with pytest.raises(SettingsError, match="would change nothing here; used are windows"):
        read_recipe(changes=["flagship.epochs=1"], used=["windows"])
    with pytest.raises(SettingsError, match="no setting 'flagships'"):
        read_recipe(changes=["flagships.epochs=1"], used=["windows"])


def test_every_model_is_trained_by_a_table_of_the_recipe() -> None:
    tables = {table_of_model(name) for name in MODEL_NAMES}
    assert tables == set(field_names(ReleaseRecipe)) - {"windows"}


def test_a_prepared_set_and_a_run_lie_beside_the_recipe_they_were_made_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "features" / "k"
    folder.mkdir(parents=True)
    (folder.parent / "current.json").write_text('{"key": "k"}')
    monkeypatch.setattr(features, "prepare_features", lambda *_, **__: Prepared(folder, "k", {}))
    asked = read_recipe(changes=["windows.per_class=7", "classical.seed=3", "flagship.epochs=1"])
    prepare([tmp_path], cache=tmp_path, recipe=asked, workers=1)
    assert read_recipe(folder / RECIPE_FILE).windows == asked.windows
    # What is asked of the windows when a model is trained does not change those that there are.
    later = read_recipe(changes=["windows.per_class=8", "classical.seed=4"])
    written = write_run_recipe(tmp_path / "run", later, table="classical", cache_dir=tmp_path)
    found = read_recipe(written)
    assert (found.windows, found.classical.seed) == (asked.windows, 4)
    assert found.flagship == read_recipe().flagship
