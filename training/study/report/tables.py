"""The tables of a study: overall, leak gap, across corpora, per class, beside the paper's."""

from collections.abc import Iterator
from pathlib import Path

from timbrescope.training.measures.intervals import difference_interval
from timbrescope.training.study import paper
from timbrescope.training.study.evaluate.records import Metrics
from timbrescope.training.study.evaluate.results import Results, collect, title_of
from timbrescope.training.study.folder import BASELINE, OWN_TEST, StudyFolder
from timbrescope.training.study.report.class_tables import (
    confusions,
    every_class,
    per_class,
    weakest_classes,
)
from timbrescope.training.study.report.table import Cell, Estimate, Share, Table, write_table

# The figures that have an interval, as a table's columns name them.
_FIGURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "macro_recall": "macro recall",
    "top3": "top-3",
}


def estimate(metrics: Metrics, figure: str) -> Estimate:
    """Return one of the figures that have an interval."""
    return Estimate(getattr(metrics, figure), metrics.intervals.get(figure))


def overall(results: Results) -> Table:
    """Return every model on the test part of its own split."""
    rows = []
    for split in results.splits:
        for model in results.models:
            found = results.own(split, model)
            if found is not None:
                rows.append((title_of(model), split, *_overall_cells(found)))
    others = ("weighted F1", "ECE", "NLL", "clips", "groups", "classes")
    return Table(
        "overall",
        "Every model on the test part of its own split",
        ("model", "split", *_FIGURES.values(), *others),
        tuple(rows),
        _absences(results),
    )


def _overall_cells(found: Metrics) -> Iterator[Cell]:
    yield from (estimate(found, figure) for figure in _FIGURES)
    yield from (found.weighted_f1, found.ece, found.nll)
    yield from (found.n, found.groups, found.classes)


def _absences(results: Results) -> tuple[str, ...]:
    """Say once for every split and test set which classes have no test clip, and of intervals."""
    said: dict[str, None] = {}
    for (split, _, test_set), found in results.metrics.items():
        if test_set == OWN_TEST:
            if found.absent:
                said[f"No test clips on the {split} split: {', '.join(found.absent)}."] = None
            said[f"On the {split} split: {found.note}."] = None
    return tuple(said)


def leak_gap(results: Results) -> Table:
    """Return what each model loses when no recording is on two sides of the split."""
    rows = []
    for model in results.models:
        random, grouped = results.own("random", model), results.own("grouped", model)
        if random is not None and grouped is not None:
            cells: list[Cell] = [title_of(model)]
            for figure in ("accuracy", "macro_f1"):
                cells += [estimate(random, figure), estimate(grouped, figure)]
                cells.append(gap(random, grouped, figure))
            rows.append(tuple(cells))
    columns = tuple(
        f"{_FIGURES[figure]}, {which}"
        for figure in ("accuracy", "macro_f1")
        for which in ("random", "grouped", "gap")
    )
    notes = (
        "Gap = random minus grouped; its interval takes the two test parts as independent, which "
        "is on the wide side.",
    )
    caption = "The leak gap: the same model on the random and on the grouped split"
    return Table("leak-gap", caption, ("model", *columns), tuple(rows), notes)


def gap(random: Metrics, grouped: Metrics, figure: str) -> Estimate:
    """Return how much better a figure is on the random split."""
    first, second = estimate(random, figure), estimate(grouped, figure)
    value = round(first.value - second.value, 6)
    if first.interval is None or second.interval is None:
        return Estimate(value)
    return Estimate(
        value, difference_interval(first.value, first.interval, second.value, second.interval)
    )


