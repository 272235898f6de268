"""The table of experiments, as documents take it over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from timbrescope.models.instruments import NAMES
from timbrescope.training.experiments.catalogue import BASELINE, Experiment
from timbrescope.training.files import write_text
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.windows.background import WINDOWS_OF_KIND

TABLE_FILE = "table.md"
HEAD = (
    "| Experiment | Changed | Compared with | Held-out groups: top-1 [95 %] | Difference "
    "| Macro recall | Dev files: top-1 | Macro recall | Top-3 |"
)


def write_table(
    experiments: Mapping[str, Experiment],
    results: Mapping[str, Mapping[str, Any]],
    *,
    command: str,
    folder: Path,
) -> Path:
    """Write what was found, experiments without a result left out, and return the file.

    Parameters
    ----------
    experiments : mapping
        By name, in the order of the table.
    results : mapping
        By name, from `training.experiments.run`.
    command : str
        That repeats it.
    folder : Path
        That gets `TABLE_FILE`: the working folder, not the repository, whose document says
        more than one run can and is of one corpus.
    """
    rows = [
        _row(experiment, results)
        for name, experiment in experiments.items()
        if name in results and experiment.against in results
    ]
    path = folder / TABLE_FILE
    write_text(path, "\n".join([*_introduction(results[BASELINE], command), *rows, ""]))
    return path


def _introduction(baseline: Mapping[str, Any], command: str) -> list[str]:
    recipe, settings = baseline["recipe"], baseline["settings"]
    return [
        "# Experiments",
        "",
        "One thing changed at a time. Every network is trained in the same way for as many",
        f"epochs ({settings['epochs']}, of {recipe['per_class']} windows a class, "
        f"{recipe['variants']} degraded variants each, taken",
        "in turn), far shorter than the shipped ones. Labels alone have no use for the unlabelled",
        f"music, so that epochs without a teacher are {_music_share():.0%} shorter. "
        "All are measured on the same windows of",
        f"held-out groups ({baseline['validation']['n']} windows, performances with all",
        "augmentation, no group of which is trained on). Intervals come from resampling whole",
        f"groups. The {baseline['dev']['n']} dev files are of other sources altogether; they are",
        "measured, and nothing was chosen by a single one of them. One run each: differences of",
        "a point or two are chance.",
        "",
        f"    {command}",
        "",
        HEAD,
        "|---|---|---|---|---|---|---|---|---|",
    ]


def _music_share() -> float:
    return WINDOWS_OF_KIND[UNLABELLED_KIND] / (len(NAMES) + sum(WINDOWS_OF_KIND.values()))


def _row(experiment: Experiment, results: Mapping[str, Mapping[str, Any]]) -> str:
    held_out, dev = (results[experiment.name][part] for part in ("validation", "dev"))
    reference = results[experiment.against]["validation"]["accuracy"]
    itself = experiment.name == experiment.against
    difference = "—" if itself else f"{100 * (held_out['accuracy'] - reference):+.1f}"
    interval = f"[{_percent(held_out['low'])}, {_percent(held_out['high'])}]"
    cells = (
        experiment.name,
        experiment.question if itself else f"{experiment.changed}: {experiment.question}",
        "—" if itself else experiment.against,
        f"{_percent(held_out['accuracy'])} {interval}",
        difference,
        _percent(held_out["macro_recall"]),
        _percent(dev["accuracy"]),
        _percent(dev["macro_recall"]),
        _percent(dev["top3"]),
    )
    return f"| {' | '.join(cells)} |"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
