"""The page of files by mouse and keyboard; exports are read by programs that are not ours."""

import csv
import json
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Desk, Status
from rig import wait_for

from timbrescope.models.instruments import NAMES

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SLOW = pytest.mark.slow
DEMO = Path(__file__).parents[2] / "desktop" / "demo"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two recordings, one in a folder of its own, silence and a broken file."""
    made = tmp_path / "takes"
    (made / "second day").mkdir(parents=True)
    shutil.copy(DEMO / "violin.ogg", made / "take 10.ogg")
    shutil.copy(DEMO / "piano.ogg", made / "second day" / "take 2.ogg")
    soundfile.write(made / "silence.wav", np.zeros(22050), 22050)
    (made / "broken.wav").write_bytes(b"RIFF\xff\x00\x00\x00WAVEnothing")
    return made


def _is_done(told: Status, count: int) -> bool:
    words = [row["words"] for row in told["files"]]
    return len(words) == count and not any(w.startswith(("Waiting", "Listening")) for w in words)


def _open_folder(desk: Desk, folder: Path, count: int) -> Status:
    desk.key("shift+o")
    desk.name_file("Open a folder", folder)
    return desk.until(lambda told: _is_done(told, count), what="the files' answers")


def _names(told: Status) -> list[str]:
    return [cells["file"] for cells in told["cells"]]


def _export(desk: Desk, kind: str, path: Path, *, dialog: str = "Export") -> None:
    desk.choose("Export", kind)
    desk.name_file(dialog, path)
    wait_for(path.exists, what=f"the export {path.name}")
    desk.until(lambda told: str(path) in told["notice"], what="the word that it is written")


class _Page(HTMLParser):
    """Collects the words of a page, its pictures, and whatever it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.pictures, self.fetched = "", 0, []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or (dict(attrs).get("href") if tag == "link" else "") or ""
        self.pictures += tag == "svg" or source.startswith("data:image/")
        if source and not source.startswith("data:"):
            self.fetched.append(source)

    def handle_data(self, data: str) -> None:
        self.words += data


def _audacity(text: str) -> list[tuple[float, float, str]]:
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("\\")]
    return [(float(start), float(end), words) for start, end, words in rows]


