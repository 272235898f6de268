import json
import shutil
from base64 import b64decode
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="needs the train extra")
pytest.importorskip("jinja2", reason="needs the train extra")
from synthetic_study import CORPUS, OTHER, PNG, SVG, make_study

from timbrescope.training.measures.intervals import Interval
from timbrescope.training.study.evaluate.metrics import read_metrics, write_metrics
from timbrescope.training.study.evaluate.results import Results, collect
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.report.cells import duration, percent_range, points, shown
from timbrescope.training.study.report.corpus import corpus_facts
from timbrescope.training.study.report.facts import ReportError, flat
from timbrescope.training.study.report.figures import read_figures
from timbrescope.training.study.report.report import render, write_report
from timbrescope.training.study.report.summary import headlines, sentences
from timbrescope.training.study.report.table import Estimate

VOID = {"meta", "link", "img", "wbr", "br"}
PARTS = ("corpus", "splits", "models", "evaluation", "figures")


class Page(HTMLParser):
    """Checks that every element is closed where it should be, and gathers what is in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.tags: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "srcset", "action", "data", "poster"):
                self.addresses.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without a beginning"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def words(self) -> str:
        return " ".join(self.text.split())


def assert_stands_alone(page: Page, text: str) -> None:
    """Nothing is fetched: only data in the page, places in the page, files beside it."""
    for address in page.addresses:
        assert address.startswith(("data:", "#", "figures/")), address
    assert "url(" not in text
    assert "@import" not in text
    assert page.tags.isdisjoint({"script", "iframe", "object", "embed"})
    places = [address[1:] for address in page.addresses if address.startswith("#")]
    assert set(places) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return make_study(tmp_path_factory.mktemp("studies") / "Tom & <Jerry>")


@pytest.fixture(scope="module")
def whole_page(whole: StudyFolder) -> Page:
    text = write_report(whole).read_text("utf-8")
    page = Page(text)
    assert_stands_alone(page, text)
    return page


def test_a_whole_study_has_every_section(whole_page: Page) -> None:
    for section in ("summary", "corpus", "splits", "models", "results", "classes", "confusion"):
        assert section in whole_page.ids
    for table in ("overall", "leak-gap", "beside-paper", "cross-corpus", "cross-random-forest"):
        assert f"table-{table}" in whole_page.ids
    for table in ("per-class-f1-random", "per-class-f1-grouped", "calibration", "models"):
        assert f"table-{table}" in whole_page.ids
    assert "no model has been" not in whole_page.text


def test_the_leak_gap_comes_first(whole: StudyFolder, whole_page: Page) -> None:
    words = whole_page.words()
    random, grouped = (
        read_metrics(whole.metrics(split, "mel", "test")).accuracy
        for split in ("random", "grouped")
    )
    said = f"the random split reads {points(round(random - grouped, 6))} points higher"
    assert said in words
    assert words.index(said) < words.index("The corpora")


def test_labels_are_text_and_not_markup(whole_page: Page) -> None:
    assert "Tom & <Jerry>" in whole_page.text
    assert "<b>bold</b> & more" in whole_page.text
    assert "<broken>" in whole_page.text
    assert "jerry" not in whole_page.tags
    assert "b" not in whole_page.tags
    assert "timbrescope-train study samples --out 'a & b'" in whole_page.text


def test_figures_are_in_the_page_and_missing_ones_are_named(
    whole: StudyFolder, whole_page: Page
) -> None:
    pictures = [address for address in whole_page.addresses if address.startswith("data:image")]
    assert len(pictures) == 2
    # Of the drawing and the larger picture of figure 1, the drawing.
    assert pictures[0].startswith("data:image/svg+xml;base64,")
    assert b64decode(pictures[0].partition(",")[2]).decode() == SVG
    words = whole_page.words()
    assert "Not run yet: figures: Grad-CAM of a clip (step figures)" in words
    assert "figures/tsne.html" in whole_page.addresses


def test_the_corpus_is_described(whole_page: Page) -> None:
    words = whole_page.words()
    for table in (
        "corpora",
        "clips",
        "left-out",
        "lengths",
        "levels",
        "near-copies",
        "differences",
    ):
        assert f"table-{table}" in whole_page.ids
    assert "samples: no groups are known: every file is one" in words
    assert "Piano/1 & 2.wav (no <data> chunk); x.wav" in words
    assert "Pairs of groups whose waveforms show one and the same recording: 3; 2 of them" in words
    assert "3,581" in words, "the paper's count of accordion clips"


def test_before_the_exploration_the_clips_are_counted(tmp_path: Path) -> None:
    folder = make_study(tmp_path, steps=("inspect",))
    facts = corpus_facts(folder)
    assert facts is not None
    assert not facts.explored
    (sizes,) = facts.tables
    assert [row[0] for row in sizes.rows] == [CORPUS, OTHER]
    assert facts.per_class.columns == ("class", CORPUS, OTHER)
    assert facts.per_class.rows[0][2] is None, "accordion is not in the other corpus"
    words = Page(render(folder)).words()
    assert "Not run yet: lengths, levels, files left out" in words
    assert "3,581" not in words, "the paper's counts say nothing about another corpus"


def test_classes_that_cannot_be_tested_are_named(whole_page: Page) -> None:
    assert "No clips for test: Violin." in whole_page.words()
    assert "nothing is known of Violin" in whole_page.words()


@pytest.mark.parametrize("run", range(len(PARTS) + 1))
def test_a_study_that_has_come_only_so_far(run: int, tmp_path: Path, whole: StudyFolder) -> None:
    folder = StudyFolder(tmp_path / "study")
    for part in PARTS[:run]:
        shutil.copytree(whole.root / part, folder.root / part)
    text = render(folder, written=date(2025, 3, 1))
    page = Page(text)
    assert_stands_alone(page, text)
    words = page.words()
    assert "2025-03-01" in words
    assert ("the corpora have not been looked at" in words) == (run < 1)
    assert ("the clips have not been divided" in words) == (run < 2)
    assert ("no model has been trained" in words) == (run < 3)
    assert ("no model has been measured" in words) == (run < 4)
    assert ("figures: the interactive t-SNE page" in words) == (run < 5)
    assert "table-overall" in page.ids if run > 3 else "table-overall" not in page.ids


def test_an_empty_study_claims_nothing(tmp_path: Path) -> None:
    page = Page(render(StudyFolder(tmp_path)))
    results = page.words().partition("Results")[2].partition("Words")[0]
    assert "%" not in results.replace("80 %", "")
    assert "table" not in page.tags


def test_why_a_figure_could_not_be_drawn_is_said(tmp_path: Path) -> None:
    folder = make_study(tmp_path, steps=("inspect",))
    why = [{"step": "figures", "what": "fig-09-grad-cam", "reason": "no network <yet>"}]
    folder.problems.write_text(json.dumps(why), "utf-8")
    words = Page(render(folder)).words()
    assert "Not drawn: Grad-CAM of a clip: no network <yet>" in words
    assert "figures: Grad-CAM of a clip" not in words


def test_captions_decide_which_figures_there_are(tmp_path: Path) -> None:
    for name in ("fig-02-waveform", "stale"):
        (tmp_path / f"{name}.png").write_bytes(PNG)
    assert set(read_figures(tmp_path)) == {"fig-02-waveform", "stale"}
    stated = {"fig-02-waveform": {"number": 2, "title": "A waveform", "caption": "Of a flute."}}
    (tmp_path / "captions.json").write_text(json.dumps(stated), "utf-8")
    found = read_figures(tmp_path)
    assert list(found) == ["fig-02-waveform"]
    figure = found["fig-02-waveform"]
    assert (figure.title, figure.caption, figure.number) == ("A waveform", "Of a flute.", 2)


def test_a_figure_of_unknown_name_is_shown_too(tmp_path: Path) -> None:
    folder = make_study(tmp_path, steps=("figures",))
    (folder.figures / "something-else.png").write_bytes(PNG)
    page = Page(render(folder))
    assert "something-else" in page.ids
    assert "further" in page.ids


def test_a_spoilt_file_is_named(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    folder.timings.write_text("{", "utf-8")
    with pytest.raises(ReportError, match=r"timings\.json.*remove it"):
        render(folder)


def with_gap(results: Results, *, random: tuple[float, float, float], grouped: float) -> Results:
    """The mel network's figures with other accuracies; the grouped one is 0.1 uncertain."""
    from dataclasses import replace

    value, low, high = random
    metrics = {}
    for split, accuracy, interval in (
        ("random", value, Interval(low, high)),
        ("grouped", grouped, Interval(grouped - 0.1, grouped + 0.1)),
    ):
        found = results.metrics[split, "mel", "test"]
        intervals = found.intervals | {"accuracy": interval}
        metrics[split, "mel", "test"] = replace(found, accuracy=accuracy, intervals=intervals)
    return Results(metrics, {})


