"""The command ``experiments``: one thing changed at a time, and the table of what it did."""

import argparse
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.commands.shared import (
    PROGRAM,
    Command,
    add_cache,
    add_corpora,
    add_recipe,
    add_workers,
    check_corpora,
    chosen_recipe,
    need,
)

if TYPE_CHECKING:
    from timbrescope.training.experiments.catalogue import Experiment


class ExperimentError(TimbrescopeError):
    """An experiment that is asked for cannot be run."""


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_corpora(parser)
    add_recipe(parser)
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="NAME", help="only these experiments (all)"
    )
    add_workers(parser)
    add_cache(parser)


def _run(options: argparse.Namespace) -> int:
    """Run the chosen experiments, all that they are compared with, and write the table.

    Raises
    ------
    ExperimentError
        If there is no teacher, or no experiment of a name that is asked for.
    """
    check_corpora(options.corpus)
    need("tensorflow", "sklearn", "msgspec", "tomli_w")
    from timbrescope.training.experiments.catalogue import BASELINE, RECIPE, experiments
    from timbrescope.training.experiments.run import run_experiments
    from timbrescope.training.experiments.table import write_table

    recipe = chosen_recipe(options, RECIPE, used=("windows", "flagship"))
    if recipe.windows.teacher is None:
        raise ExperimentError("the experiments compare with and without a teacher; give --teacher")
    known = experiments(recipe=recipe.windows, settings=recipe.flagship)
    chosen = chosen_experiments(known, options.only)
    results = run_experiments(
        chosen,
        baseline=known[BASELINE],
        corpora=options.corpus,
        cache_dir=options.cache,
        dev=options.corpus[0],
        workers=options.workers,
    )
    print(f"written: {write_table(known, results, command=_command(options))}")
    return 0


def _command(options: argparse.Namespace) -> str:
    """Return what repeats the table, without the paths of this machine."""
    words = [PROGRAM, "experiments", "--corpus", "MANIFEST", "--teacher", "FOLDER"]
    if options.recipe is not None:
        words += ["--recipe", options.recipe.name]
    for change in options.changes:
        words += ["--set", change]
    return shlex.join(words)


def chosen_experiments(
    known: Mapping[str, "Experiment"], names: Iterable[str]
) -> list["Experiment"]:
    """Return the named experiments, or all, with those that they are compared with.

    Raises
    ------
    ExperimentError
        If there is none of a name.
    """
    from timbrescope.training.experiments.catalogue import BASELINE

    asked = list(names)
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise ExperimentError(
            f"there is no experiment {unknown[0]!r}; known are {', '.join(known)}"
        )
    wanted = set(asked or known) | {BASELINE}
    wanted |= {known[name].against for name in wanted}
    return [experiment for name, experiment in known.items() if name in wanted]


EXPERIMENTS = Command(
    "experiments",
    "controlled comparisons on held-out groups, written as a table",
    _add_options,
    _run,
)
