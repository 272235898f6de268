"""The commands ``corpus build`` and ``prepare``: from packages to recordings, and to windows."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from timbrescope.training.commands.shared import (
    Command,
    add_cache,
    add_corpora,
    add_recipe,
    add_teacher,
    add_workers,
    check_corpora,
    chosen_recipe,
    need,
)

if TYPE_CHECKING:
    from timbrescope.training.release.recipe import ReleaseRecipe


def _add_build_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("build",))
    parser.add_argument(
        "--only",
        nargs="+",
        default=(),
        metavar="PACKAGE",
        help="only these packages, in the manifest as well (all)",
    )
    add_workers(parser)
    add_cache(parser)


def _build(options: argparse.Namespace) -> int:
    need("mido")
    from timbrescope.training.corpus.build import build_corpus, built_table, chosen_packages

    packages = chosen_packages(options.only)
    manifest = build_corpus(options.cache, packages=packages, workers=options.workers)
    print(f"built: {manifest}\n{built_table(manifest)}")
    return 0


def _add_prepare_options(parser: argparse.ArgumentParser) -> None:
    add_corpora(parser)
    add_teacher(parser)
    add_recipe(parser)
    add_workers(parser)
    add_cache(parser)


def _prepare(options: argparse.Namespace) -> int:
    check_corpora(options.corpus)
    recipe = chosen_recipe(options, used=("windows",))
    prepare(options.corpus, cache=options.cache, recipe=recipe, workers=options.workers)
    return 0


def prepare(corpora: Sequence[Path], *, cache: Path, recipe: "ReleaseRecipe", workers: int) -> None:
    """Prepare the windows of a recipe, and say how many there are."""
    from timbrescope.training.features.prepare import prepare_features
    from timbrescope.training.release.recipe import write_recipe

    prepared = prepare_features(corpora, cache, recipe=recipe.windows, workers=workers)
    write_recipe(prepared.folder, recipe, tables=("windows",))
    for part, summary in prepared.parts.items():
        missing = [name for name, count in summary.windows.items() if not count]
        print(f"{part}: {sum(summary.windows.values())} windows, none of {missing or 'no class'}")


CORPUS = Command(
    "corpus", "build the corpus of packages: fetch, check, render, list", _add_build_options, _build
)
PREPARE = Command(
    "prepare", "compose windows and store their features", _add_prepare_options, _prepare
)