def test_a_clear_gap_is_called_a_leak_and_an_unclear_one_is_not(whole: StudyFolder) -> None:
    results = collect(whole)
    clear = with_gap(results, random=(0.95, 0.93, 0.97), grouped=0.6)
    assert "reads 35.0 points higher than the grouped" in sentences(clear)[0]
    assert "by knowing the recording" in sentences(clear)[0]
    values = [headline.value.replace("\N{NO-BREAK SPACE}", " ") for headline in headlines(clear)]
    assert values == ["95.0 %", "60.0 %", "35.0 points"]
    unclear = with_gap(results, random=(0.65, 0.6, 0.7), grouped=0.6)
    assert "The interval contains 0" in sentences(unclear)[0]
    assert "by knowing the recording" not in sentences(unclear)[0]
    below = with_gap(results, random=(0.5, 0.49, 0.51), grouped=0.8)
    assert "lower than the grouped" in sentences(below)[0]
    assert "30.0 points" in sentences(below)[0]


def test_without_groups_nothing_is_said_of_certainty(tmp_path: Path, whole: StudyFolder) -> None:
    from dataclasses import replace

    folder = StudyFolder(tmp_path)
    for split in ("random", "grouped"):
        found = read_metrics(whole.metrics(split, "mel", "test"))
        path = folder.metrics(split, "mel", "test")
        path.parent.mkdir(parents=True)
        write_metrics(replace(found, intervals={}, note="no confidence intervals"), path)
    said = sentences(collect(folder))[0]
    assert "too few groups" in said
    assert "interval" not in said
    assert "no confidence intervals" in Page(render(folder)).words()