def test_every_export_is_read_by_a_program_that_is_not_ours(
    make_desk: Callable[..., Desk], folder: Path, tmp_path: Path
) -> None:
    desk = make_desk()
    _open_folder(desk, folder, 4)
    _export(desk, "CSV table…", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {Path(row["path"]).name: row for row in csv.DictReader(file)}
    assert set(rows) == {"take 10.ogg", "take 2.ogg", "silence.wav", "broken.wav"}
    assert rows["take 10.ogg"]["instrument"] == "Violin"
    assert 0.5 < float(rows["take 10.ogg"]["Violin"]) <= 1.0
    assert rows["broken.wav"]["error"]
    _export(desk, "JSON lines…", tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    records = {Path(record["path"]).name: record for record in map(json.loads, lines)}
    assert records["take 2.ogg"]["verdict"]["instrument"] == "Piano"
    assert set(records["take 2.ogg"]["probabilities"]) == set(NAMES)
    assert records["silence.wav"]["verdict"]["state"] == "no signal"
    labels_folder = tmp_path / "labels"
    labels_folder.mkdir()
    _export(desk, "Audacity labels…", labels_folder, dialog="A folder for the labels")
    labels = _audacity((labels_folder / "take 10.ogg.txt").read_text(encoding="utf-8"))
    assert labels[0][0] == 0.0
    assert "Violin" in labels[0][2]
    assert all(start < end for start, end, _ in labels)
    _export(desk, "Raven selection table…", tmp_path / "a.selections.txt")
    with (tmp_path / "a.selections.txt").open(newline="", encoding="utf-8") as file:
        selections = list(csv.DictReader(file, delimiter="\t"))
    assert {row["Instrument"] for row in selections} >= {"Violin", "Piano"}
    assert all(
        float(row["Begin Time (s)"]) < float(row["End Time (s)"])
        and float(row["Low Freq (Hz)"]) < float(row["High Freq (Hz)"])
        for row in selections
    )
    _export(desk, "Report with pictures (HTML)…", tmp_path / "a.html")
    page = _Page()
    page.feed((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert page.pictures >= 2
    assert not page.fetched
    assert all(words in page.words for words in ("Violin", "Piano", "broken.wav"))


@SLOW
def test_the_list_is_sorted_filtered_searched_cut_and_cleared(
    make_desk: Callable[..., Desk], folder: Path
) -> None:
    desk = make_desk()
    _open_folder(desk, folder, 4)
    desk.click("column File")
    in_order = ["broken.wav", "silence.wav", "take 2.ogg", "take 10.ogg"]
    desk.until(lambda told: _names(told) == in_order, what="files by name")
    desk.click("column File")
    desk.until(lambda told: _names(told) == in_order[::-1], what="files backwards")
    # A search for a folder, begun by keyboard; then everything again.
    desk.key("ctrl+f")
    desk.write("second day")
    desk.until(lambda told: _names(told) == ["take 2.ogg"], what="what lies in that folder")
    desk.write("violin")
    desk.until(lambda told: _names(told) == ["take 10.ogg"], what="the violin")
    desk.key("ctrl+a", "BackSpace")
    desk.until(lambda told: len(told["cells"]) == 4, what="all files")
    # Groups: errors, then what is below a limit.
    desk.choose("Which files are shown", "Errors (1)")
    desk.until(lambda told: _names(told) == ["broken.wav"], what="the errors")
    desk.choose("Which files are shown", "All files")
    desk.until(lambda told: len(told["cells"]) == 4, what="all files")
    # A column more, by the menu of the titles.
    desk.click("column Answer", button=3)
    desk.click("Folder")
    desk.find("column Folder")
    # Copied as a spreadsheet takes it, analysed again, taken out of the list.
    desk.click("take 2.ogg")
    desk.key("ctrl+c")
    copied = desk.until(lambda told: "take 2.ogg" in told["clipboard"], what="a copied row")
    assert "Piano" in copied["clipboard"].split("\t")
    assert "second day" in copied["clipboard"].split("\t")
    desk.click("take 2.ogg", button=3)
    desk.click("Analyse again")
    desk.until(lambda told: _is_done(told, 4), what="its answer again")
    desk.click("broken.wav")
    desk.key("Delete")
    desk.until(lambda told: "broken.wav" not in _names(told), what="a shorter list")
    desk.click("Clear")
    desk.until(lambda told: not told["cells"], what="an empty list")
    desk.click("Undo clear")
    desk.until(lambda told: len(told["cells"]) == 3, what="the list again")


@SLOW
def test_a_double_click_plays_a_file_and_the_cursor_moves(
    make_desk: Callable[..., Desk], folder: Path
) -> None:
    desk = make_desk(sound=True)
    _open_folder(desk, folder, 4)
    desk.click("take 10.ogg", times=2)
    first = desk.until(lambda told: told["playing"] and told["file_played_s"], what="its sound")
    desk.until(
        lambda told: (told["file_played_s"] or 0) > first["file_played_s"], what="a moving cursor"
    )
    desk.click("Stop")
    desk.until(lambda told: not told["playing"] and told["file_played_s"] is None, what="silence")
    # From the block that is looked at.
    desk.click("file block 1")
    desk.click("Play")
    later = desk.until(lambda told: told["playing"] and told["file_played_s"], what="its sound")
    assert later["file_played_s"] >= 2.0
    # By keyboard: Return on a row plays it, and stops it.
    desk.click("take 10.ogg")
    desk.key("Return")
    desk.until(lambda told: not told["playing"], what="silence")


@SLOW
def test_work_is_stopped_resumed_and_the_list_reopened_after_a_restart(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    takes = tmp_path / "long"
    takes.mkdir()
    rng = np.random.default_rng(5)
    for number in range(12):
        soundfile.write(takes / f"take {number}.wav", rng.normal(0, 0.05, 22050 * 60), 22050)
    desk = make_desk()
    desk.key("shift+o")
    desk.name_file("Open a folder", takes)
    done = ("Waiting", "Listening", "Stopped")
    desk.until(
        lambda told: any(not row["words"].startswith(done) for row in told["files"]),
        what="the first answer",
    )
    desk.key("2")
    desk.click("Stop")
    # The file in hand stops at its next window.
    stopped = desk.until(
        lambda told: (
            "stopped" in told["summary"]
            and not any(row["words"].startswith(("Waiting", "Listening")) for row in told["files"])
        ),
        what="a halt",
    )
    assert not any(row["error"] for row in stopped["files"])
    kept = [row for row in stopped["files"] if not row["words"].startswith("Stopped")]
    assert kept
    # The list outlives the program; what had no answer yet counts as stopped.
    desk.restart()
    desk.key("2")
    desk.click("Reopen the last list (12 files)")
    again = desk.until(lambda told: len(told["files"]) == 12, what="the last list")
    assert [row for row in again["files"] if not row["words"].startswith("Stopped")] == kept
    desk.click("Resume")
    # Twelve minutes of sound, behind the live answers on a computer that may have little to spare.
    desk.window.until(
        lambda told: _is_done(told, 12) and "stopped" not in told["summary"],
        what="the end",
        timeout_s=180.0,
    )


@SLOW
def test_a_file_that_is_copied_into_a_watched_folder_appears(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    watched = tmp_path / "watched"
    watched.mkdir()
    desk = make_desk()
    desk.choose("Open sound files or a folder, or drop them anywhere", "Watch a folder…")
    desk.name_file("Watch a folder", watched)
    desk.until(lambda told: str(watched) in told["watching"], what="the word that it is watched")
    shutil.copy(DEMO / "violin.ogg", watched / "new take.ogg")

    def is_answered(told: dict[str, Any]) -> bool:
        return [row["words"] for row in told["files"]] == ["Violin"]

    desk.until(is_answered, what="the answer to the new take")
    desk.click("Stop watching")
    desk.until(lambda told: not told["watching"], what="an end of watching")
