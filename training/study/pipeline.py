"""The whole study: its steps in their order, each of which picks up what exists."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from time import monotonic

import numpy as np

from timbrescope.training.files import write_json
from timbrescope.training.study.study import Study, command_line, versions

Work = Callable[[Study], None]


def _inspect(study: Study) -> None:
    from timbrescope.training.study.steps.corpus import inspect_corpora

    inspect_corpora(study)


def _extract(study: Study) -> None:
    from timbrescope.training.study.steps.corpus import extract_features

    extract_features(study)


def _explore(study: Study) -> None:
    from timbrescope.training.study.steps.corpus import explore_corpora

    explore_corpora(study)


def _split(study: Study) -> None:
    from timbrescope.training.study.steps.corpus import split_clips

    split_clips(study)


def _train(study: Study) -> None:
    from timbrescope.training.study.steps.models import train

    train(study)


def _evaluate(study: Study) -> None:
    from timbrescope.training.study.steps.models import evaluate

    evaluate(study)


def _figures(study: Study) -> None:
    """Draw the figures whose inputs have changed, and say which could not be drawn."""
    from timbrescope.training.study.figures import draw_figures

    clips = study.training_clips()
    vectors = np.asarray(study.store.table(clips, kind="mean")[slice(None)], dtype=np.float32)
    for drawn in draw_figures(study.folder, clips=clips, vectors=vectors):
        if drawn.reason:
            study.note_problem("figures", what=drawn.name, reason=drawn.reason)


def _report(study: Study) -> None:
    """Write the report from everything that is there."""
    from timbrescope.training.study.report.report import write_report

    study.say(f"  written: {write_report(study.folder)}")


# Each imports what it needs when it runs, so that a report can be written without TensorFlow.
STEPS: Mapping[str, Work] = {
    "inspect": _inspect,
    "extract": _extract,
    "explore": _explore,
    "split": _split,
    "train": _train,
    "evaluate": _evaluate,
    "figures": _figures,
    "report": _report,
}


def run_study(study: Study, *, steps: Collection[str] = tuple(STEPS)) -> None:
    """Run the chosen steps, always in the order of `STEPS`.

    Raises
    ------
    TimbrescopeError
        If a step cannot do its work; what earlier steps made is kept.
    """
    _state(study)
    for name, work in STEPS.items():
        if name not in steps:
            continue
        study.say(f"{name}")
        study.forget_problems(name)
        began_s = monotonic()
        try:
            work(study)
        finally:
            study.add_time(name, monotonic() - began_s)


def _state(study: Study) -> None:
    """Write what is asked and what it runs on, for the report and for going on."""
    stated = asdict(study.settings)
    command = command_line(study.settings, study.folder.root)
    write_json(study.folder.settings, {**stated, "versions": versions(), "command": command})
