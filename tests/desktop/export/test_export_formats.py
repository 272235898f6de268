"""What is exported, read by readers that are not ours."""

import csv
import itertools
import json
import random
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from view_doubles import make_error, make_result, make_window, probabilities_of

from timbrescope.desktop.commands.classify_table import table_row
from timbrescope.desktop.engine.file_messages import FileResult, FileWindow
from timbrescope.desktop.export.formats import (
    AUDACITY,
    CSV,
    FORMATS,
    JSON_LINES,
    RAVEN,
    write_results,
)
from timbrescope.desktop.export.kept_list import count_list, read_list, write_list
from timbrescope.desktop.export.pictures import png
from timbrescope.desktop.export.report import html_report
from timbrescope.desktop.export.segments import segments_of, telling_window
from timbrescope.models.analysis import Doubt, Reason, State
from timbrescope.models.errors import ExportError
from timbrescope.models.instruments import NAMES

STATES = [State.INSTRUMENT, State.NOT_SURE, State.QUIET]


def results() -> list[FileResult]:
    mixed = (
        make_window(0.0, p=0.8),
        make_window(3.0, p=0.6),
        make_window(6.0, State.QUIET),
        make_window(9.0, State.NOT_SURE, p=0.4),
        make_window(12.0, name="Flute", p=0.7),
    )
    return [
        make_result(Path("/music/duo, à 日本.wav"), windows=mixed),
        make_result(Path("/music/unsure.wav"), state=State.NOT_SURE),
        make_error(Path("/music/cut.mp3"), "cut.mp3 is truncated"),
    ]


def test_csv_is_read_by_pythons_reader_and_by_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    write_results(results(), path, CSV)
    # Without this mark Excel takes UTF-8 for the system's own encoding.
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    good, unsure, bad = rows
    assert good["path"] == "/music/duo, à 日本.wav"
    assert good["instrument"] == "Violin"
    assert float(good["probability"]) == pytest.approx(0.9)
    assert float(good["Violin"]) == pytest.approx(0.9)
    assert good["segments"].split("; ")[0] == "0.0-6.0 Violin"
    assert good["segments"].split("; ")[-1] == "12.0-15.0 Flute"
    assert (unsure["instrument"], unsure["not_sure_of"]) == ("", "Violin")
    assert (bad["status"], bad["error"]) == ("error", "cut.mp3 is truncated")
    assert {bad[name] for name in NAMES} == {""}
    assert all(None not in row for row in rows)


def torn(start_s: float = 0.0, p: float = 0.4) -> FileWindow:
    likely = (("Violin", p), ("Flute", 0.3))
    doubt = Doubt(Reason.UNLIKELY, p, 0.6)
    return make_window(start_s, State.NOT_SURE, p=p, likely=likely, doubt=doubt)


def perhaps_none(start_s: float = 0.0) -> FileWindow:
    likely = (("Violin", 0.86), ("Flute", 0.02))
    doubt = Doubt(Reason.PERHAPS_NONE, 0.1, 0.024)
    return make_window(start_s, State.NOT_SURE, p=0.86, likely=likely, doubt=doubt)


def unsure() -> FileResult:
    made = make_result(
        Path("/music/unsure.wav"),
        windows=(torn(), torn(3.0, 0.5), perhaps_none(6.0)),
        state=State.NOT_SURE,
    )
    shares = probabilities_of(Violin=0.86, Flute=0.02)
    return replace(made, probabilities=shares, doubt=Doubt(Reason.PERHAPS_NONE, 0.1, 0.024))


def test_every_format_says_why_it_is_not_sure(tmp_path: Path) -> None:
    found = {}
    for wanted in (CSV, JSON_LINES, AUDACITY, RAVEN):
        write_results([unsure()], tmp_path / wanted.name, wanted)
        found[wanted] = (tmp_path / wanted.name).read_text(wanted.encoding)
    (row,) = csv.DictReader(found[CSV].splitlines())
    assert (row["not_sure_of"], row["doubt"]) == ("Violin", "perhaps none of the 28")
    assert (float(row["doubt_found"]), float(row["doubt_needed"])) == (0.1, 0.024)
    assert row["segments"] == "0.0-6.0 not sure: Violin?; 6.0-9.0 not sure: Violin?"
    record = json.loads(found[JSON_LINES])
    assert record["doubt"] == {"reason": "perhaps none of the 28", "found": 0.1, "needed": 0.024}
    first = record["windows"][0]
    assert first["likely"] == {"Violin": 0.4, "Flute": 0.3}
    assert first["doubt"]["reason"] == "no instrument is likely enough"
    # Neighbours with one reason are one label, with the mean of what was found.
    assert [line.split("\t")[2] for line in found[AUDACITY].splitlines()] == [
        "not sure: Violin? 45%, a name needs 60%",
        "not sure: Violin? 86%, perhaps none of the 28 (10%; a name needs less than 2%)",
    ]
    rows = list(csv.DictReader(found[RAVEN].splitlines(), delimiter="\t"))
    assert [(each["Not Sure Of"], each["Doubt"]) for each in rows] == [
        ("Violin", "a name needs 60%"),
        ("Violin", "perhaps none of the 28 (10%; a name needs less than 2%)"),
    ]


