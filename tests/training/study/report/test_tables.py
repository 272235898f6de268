import csv
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="needs the train extra")
from synthetic_study import CORPUS, OTHER, make_study

from timbrescope.models.catalogue import PAPER_NAMES
from timbrescope.models.instruments import NAMES
from timbrescope.training.measures.intervals import Interval
from timbrescope.training.study import paper
from timbrescope.training.study.evaluate.metrics import MetricsError, measure, write_metrics
from timbrescope.training.study.evaluate.results import Results, collect, title_of
from timbrescope.training.study.folder import BASELINE, StudyFolder
from timbrescope.training.study.report.class_tables import confusions, per_class, weakest_classes
from timbrescope.training.study.report.table import Estimate, Share, Table, write_table
from timbrescope.training.study.report.tables import (
    all_tables,
    beside_paper,
    calibration,
    cross_corpus,
    cross_matrix,
    every_class,
    leak_gap,
    overall,
    write_tables,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return make_study(tmp_path_factory.mktemp("study"), steps=("evaluate",))


@pytest.fixture(scope="module")
def results(folder: StudyFolder) -> Results:
    return collect(folder)


def test_every_figure_of_a_study_is_collected(results: Results) -> None:
    assert len(results.metrics) == 2 * 6 * 2
    assert results.models == [*PAPER_NAMES, BASELINE]
    assert results.other_test_sets == [OTHER]
    assert len(results.cross) == 3 * 2


def test_overall_has_a_row_for_each_model_and_split(results: Results) -> None:
    table = overall(results)
    assert len(table.rows) == 2 * 6
    first = dict(zip(table.columns, table.rows[0], strict=True))
    found = results.metrics["random", "mel", "test"]
    assert first["model"] == title_of("mel")
    assert first["accuracy"] == Estimate(found.accuracy, found.intervals["accuracy"])
    assert first["clips"] == found.n
    assert any("No test clips on the grouped split: Violin" in note for note in table.notes)


def test_the_gap_is_the_random_figure_less_the_grouped(results: Results) -> None:
    table = leak_gap(results)
    assert [row[0] for row in table.rows] == [title_of(m) for m in (*PAPER_NAMES, BASELINE)]
    _, random, grouped, gap = table.rows[0][:4]
    assert isinstance(random, Estimate)
    assert isinstance(grouped, Estimate)
    assert isinstance(gap, Estimate)
    assert gap.value == pytest.approx(random.value - grouped.value)
    assert gap.value > 0.1, "the made-up answers are better on the random split"
    assert gap.interval is not None
    assert gap.interval.low < gap.value < gap.interval.high
    assert gap.interval.low > random.interval.low - grouped.interval.high  # type: ignore[union-attr]


def test_one_split_alone_has_no_gap(results: Results) -> None:
    one = {key: found for key, found in results.metrics.items() if key[0] == "random"}
    assert not leak_gap(Results(one, {}))
    assert overall(Results(one, {}))


def test_the_papers_figures_stand_beside_ours(results: Results) -> None:
    table = beside_paper(results)
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row["accuracy, paper"] == 0.979
    assert row["accuracy, grouped"] == results.metrics["grouped", "mel", "test"].accuracy
    forest = dict(zip(table.columns, table.rows[-1], strict=True))
    assert forest["macro F1, paper"] is None
    weakest = weakest_classes(results)
    assert [row[:2] for row in weakest.rows] == [("Cymbals", 0.58), ("Saxophone", 0.83)]


def test_other_corpora_are_rows_with_both_splits(results: Results) -> None:
    table = cross_corpus(results)
    assert len(table.rows) == 6
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row["tested on"] == OTHER
    assert row["classes"] == 14
    both = [row["accuracy, random"], row["accuracy, grouped"]]
    assert all(isinstance(cell, Estimate) for cell in both)


def test_the_matrix_has_trained_on_as_rows(results: Results) -> None:
    table = cross_matrix(results, "random-forest")
    assert table.columns == ("trained on", CORPUS, OTHER)
    assert len(table.rows) == 1
    assert isinstance(table.rows[0][2], Share)


def test_classes_without_test_clips_are_no_rows(results: Results) -> None:
    assert len(per_class(results, "random").rows) == len(NAMES)
    grouped = per_class(results, "grouped")
    assert "Violin" not in [row[0] for row in grouped.rows]
    assert len(grouped.columns) == 3 + len(PAPER_NAMES)
    figures = results.metrics["grouped", "mel", "test"].per_class["Banjo"]
    assert ("Banjo", figures.support, figures.groups, Share(figures.f1)) in [
        row[:4] for row in grouped.rows
    ]
    assert len(every_class(results).rows) > 12 * 27


def test_mistakes_are_listed_by_their_number(tmp_path: Path) -> None:
    """Three Banjos are called Dobro, one Dobro is called Banjo."""
    banjo, dobro = NAMES.index("Banjo"), NAMES.index("Dobro")
    answered = np.array([dobro, dobro, dobro, banjo, banjo, dobro])
    labels = np.array([banjo] * 4 + [dobro] * 2)
    metrics = measure(np.eye(28)[answered], labels, np.arange(6).astype(str))
    found = Results({("random", "mel", "test"): metrics}, {})
    table = confusions(found, "random", "mel")
    assert table.rows == (("Banjo", "Dobro", 3, Share(0.75)), ("Dobro", "Banjo", 1, Share(0.5)))


def test_calibration_leaves_the_baseline_out(results: Results) -> None:
    table = calibration(results)
    assert len(table.rows) == 2 * 5 * 2
    assert {row[2] for row in table.rows} == {"own test part", OTHER}


def test_tables_are_written_as_csv(folder: StudyFolder, results: Results) -> None:
    written = {path.name: path for path in write_tables(folder)}
    assert len(written) == len(all_tables(results))
    with written["overall.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = results.metrics["random", "mel", "test"]
    assert float(rows[0]["accuracy"]) == found.accuracy
    assert float(rows[0]["accuracy (low)"]) == found.intervals["accuracy"].low
    assert rows[0]["ECE"] == str(found.ece)
    assert "ECE (low)" not in rows[0]
    with written["beside-paper.csv"].open(encoding="utf-8", newline="") as file:
        forest = list(csv.DictReader(file))[-1]
    assert forest["macro F1, paper"] == ""


def test_csv_of_every_kind_of_cell(tmp_path: Path) -> None:
    rows = (
        ("a, b", 1, Estimate(0.5, Interval(0.4, 0.6))),
        ("c", None, Estimate(0.7)),
        ("d", Share(0.25), None),
    )
    path = write_table(Table("t", "", ("x", "y", "z"), rows), tmp_path)
    assert path.read_text("utf-8").splitlines() == [
        "x,y,z,z (low),z (high)",
        '"a, b",1,0.5,0.4,0.6',
        "c,,0.7,,",
        "d,0.25,,,",
    ]


def test_a_study_without_figures_has_no_tables(tmp_path: Path) -> None:
    empty = collect(StudyFolder(tmp_path))
    assert all_tables(empty) == []
    assert empty.models == empty.splits == empty.other_test_sets == empty.cross_models == []


def test_a_spoilt_file_of_figures_is_named(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    path = folder.metrics("random", "mel", "test")
    path.parent.mkdir(parents=True)
    metrics = measure(np.eye(28)[[1, 2]], np.array([1, 2]), np.array(["a", "b"]))
    write_metrics(metrics, path)
    assert collect(folder).own("random", "mel") == metrics
    path.write_text(path.read_text("utf-8").replace("accuracy", "precision"), "utf-8")
    with pytest.raises(MetricsError, match=r"test\.json"):
        collect(folder)


def test_the_papers_constants_are_complete() -> None:
    assert set(paper.FIGURES) == set(PAPER_NAMES)
    assert set(paper.WEAKEST_PRECISION) <= set(NAMES)
