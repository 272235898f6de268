"""The recipe of the models that ship, as data: how windows are made and how models are trained."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from timbrescope.models.catalogue import CLASSICAL_NAMES, FLAGSHIP_NAME
from timbrescope.training.features.cache import current_folder
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.settings import ClassicalSettings, FitSettings
from timbrescope.training.settings_files import (
    SettingsError,
    Tables,
    assignment,
    field_names,
    overlaid,
    read_table,
    settings_of,
    table_of,
    write_table,
)
from timbrescope.training.windows.recipe import Recipe

SHIPPED = Path(__file__).with_name("recipe.toml")
RECIPE_FILE = SHIPPED.name

TableName = Literal["windows", "flagship", "networks", "classical"]


@dataclass(frozen=True)
class ReleaseRecipe:
    """How models are made that ship.

    Attributes
    ----------
    windows : Recipe
    flagship : FlagshipSettings
    networks : FitSettings
        Of the paper's CNNs.
    classical : ClassicalSettings
        Of the paper's classical models.
    """

    windows: Recipe = field(default_factory=Recipe)
    flagship: FlagshipSettings = field(default_factory=FlagshipSettings)
    networks: FitSettings = field(default_factory=FitSettings)
    classical: ClassicalSettings = field(default_factory=ClassicalSettings)


def table_of_model(name: str) -> TableName:
    """Return the table that says how a model is trained."""
    if name == FLAGSHIP_NAME:
        return "flagship"
    return "classical" if name in CLASSICAL_NAMES else "networks"


def read_recipe(
    *files: Path, changes: Sequence[str] = (), used: Sequence[TableName] | None = None
) -> ReleaseRecipe:
    """Return the recipe that ships, with the values of other files and single ones in its place.

    Parameters
    ----------
    *files : Path
        The values of a later file take the place of those of an earlier one.
    changes : sequence of str
        As ``TABLE.FIELD=VALUE``; they take the place of all files' values.
    used : sequence of str, optional
        The tables that will be read; a change of another is refused, as it would change nothing.

    Raises
    ------
    SettingsError
        If a file cannot be read, or a setting does not exist, has a wrong type or is not used.
    """
    found: Tables = {}
    for path in (SHIPPED, *files):
        found = overlaid(found, _checked(read_table(path), where=path))
    for change in changes:
        stated = assignment(change)
        _check_used(stated, change=change, used=used)
        found = overlaid(found, _checked(stated, where=change))
    return settings_of(ReleaseRecipe, found, where="the recipe")


def _checked(tables: dict[str, Any], *, where: object) -> dict[str, Any]:
    """Return the tables, each value of them checked, so that a message names where it stands."""
    settings_of(ReleaseRecipe, tables, where=where)
    return tables


def _check_used(stated: Tables, *, change: str, used: Sequence[TableName] | None) -> None:
    (table,) = stated
    if used is not None and table in field_names(ReleaseRecipe) and table not in used:
        raise SettingsError(f"{change} would change nothing here; used are {', '.join(used)}")


def write_run_recipe(
    folder: Path, recipe: ReleaseRecipe, *, table: TableName, cache_dir: Path
) -> Path:
    """Write what a model was made with beside it: how it was trained, and the prepared windows'.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared.
    """
    windows = current_folder(cache_dir) / RECIPE_FILE
    tables = read_table(windows) if windows.is_file() else {}
    path = folder / RECIPE_FILE
    write_table(path, tables | {table: table_of(getattr(recipe, table))})
    return path


def write_recipe(folder: Path, recipe: ReleaseRecipe, *, tables: Sequence[TableName]) -> Path:
    """Write the tables of a recipe that a run has used beside its result, and return the file."""
    path = folder / RECIPE_FILE
    write_table(path, {name: table_of(getattr(recipe, name)) for name in tables})
    return path