def test_report_and_table_say_why_they_are_not_sure() -> None:
    page = Page("".join(html_report([unsure()])))
    assert "Not sure: Violin?" in page.text
    assert "Violin 86%, but perhaps none of the 28 (10%; a name needs less than 2%)" in page.text
    assert "0:06.0-0:09.0: not sure: Violin? 86%, perhaps none of the 28" in page.text
    row = table_row(unsure())
    assert row.startswith("not sure: Violin?")
    assert row.endswith("[perhaps none of the 28 (10%; a name needs less than 2%)]")
    none = replace(unsure(), state=State.NONE_OF_THEM, doubt=Doubt(Reason.PERHAPS_NONE, 0.7, 0.024))
    assert table_row(none).split()[:5] == ["none", "of", "the", "28", "70.0%"]
    assert "None of the 28 70%" in Page("".join(html_report([none]))).text


def test_what_is_held_to_be_none_of_the_28_has_a_column_and_a_key(tmp_path: Path) -> None:
    doubtful = replace(results()[1], probabilities=0.7 * probabilities_of(Violin=0.5))
    quiet = make_result(Path("/music/quiet.wav"), state=State.QUIET)
    told = [doubtful, quiet, make_error(Path("/music/cut.mp3"), "cut.mp3 is truncated")]
    table, lines = tmp_path / "results.csv", tmp_path / "results.jsonl"
    write_results(told, table, CSV)
    write_results(told, lines, JSON_LINES)
    with table.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["none_of_the_28"] for row in csv.DictReader(file)]
    records = [json.loads(line) for line in lines.read_text("ascii").splitlines()]
    assert float(cells[0]) == pytest.approx(0.3, abs=1e-5)
    assert records[0]["none_of_the_28"] == pytest.approx(0.3, abs=1e-5)
    assert cells[1:] == ["", ""]
    assert [record["none_of_the_28"] for record in records[1:]] == [None, None]


@pytest.mark.parametrize("name", ["=1+1.wav", "@SUM(A1).wav", "-2.wav", "+x.wav"])
def test_no_name_becomes_a_formula(tmp_path: Path, name: str) -> None:
    path = tmp_path / "results.csv"
    write_results([make_result(Path(name))], path, CSV)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["path"] == f"./{name}"


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write_results(results(), path, JSON_LINES)
    records = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    assert [record["status"] for record in records] == ["ok", "ok", "error"]
    assert records[0]["path"] == "/music/duo, à 日本.wav"
    assert list(records[0]["probabilities"]) == list(NAMES)


def test_audacity_gets_a_label_track_for_each_file(tmp_path: Path) -> None:
    one = results()[0]
    alone = tmp_path / "labels.txt"
    write_results([one], alone, AUDACITY)
    labels = [line.split("\t") for line in alone.read_text("utf-8").splitlines()]
    assert [(float(begin), float(end)) for begin, end, _ in labels] == [(0, 6), (9, 12), (12, 15)]
    assert [text for *_, text in labels] == ["Violin 70%", "not sure 40%", "Flute 70%"]
    # Two files of one name get two tracks; one that cannot be read gets none.
    twin = make_result(Path("/other/DUO, à 日本.wav"))
    folder = tmp_path / "labels"
    assert write_results([*results(), twin], folder, AUDACITY) == 3
    assert sorted(path.name for path in folder.iterdir()) == [
        "DUO, à 日本.wav (2).txt",
        "duo, à 日本.wav.txt",
        "unsure.wav.txt",
    ]


def test_raven_reads_several_files_as_one_sequence(tmp_path: Path) -> None:
    path = tmp_path / "results.selections.txt"
    second = make_result(Path("/music/solo\twith\ttabs.wav"), windows=(make_window(0.0),))
    write_results([results()[0], second], path, RAVEN)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [row["Selection"] for row in rows] == ["1", "2", "3", "4"]
    last = rows[-1]
    # The first file lasts 15 s.
    assert float(last["Begin Time (s)"]) == 15.0
    assert float(last["File Offset (s)"]) == 0.0
    assert last["Begin Path"] == "percent:/music/solo%09with%09tabs.wav"
    assert {row["Instrument"] for row in rows} == {"Violin", "Flute", "not sure"}
    assert all(float(row["End Time (s)"]) > float(row["Begin Time (s)"]) for row in rows)


