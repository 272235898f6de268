"""What a report states beside figures of merit: splits, runs, settings, times, problems."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timbrescope.models.artefact import sidecar_path
from timbrescope.models.catalogue import PAPER_NAMES
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.study.evaluate.results import title_of
from timbrescope.training.study.folder import PART_NAMES, SPLIT_NAMES, StudyFolder
from timbrescope.training.study.report.cells import duration
from timbrescope.training.study.report.table import Cell, Table

FIT_FILE = "fit.json"
# What ended a network's training, as its summary says and as a reader understands it.
_STOPPED_BY = {
    "patience": "early stopping",
    "epochs": "most epochs allowed",
    "time": "time limit",
}
# What the models' table has a column for, or other tables say better.
_SHOWN_ELSEWHERE = {
    *("settings", "kind", "epochs", "best_epoch", "stopped_by", "minutes", "seconds"),
    *("train_windows", "validation"),
}


class ReportError(TimbrescopeError):
    """A file of a study cannot be read for its report."""


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, None if there is no such file.

    Raises
    ------
    ReportError
        If the file is there but cannot be read.
    """
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(
            f"cannot read {path}: {error}; remove it and run the step that writes it again"
        ) from error


def flat(values: Mapping[str, Any], *, before: str = "") -> dict[str, str]:
    """Return nested settings as text by dotted name; empty ones are left out."""
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(value, before=f"{before}{name}.")
        elif isinstance(value, list | tuple):
            if value:
                found[before + name] = ", ".join(str(entry) for entry in value)
        elif value is not None:
            found[before + name] = str(value)
    return found


@dataclass(frozen=True)
class SplitFacts:
    """One split: its sizes, and the classes that some parts lack."""

    name: str
    identity: str
    sizes: Table
    lacks: tuple[tuple[str, str], ...]


def split_facts(folder: StudyFolder) -> list[SplitFacts]:
    """Return the splits that have been made."""
    found = []
    for name in SPLIT_NAMES:
        stated = read_json(folder.split_summary(name))
        if stated is not None:
            found.append(_one_split(name, stated))
    return found


def _one_split(name: str, stated: Mapping[str, Any]) -> SplitFacts:
    parts = [(part, stated[part]) for part in PART_NAMES if part in stated]
    rows: list[tuple[Cell, ...]] = [
        (
            part,
            of_part.get("clips"),
            of_part.get("groups"),
            sum(1 for count in of_part.get("per_class", {}).values() if count),
        )
        for part, of_part in parts
    ]
    sizes = Table(
        f"split-{name}",
        f"The {name} split",
        ("part", "clips", "groups", "classes"),
        tuple(rows),
    )
    lacks = tuple(
        (part, ", ".join(of_part["lacks"])) for part, of_part in parts if of_part.get("lacks")
    )
    return SplitFacts(name, str(stated.get("identity", "")), sizes, lacks)


@dataclass(frozen=True)
class RunFacts:
    """One trained model: a row of the models' table and its settings."""

    title: str
    split: str
    row: tuple[Cell, ...]
    settings: tuple[tuple[str, str], ...]


RUN_COLUMNS = (
    "model",
    "split",
    "clips",
    "epochs",
    "best epoch",
    "stopped by",
    "training time",
    "temperature",
)


def run_facts(folder: StudyFolder) -> list[RunFacts]:
    """Return the models that have been trained, by split."""
    found = []
    for split in SPLIT_NAMES:
        for model in PAPER_NAMES:
            fit = read_json(folder.run(split, model) / FIT_FILE)
            sidecar = read_json(sidecar_path(folder.onnx(split, model)))
            if fit is not None:
                found.append(_one_run(split, model, fit, sidecar or {}))
    return found


def _one_run(
    split: str, model: str, fit: Mapping[str, Any], sidecar: Mapping[str, Any]
) -> RunFacts:
    settings = fit.get("settings", {})
    row: tuple[Cell, ...] = (
        title_of(model),
        split,
        fit.get("train_windows", settings.get("windows")),
        fit.get("epochs"),
        fit.get("best_epoch"),
        _STOPPED_BY.get(str(fit.get("stopped_by")), fit.get("stopped_by")),
        _time_of(fit),
        sidecar.get("temperature"),
    )
    others = {name: value for name, value in fit.items() if name not in _SHOWN_ELSEWHERE}
    return RunFacts(title_of(model), split, row, tuple(flat({**settings, **others}).items()))


def _time_of(fit: Mapping[str, Any]) -> str | None:
    if "seconds" in fit:
        return duration(float(fit["seconds"]))
    return duration(60 * float(fit["minutes"])) if "minutes" in fit else None


def runs_table(runs: list[RunFacts]) -> Table:
    """Return the trained models as a table."""
    return Table("models", "The trained models", RUN_COLUMNS, tuple(run.row for run in runs))


@dataclass(frozen=True)
class StudyFacts:
    """Settings, versions, the command that repeats the study, times by step, and problems."""

    command: str | None
    settings: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str], ...]
    problems: Table


def study_facts(folder: StudyFolder) -> StudyFacts:
    """Return what a study states of itself; what is not there is empty."""
    stated = dict(read_json(folder.settings) or {})
    # Where things lie on somebody's machine is nobody else's business.
    for key in ("corpora", "tests"):
        words = map(Path, stated.get(key, ()))
        stated[key] = [path.name if path.is_absolute() else str(path) for path in words]
    command = stated.pop("command", None)
    versions = flat(stated.pop("versions", {}))
    timings = read_json(folder.timings) or {}
    rows = tuple(
        (str(row.get("step", "")), str(row.get("what", "")), str(row.get("reason", "")))
        for row in read_json(folder.problems) or []
    )
    return StudyFacts(
        command=command,
        settings=tuple(flat(stated).items()),
        versions=tuple(versions.items()),
        timings=tuple((step, duration(float(seconds))) for step, seconds in timings.items()),
        problems=Table("problems", "What could not be made", ("step", "what", "reason"), rows),
    )