def test_one_split_alone_is_no_statement_about_the_leak(whole: StudyFolder) -> None:
    metrics = {key: found for key, found in collect(whole).metrics.items() if key[0] == "random"}
    said = sentences(Results(metrics, {}))
    assert "measured on one split only" in said[0]
    assert len(headlines(Results(metrics, {}))) == 1


def test_other_corpora_are_in_the_summary(whole: StudyFolder) -> None:
    results = collect(whole)
    assert any(OTHER in headline.label for headline in headlines(results))
    assert any("On recordings that no model was trained on" in text for text in sentences(results))


def test_numbers_are_written_for_readers() -> None:
    assert shown(Estimate(-0.0001, Interval(-0.12, 0.1))).text == "0.000"
    assert shown(Estimate(-0.0001, Interval(-0.12, 0.1))).detail == "−0.120 to 0.100"
    assert shown(12345).text == "12,345"
    assert shown(None).text == "–"
    assert percent_range(None) == ""
    assert [duration(value).split() for value in (3, 600, 7200)] == [
        ["3.0", "s"],
        ["10.0", "min"],
        ["2.0", "h"],
    ]
    nested = {"a": {"b": 1, "c": None}, "d": [1, 2], "e": []}
    assert flat(nested) == {"a.b": "1", "d": "1, 2"}
