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
    add_teacher,
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
    add_teacher(parser)
    add_recipe(parser)
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="NAME", help="only these experiments (all)"
    )
    parser.add_argument(
        "--frozen",
        action="store_true",
        help="compare parts of the windows that are prepared, by heads on the published trunk; "
        "the table is printed",
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
    if options.frozen:
        return _compare_material(options)
    from timbrescope.training.experiments.catalogue import BASELINE, RECIPE, experiments
    from timbrescope.training.experiments.run import EXPERIMENTS_FOLDER, run_experiments
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
    folder = options.cache / EXPERIMENTS_FOLDER
    written = write_table(known, results, command=_command(options), folder=folder)
    print(f"written: {written}")
    return 0


def _compare_material(options: argparse.Namespace) -> int:
    """Compare parts of the windows that are prepared and print the table.

    Raises
    ------
    ExperimentError
        If there is no comparison of a name that is asked for.
    """
    from timbrescope.training.experiments.material import choices, compare_material, table
    from timbrescope.training.features.cache import current_folder
    from timbrescope.training.features.prepare import gather
    from timbrescope.training.packages.pinned_trunk import fetch_trunk

    recipe = chosen_recipe(options, used=("flagship",))
    of_packages = {recording.group for recording in gather([], options.cache)}
    known = choices(gather(options.corpus, options.cache), of_packages=of_packages)
    _require_known(options.only, known)
    found = compare_material(
        current_folder(options.cache),
        trunk=fetch_trunk(options.cache),
        settings=recipe.flagship,
        chosen={name: known[name] for name in options.only or known},
    )
    print(table(found))
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
    _require_known(asked, known)
    wanted = set(asked or known) | {BASELINE}
    wanted |= {known[name].against for name in wanted}
    return [experiment for name, experiment in known.items() if name in wanted]


def _require_known(names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise ExperimentError(f"there is no experiment {name!r}; known are {', '.join(known)}")


EXPERIMENTS = Command(
    "experiments",
    "controlled comparisons on held-out groups, as a table in the working folder",
    _add_options,
    _run,
)