class Page(HTMLParser):
    """Collects what a browser would load, and checks that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.articles = 0
        self.pictures: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loaded += [given[key] or "" for key in ("src", "href") if key in given]
        self.articles += tag == "article"
        if tag == "img":
            assert given["alt"]
            self.pictures.append(given["src"] or "")
        if tag not in ("meta", "img"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_page_that_loads_nothing_and_runs_nothing() -> None:
    nasty = make_result(Path("/music/<script>alert(1)</script>&.wav"))
    drawn = png(np.full((3, 4), 0xFFFF0000, np.uint32))
    page = Page("".join(html_report([*results(), nasty], picture=lambda _: drawn)))
    assert page.articles == 4
    assert len(page.pictures) == 4
    assert all(each.startswith("data:image/png;base64,") for each in page.loaded)
    assert "<script>alert(1)</script>&.wav" in page.text
    assert "Not sure: Violin?" in page.text
    assert "cut.mp3 is truncated" in page.text


def test_pictures_are_read_by_qt() -> None:
    pixels = np.array([[0xFFFF0000, 0xFF00FF00], [0xFF0000FF, 0xFF123456]], np.uint32)
    image = QImage.fromData(png(pixels))
    assert (image.width(), image.height()) == (2, 2)
    found = [[image.pixel(x, y) for x in range(2)] for y in range(2)]
    assert found == pixels.tolist()


@pytest.mark.parametrize("wanted", FORMATS, ids=lambda each: each.name)
def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, wanted: object) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("precious")
    with pytest.raises(ExportError, match="cannot write"):
        write_results(results()[2:], blocked / "below.txt", wanted)  # type: ignore[arg-type]
    assert blocked.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [blocked]


@given(st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(NAMES[:3])), max_size=30))
def test_segments_cover_a_file_without_gap_or_overlap(said: list[tuple[State, str]]) -> None:
    windows = tuple(make_window(3.0 * n, state, name) for n, (state, name) in enumerate(said))
    if not windows:
        return
    segments = segments_of(make_result(Path("a.wav"), windows=windows))
    assert segments[0].start_s == 0.0
    assert segments[-1].end_s == 3.0 * len(windows)
    for before, after in itertools.pairwise(segments):
        assert before.end_s == after.start_s
        assert (before.state, before.instrument) != (after.state, after.instrument)
    assert sum(each.windows for each in segments) == len(windows)


def test_the_telling_window_is_the_best_of_the_files_own_instrument() -> None:
    windows = (
        make_window(0.0, State.QUIET),
        make_window(3.0, name="Flute", p=0.99),
        make_window(6.0, p=0.7),
        make_window(9.0, p=0.8),
    )
    best = telling_window(make_result(Path("a.wav"), windows=windows))
    assert best is not None
    assert best.start_s == 9.0
    unsure = telling_window(make_result(Path("a.wav"), windows=windows, state=State.NOT_SURE))
    assert unsure is not None
    assert unsure.start_s == 3.0


def test_a_kept_list_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "list.jsonl"
    files = [(result.path, result) for result in (*results()[:2], unsure(), results()[2])]
    write_list([*files, (Path("later.wav"), None)], path)
    assert count_list(path) == 5
    back = read_list(path)
    assert [each for each, _ in back] == [*(each for each, _ in files), Path("later.wav")]
    for (_, before), (_, after) in zip(files, back, strict=False):
        assert after is not None
        assert after.windows == before.windows
        assert (after.state, after.error) == (before.state, before.error)
        assert after.doubt == before.doubt
        assert after.probabilities == pytest.approx(before.probabilities, abs=1e-6)
    assert back[-1][1] is None


def test_nonsense_in_a_kept_list_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    write_list([(result.path, result) for result in results()], path)
    good = path.read_text("ascii").splitlines()
    rng = random.Random(1)
    for _ in range(60):
        line = list(good[0])
        for _ in range(rng.randint(1, 8)):
            line[rng.randrange(len(line))] = rng.choice('{}[],:"x1é\x00')
        path.write_text("\n".join(["".join(line), "null", "[]", '{"path": 3}', good[1]]) + "\n")
        back = read_list(path)
        assert back[-1][0] == Path("/music/unsure.wav")
    assert read_list(tmp_path / "gone.jsonl") == []
    assert count_list(tmp_path / "gone.jsonl") == 0
