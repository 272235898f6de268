"""The command ``timbrescope-train experiments``."""

import argparse
from pathlib import Path

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.experiments.catalogue import BASELINE, Experiment, experiments
from timbrescope.training.experiments.run import run_experiments
from timbrescope.training.experiments.table import write_table
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.windows.recipe import recipe_of


class ExperimentError(TimbrescopeError):
    """An experiment that is asked for cannot be run."""


def run_command(options: argparse.Namespace) -> Path:
    """Run the chosen experiments, all that they are compared with, and write the table.

    Raises
    ------
    ExperimentError
        If there is no teacher, or no experiment of a name that is asked for.
    """
    if options.teacher is None:
        raise ExperimentError("the experiments compare with and without a teacher; give --teacher")
    known = experiments(recipe=recipe_of(options), settings=_settings(options))
    results = run_experiments(
        _chosen(known, options.only),
        baseline=known[BASELINE],
        corpora=options.corpus,
        cache_dir=options.cache,
        dev=options.corpus[0],
        workers=options.workers,
    )
    command = (
        "timbrescope-train experiments --corpus MANIFEST --teacher FOLDER "
        f"--per-class {options.per_class} --validation-per-class {options.validation_per_class} "
        f"--variants {options.variants} --epochs {options.epochs} --precision {options.precision}"
    )
    return write_table(known, results, command=command)


def _settings(options: argparse.Namespace) -> FlagshipSettings:
    return FlagshipSettings(epochs=options.epochs, precision=options.precision)


def _chosen(known: dict[str, Experiment], names: tuple[str, ...]) -> list[Experiment]:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ExperimentError(
            f"there is no experiment {unknown[0]!r}; known are {', '.join(known)}"
        )
    wanted = set(names or known) | {BASELINE}
    wanted |= {known[name].against for name in wanted}
    return [experiment for name, experiment in known.items() if name in wanted]