def beside_paper(results: Results) -> Table:
    """Return the paper's figures and ours, model by model."""
    rows = []
    for model, stated in paper.FIGURES.items():
        random, grouped = results.own("random", model), results.own("grouped", model)
        if random is None and grouped is None:
            continue
        cells: list[Cell] = [title_of(model)]
        for figure in ("accuracy", "macro_f1", "weighted_f1"):
            cells.append(getattr(stated, figure))
            cells += [getattr(found, figure) if found else None for found in (random, grouped)]
        rows.append(tuple(cells))
    columns = tuple(
        f"{figure}, {whose}"
        for figure in ("accuracy", "macro F1", "weighted F1")
        for whose in ("paper", "random", "grouped")
    )
    notes = (
        f"The paper’s figures are on a random split of its {paper.CLIPS:,} clips; ours are on "
        "this study’s corpus. They compare only where that is the same one.",
    )
    caption = "The paper’s figures and this study’s"
    return Table("beside-paper", caption, ("model", *columns), tuple(rows), notes)


def cross_corpus(results: Results) -> Table:
    """Return every model on corpora that it was not trained on, by the split it trained on."""
    rows = []
    for test_set in results.other_test_sets:
        for model in results.models:
            pair = [results.metrics.get((s, model, test_set)) for s in ("random", "grouped")]
            some = next((found for found in pair if found), None)
            if some is not None:
                cells: list[Cell] = [test_set, title_of(model)]
                for figure in ("accuracy", "macro_f1", "top3"):
                    cells += [estimate(found, figure) if found else None for found in pair]
                rows.append((*cells, some.n, some.groups, some.classes))
    columns = tuple(
        f"{_FIGURES[figure]}, {split}"
        for figure in ("accuracy", "macro_f1", "top3")
        for split in ("random", "grouped")
    )
    return Table(
        "cross-corpus",
        "Models on corpora they were not trained on, by the split on which they were trained",
        ("tested on", "model", *columns, "clips", "groups", "classes"),
        tuple(rows),
    )


def cross_matrix(results: Results, model: str) -> Table:
    """Return one model's accuracy, trained on each corpus (rows), tested on each (columns)."""
    pairs = {key[1:]: found for key, found in results.cross.items() if key[0] == model}
    trained = sorted({first for first, _ in pairs})
    # Corpora that are only tested on come last.
    tested = trained + sorted({second for _, second in pairs} - set(trained))
    rows = tuple(
        (one, *(Share(pairs[one, o].accuracy) if (one, o) in pairs else None for o in tested))
        for one in trained
    )
    return Table(
        f"cross-{model}",
        f"{title_of(model)}: accuracy, trained on the row's corpus and tested on the column's",
        ("trained on", *tested),
        rows,
        ("On the diagonal a grouped split within the corpus is tested.",),
    )


def calibration(results: Results) -> Table:
    """Return how far confidence can be believed, without and with the fitted temperature."""
    rows = tuple(
        (
            title_of(model),
            split,
            "own test part" if test_set == OWN_TEST else test_set,
            found.temperature,
            *(found.uncalibrated_ece, found.ece, found.uncalibrated_nll, found.nll),
        )
        for (split, model, test_set), found in results.metrics.items()
        if model != BASELINE
    )
    columns = ("model", "split", "tested on", "temperature")
    return Table(
        "calibration",
        "Calibration error (ECE) and negative log-likelihood (NLL), without and with temperature",
        (*columns, "ECE without", "ECE", "NLL without", "NLL"),
        rows,
        ("ECE over 15 bins of equal width. The temperature was fitted on validation clips.",),
    )


def all_tables(results: Results) -> list[Table]:
    """Return every table that has a row."""
    listed = [
        overall(results),
        leak_gap(results),
        beside_paper(results),
        weakest_classes(results),
        cross_corpus(results),
        calibration(results),
        every_class(results),
        *(cross_matrix(results, model) for model in results.cross_models),
        *(per_class(results, split) for split in results.splits),
        *(confusions(results, s, m) for s in results.splits for m in results.models),
    ]
    return [table for table in listed if table]


def tables_folder(folder: StudyFolder) -> Path:
    """Return where the CSV files of a study's tables lie."""
    return folder.root / "tables"


def write_tables(folder: StudyFolder) -> list[Path]:
    """Write all tables that a study has figures for as CSV files, and return these.

    Raises
    ------
    MetricsError
        If a file of figures cannot be read.
    """
    return [write_table(table, tables_folder(folder)) for table in all_tables(collect(folder))]
