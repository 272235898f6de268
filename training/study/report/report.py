"""Writes a study's report: one HTML file that needs nothing beside it but a browser."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from timbrescope.models.catalogue import CNN_NAMES
from timbrescope.training.files import write_text
from timbrescope.training.study import paper
from timbrescope.training.study.evaluate.results import Results, collect, title_of
from timbrescope.training.study.folder import BASELINE, SPLIT_NAMES, StudyFolder
from timbrescope.training.study.report.cells import percent, shown_table
from timbrescope.training.study.report.class_tables import confusions, per_class, weakest_classes
from timbrescope.training.study.report.corpus import corpus_facts
from timbrescope.training.study.report.facts import run_facts, runs_table, split_facts, study_facts
from timbrescope.training.study.report.figures import (
    CURVES,
    Figure,
    confusion_name,
    missing_title,
    read_figures,
)
from timbrescope.training.study.report.summary import headline_model, headlines, sentences
from timbrescope.training.study.report.tables import (
    beside_paper,
    calibration,
    cross_corpus,
    cross_matrix,
    leak_gap,
    overall,
    write_tables,
)

TEMPLATE = "report.html.jinja"
TSNE_PAGE = "tsne.html"
# Figures with a place of their own.
_SINGLE_FIGURES = {
    "fig-01-clips-per-class",
    "fig-04-model",
    "fig-09-grad-cam",
    "explained-representations",
    "fig-10-tsne",
    "leak-gap",
}


def write_report(folder: StudyFolder) -> Path:
    """Write the report of what a study has so far, with its tables as CSV, and return its path.

    Steps that have not been run are named as such.

    Raises
    ------
    ReportError, MetricsError
        If a file of the study is there but cannot be read.
    """
    write_tables(folder)
    text = render(folder)
    write_text(folder.report, text, errors="replace")
    return folder.report


def render(folder: StudyFolder, *, written: date | None = None) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    folder : StudyFolder
    written : date or None
        The day to state; None for today.
    """
    results = collect(folder)
    figures = read_figures(folder.figures)
    study = study_facts(folder)
    reasons = {what: reason for step, what, reason in study.problems.rows if step == "figures"}
    content: dict[str, Any] = {
        "written": (written or date.today()).isoformat(),
        "name": folder.root.resolve().name,
        "citation": paper.CITATION,
        "study": study,
        "corpus": corpus_facts(folder),
        "splits": split_facts(folder),
        "runs": (runs := run_facts(folder)),
        "runs_table": runs_table(runs),
        "headline_title": title_of(headline_model(results) or BASELINE),
        "headlines": headlines(results),
        "sentences": sentences(results),
        "figures": figures,
        "reasons": reasons,
        "tsne_page": f"figures/{TSNE_PAGE}" if (folder.figures / TSNE_PAGE).is_file() else None,
        **_tables(results),
        **_figure_names(results, figures),
    }
    return _environment().get_template(TEMPLATE).render(content)


def _tables(results: Results) -> dict[str, Any]:
    return {
        "overall": overall(results),
        "leak_gap": leak_gap(results),
        "beside_paper": beside_paper(results),
        "weakest": weakest_classes(results),
        "cross_corpus": cross_corpus(results),
        "cross_matrices": [cross_matrix(results, model) for model in results.cross_models],
        "calibration": calibration(results),
        "per_class": [per_class(results, split) for split in results.splits],
        "mistakes": [
            table
            for split in results.splits
            for model in CNN_NAMES
            if (table := confusions(results, split, model))
        ],
    }


def _figure_names(results: Results, figures: dict[str, Figure]) -> dict[str, Any]:
    """Return which figures each section wants; of models and splits without figures none."""
    models = [model for model in results.models if model != BASELINE]
    splits = results.splits or list(SPLIT_NAMES)
    wanted = {
        "network_confusions": _confusions([m for m in models if m in CNN_NAMES], splits),
        "other_confusions": _confusions([m for m in models if m not in CNN_NAMES], splits),
        "curve_names": [f"{name}-{split}" for name in CURVES for split in splits],
        "reliability_names": [f"reliability-{split}" for split in splits],
        "example_names": [
            "fig-02-waveform",
            "fig-03-mel-spectrogram",
            "examples-waveforms",
            "examples-mel",
        ],
    }
    placed = {name for names in wanted.values() for name in names} | _SINGLE_FIGURES
    return wanted | {"further_names": [name for name in figures if name not in placed]}


def _confusions(models: list[str], splits: list[str]) -> list[str]:
    return [confusion_name(model, split) for model in models for split in splits]


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "shown": shown_table,
        "percent": percent,
        "missing_title": missing_title,
    }
    found.filters.update(filters)
    return found
