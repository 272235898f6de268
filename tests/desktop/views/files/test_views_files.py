from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_error, make_evidence, make_result, make_window

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.export.formats import CSV
from timbrescope.desktop.views.answers.wording import clock
from timbrescope.desktop.views.files.columns import (
    ANSWER,
    COLUMNS,
    FILE,
    FOLDER,
    LENGTH,
    PROBABILITY,
    RUNNER_UP,
    SEGMENTS,
)
from timbrescope.desktop.views.files.file_rows import ERRORS, FileRow
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.spectrogram.axes import time_ticks
from timbrescope.desktop.views.style.theme import DARK, LIGHT
from timbrescope.models.analysis import State

GOOD, BAD, LATER = Path("violin à 日本.wav"), Path("broken.mp3"), Path("later.flac")
QUEUED, STOPPED = FileEventKind.QUEUED, FileEventKind.STOPPED


@pytest.fixture
def view(qtbot: QtBot) -> FilesView:
    made = FilesView(DARK)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def done(path: Path, result: object) -> FileEvent:
    return FileEvent(path, FileEventKind.DONE, 1.0, result)  # type: ignore[arg-type]


def tell(view: FilesView, events: Iterable[FileEvent]) -> None:
    """Tell what became of files, as the engine does: first that they are queued."""
    told = list(events)
    fresh = [event.path for event in told if view.model.row_of(event.path) is None]
    view.apply([*(FileEvent(path, QUEUED) for path in fresh), *told])


def text(view: FilesView, row: int, column: int) -> str:
    return str(view.model.index(row, column).data())


def names(view: FilesView) -> list[str]:
    return [text(view, row, FILE) for row in range(view.model.rowCount())]


def test_a_file_becomes_one_row_that_fills_up(view: FilesView) -> None:
    tell(view, [FileEvent(GOOD, QUEUED)])
    assert text(view, 0, FILE) == GOOD.name
    assert text(view, 0, ANSWER) == "Waiting"
    tell(view, [FileEvent(GOOD, FileEventKind.PROGRESS, 0.5)])
    assert "50" in text(view, 0, ANSWER)
    view.grab()
    tell(view, [done(GOOD, make_result(GOOD))])
    assert view.model.rowCount() == 1
    assert text(view, 0, ANSWER) == "Violin"
    assert text(view, 0, LENGTH) == "0:09"
    assert text(view, 0, PROBABILITY).startswith("90")


def test_a_bad_file_is_one_clear_row_and_the_rest_goes_on(view: FilesView) -> None:
    tell(
        view,
        [
            done(GOOD, make_result(GOOD)),
            done(BAD, make_error(BAD, "broken.mp3 is truncated")),
            FileEvent(LATER, FileEventKind.SKIPPED, message="not a sound file"),
        ],
    )
    assert text(view, 1, ANSWER) == "broken.mp3 is truncated"
    colour = view.model.index(1, ANSWER).data(Qt.ItemDataRole.ForegroundRole)
    assert colour == QColor(DARK.error)
    assert "not a sound file" in text(view, 2, ANSWER)
    assert "2 could not be read" in view.bar.words
    assert view.groups.words == "Violin 1, Errors 2"
    view.grab()


def test_what_a_folder_holds_besides_is_no_error(view: FilesView) -> None:
    said = "2 left out, without the suffix of a sound file (README.md, demo.json)"
    tell(view, [FileEvent(LATER, FileEventKind.LEFT_OUT, message=said)])
    tell(view, [done(GOOD, make_result(GOOD))])
    assert text(view, 0, ANSWER) == said
    assert view.model.index(0, ANSWER).data(Qt.ItemDataRole.ForegroundRole) != QColor(DARK.error)
    assert view.bar.words == "1 file"
    assert view.groups.words == "Violin 1"


def test_the_first_file_with_a_result_is_looked_at_and_no_folder_is_played(
    view: FilesView, qtbot: QtBot
) -> None:
    view.apply([FileEvent(LATER, FileEventKind.LEFT_OUT, message="1 left out")])
    assert view.detail.answer.answer.headline == "No file selected"
    tell(view, [done(GOOD, make_result(GOOD))])
    assert view.detail.result is not None
    assert view.detail._play.isEnabled()
    played: list[Path] = []
    view.play_requested.connect(lambda path, _: played.append(path))
    view.table.selectRow(0)
    assert not view.detail._play.isEnabled()
    assert not view.table.make_row_menu().actions()[0].isEnabled()
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert played == []
    # What the user looks at stays.
    tell(view, [done(GOOD, make_result(GOOD))])
    assert view.table.current_row().path == LATER


def test_a_silent_file_can_be_read_but_says_nothing(view: FilesView) -> None:
    windows = (make_window(0.0, State.NO_SIGNAL),)
    tell(view, [done(GOOD, make_result(GOOD, windows=windows, state=State.NO_SIGNAL))])
    assert text(view, 0, ANSWER) == "No signal"
    assert text(view, 0, PROBABILITY) == ""
    assert "could not be read" not in view.bar.words


def test_the_first_file_is_shown_and_its_evidence_asked_for(view: FilesView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.evidence_requested) as told:
        tell(view, [done(GOOD, make_result(GOOD))])
    assert told.args == [GOOD, 3.0, 0.0]
    assert view.detail.answer.answer.headline == "Violin"
    view.show_evidence(make_evidence(GOOD, start_s=3.0))
    assert len(view.detail.spectrogram.explained) == 1


def test_evidence_of_another_file_is_left_aside(view: FilesView) -> None:
    tell(view, [done(GOOD, make_result(GOOD))])
    view.show_evidence(make_evidence(LATER))
    assert view.detail.spectrogram.explained == ()


def test_the_arrow_keys_move_through_the_files(view: FilesView, qtbot: QtBot) -> None:
    tell(view, [done(GOOD, make_result(GOOD)), done(LATER, make_result(LATER))])
    assert view.table.currentIndex().row() == 0
    with qtbot.waitSignal(view.evidence_requested) as told:
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert told.args[0] == LATER
    assert view.detail.result is not None
    assert view.detail.result.path == LATER


def test_a_block_that_is_picked_has_headline_and_bars_of_its_own(
    view: FilesView, qtbot: QtBot
) -> None:
    windows = tuple(make_window(3.0 * number) for number in range(40))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows, state=State.NOT_SURE))])
    timeline, detail = view.detail.timeline, view.detail
    assert detail.answer.answer.headline == "Not sure"
    x = round(timeline.width() * 20.5 / 40)
    with qtbot.waitSignal(view.evidence_requested) as told:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert told.args == [GOOD, 60.0, 60.0]
    view.show_evidence(make_evidence(GOOD, start_s=60.0, count=4))
    assert detail.answer.answer.headline == "Violin"
    assert "1:00–1:03" in detail.answer.answer.detail
    assert detail.bars.values.max() == pytest.approx(0.9)
    detail.show_whole()
    assert detail.answer.answer.headline == "Not sure"
    assert detail.bars.values.max() == pytest.approx(0.3)


@pytest.mark.parametrize("start_s", [0.0, 3.0, 4.2])
def test_picture_timeline_and_cursor_of_a_short_file_share_one_axis(
    view: FilesView, start_s: float
) -> None:
    windows = tuple(make_window(each) for each in (0.0, 3.0, 4.2))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    detail, asked = view.detail, []
    view.evidence_requested.connect(lambda _, at_s, from_s: asked.append((at_s, from_s)))
    detail.timeline.block_chosen.emit(start_s)
    assert asked == [(start_s, 0.0)]
    detail.resize(900, 600)
    number = [each.start_s for each in windows].index(start_s)
    columns = np.full((128, round(7.2 * 22050 / 512)), -20.0, np.float32)
    analyses = tuple(make_analysis(each.start_s) for each in windows)
    view.show_evidence(FileEvidence(GOOD, 0.0, columns, analyses, asked=number))
    # What was picked is what headline and sentence are of, wherever the picture begins.
    assert f"{clock(start_s)}–" in detail.answer.answer.detail
    assert detail.spectrogram.words.startswith(f"{clock(start_s)}–")
    assert [each.is_asked for each in detail.spectrogram.explained].index(True) == number
    area, span = detail.spectrogram.area, detail.timeline.span
    offset = detail.spectrogram.mapTo(detail, QPoint()).x() - detail.timeline.x()
    for second in (0.0, 1.0, 6.9):
        assert span.x(second) == pytest.approx(area.x(second) + offset, abs=1.0)
    assert detail.timeline.part_s is None


@pytest.mark.parametrize(
    ("picked_s", "shown"), [(0.0, (0.0, 12.0)), (60.0, (60.0, 72.0)), (117.0, (108.0, 120.0))]
)
def test_the_part_of_a_long_file_that_the_picture_shows_stands_out(
    view: FilesView, picked_s: float, shown: tuple[float, float]
) -> None:
    windows = tuple(make_window(3.0 * number) for number in range(40))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    asked: list[tuple[float, float]] = []
    view.evidence_requested.connect(lambda _, at_s, from_s: asked.append((at_s, from_s)))
    view.detail.timeline.block_chosen.emit(picked_s)
    assert asked == [(picked_s, shown[0])]
    number = round((picked_s - shown[0]) / 3.0)
    view.show_evidence(make_evidence(GOOD, start_s=shown[0], count=4, asked=number))
    timeline = view.detail.timeline
    assert timeline.part_s == shown
    timeline.resize(800, 60)
    pictured = timeline.grab().toImage()
    # Beside the part the blocks are dimmed: they keep their colour inside it only.
    inside, beside = (
        pictured.pixelColor(round(timeline.span.x(at_s)), 6)
        for at_s in ((shown[0] + shown[1]) / 2 + 1.0, (shown[0] + 50.0) % 120.0)
    )
    assert inside.lightness() > beside.lightness()


def test_the_time_axis_says_where_in_the_file_the_stretch_lies(view: FilesView) -> None:
    windows = tuple(make_window(3.0 * number) for number in range(200))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    spectrogram = view.detail.spectrogram
    told = []
    for start_s in (0.0, 534.0):
        view.show_evidence(make_evidence(GOOD, start_s=start_s, count=4))
        ticks = time_ticks(spectrogram.area, origin_s=spectrogram.origin_s, room=1.0)
        told.append(ticks[0].text)
    assert told == ["0:00", "8:54"]


def test_the_timeline_is_walked_with_the_arrow_keys(view: FilesView, qtbot: QtBot) -> None:
    windows = tuple(make_window(3.0 * number) for number in range(5))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    view.show_evidence(make_evidence(GOOD, start_s=6.0))
    asked: list[float] = []
    view.evidence_requested.connect(lambda _, start_s: asked.append(start_s))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(view.detail.timeline, key)
    qtbot.keyClick(view.detail.timeline, Qt.Key.Key_Home)
    assert asked == [9.0, 12.0, 12.0, 9.0, 0.0]


def test_a_list_that_was_cleared_can_be_had_again(view: FilesView, qtbot: QtBot) -> None:
    tell(view, [done(GOOD, make_result(GOOD)), FileEvent(LATER, QUEUED)])
    with qtbot.waitSignals([view.cancel_requested, view.cleared]):
        view.bar._clear.click()
    assert view.model.rowCount() == 0
    assert view.detail.result is None
    assert view.bar._clear.text() == "Undo clear"
    # What the engine says of a file that was given up brings no row back.
    view.apply([FileEvent(LATER, STOPPED), done(LATER, make_result(LATER))])
    assert view.model.rowCount() == 0
    view.bar._clear.click()
    assert names(view) == [GOOD.name, LATER.name]
    assert text(view, 0, ANSWER) == "Violin"
    assert text(view, 1, ANSWER) == "Stopped"


def test_stopping_keeps_what_was_found_and_the_rest_can_be_resumed(
    view: FilesView, qtbot: QtBot
) -> None:
    tell(view, [done(GOOD, make_result(GOOD)), FileEvent(LATER, QUEUED)])
    with qtbot.waitSignal(view.cancel_requested):
        view.bar._stop.click()
    tell(view, [FileEvent(LATER, STOPPED)])
    assert text(view, 0, ANSWER) == "Violin"
    assert "1 stopped" in view.bar.words
    assert "could not be read" not in view.bar.words
    with qtbot.waitSignal(view.add_requested) as told:
        view.bar._stop.click()
    assert told.args == [[LATER]]


def test_stopping_after_the_same_folder_was_dropped_again_keeps_its_answers(
    view: FilesView,
) -> None:
    tell(view, [done(GOOD, make_result(GOOD)), done(LATER, make_result(LATER))])
    tell(view, [FileEvent(GOOD, QUEUED), FileEvent(LATER, QUEUED)])
    tell(view, [FileEvent(GOOD, STOPPED), FileEvent(LATER, STOPPED)])
    assert [text(view, row, ANSWER) for row in (0, 1)] == ["Violin", "Violin"]
    assert view.bar.words == "2 files"


def test_a_row_without_a_result_does_not_wear_another_ones(view: FilesView) -> None:
    tell(view, [done(GOOD, make_result(GOOD)), FileEvent(LATER, QUEUED)])
    view.table.selectRow(1)
    assert view.detail.result is None
    assert view.detail.answer.answer.headline == "Waiting"
    assert view.detail.timeline.blocks == ()
    assert view.detail.bars.values.max() == 0
    view.table.selectRow(0)
    assert view.detail.answer.answer.headline == "Violin"


def test_sorting_takes_numbers_as_numbers_and_puts_what_is_missing_last(view: FilesView) -> None:
    paths = [Path(f"take {number}.wav") for number in (10, 2, 1)]
    tell(view, [FileEvent(path, QUEUED) for path in paths])
    tell(
        view,
        [
            done(path, make_result(path, windows=(make_window(0.0),) * count))
            for path, count in zip(paths[:2], (5, 9), strict=True)
        ],
    )
    view.table.sortByColumn(FILE, Qt.SortOrder.AscendingOrder)
    assert names(view) == ["take 1.wav", "take 2.wav", "take 10.wav"]
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        view.table.sortByColumn(LENGTH, order)
        assert names(view)[-1] == "take 1.wav"
    assert names(view)[0] == "take 2.wav"
    # What comes in later goes where it belongs, and the file looked at stays the same one.
    view.table.selectRow(2)
    tell(view, [done(paths[2], make_result(paths[2], windows=(make_window(0.0),) * 20))])
    assert names(view)[0] == "take 1.wav"
    current = view.table.current_row()
    assert current is not None
    assert current.path == paths[2]
    view.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert names(view) == [path.name for path in paths]


def test_the_selected_row_stays_in_sight_while_files_finish_above_it(view: FilesView) -> None:
    paths = [Path(f"{number:03d}.wav") for number in range(200)]
    tell(view, [FileEvent(path, QUEUED) for path in paths])
    view.table.sortByColumn(PROBABILITY, Qt.SortOrder.DescendingOrder)
    view.table.selectRow(5)
    chosen = view.table.current_row()
    assert chosen is not None
    for path in paths:
        if path != chosen.path:
            tell(view, [done(path, make_result(path))])
        assert view.table.is_in_view(view.table.currentIndex())
    now = view.table.current_row()
    assert now is not None
    assert now.path == chosen.path


def test_filters_show_errors_unsure_files_an_instrument_or_what_is_below_a_limit(
    view: FilesView, qtbot: QtBot
) -> None:
    unsure = Path("unsure.wav")
    tell(
        view,
        [
            done(GOOD, make_result(GOOD)),
            done(BAD, make_error(BAD, "truncated")),
            done(unsure, make_result(unsure, state=State.NOT_SURE)),
            done(LATER, make_result(LATER)),
        ],
    )
    view.bar.choose_group(ERRORS)
    assert names(view) == [BAD.name]
    assert "1 shown" in view.bar.words
    view.groups.group_chosen.emit("Violin")
    assert names(view) == [GOOD.name, LATER.name]
    view.bar.choose_group("Not sure")
    assert names(view) == [unsure.name]
    assert text(view, 0, ANSWER) == "Not sure: Violin?"
    view.bar.choose_group("Below …")
    view.bar._below.setValue(50)
    assert names(view) == [unsure.name]
    view.bar._below.setValue(95)
    assert names(view) == [GOOD.name, unsure.name, LATER.name]
    view.bar.choose_group("")
    qtbot.keyClicks(view.bar.search, "LATER fl")
    assert names(view) == [LATER.name]
    view.bar.search.clear()
    assert len(names(view)) == 4


def test_a_filter_lets_in_what_comes_to_fit_and_out_what_does_not(view: FilesView) -> None:
    tell(view, [FileEvent(path, QUEUED) for path in (GOOD, LATER)])
    view.bar.choose_group("Waiting")
    assert len(names(view)) == 2
    tell(view, [done(GOOD, make_result(GOOD))])
    assert names(view) == [LATER.name]
    view.bar.choose_group("Violin")
    assert names(view) == [GOOD.name]
    tell(view, [done(LATER, make_result(LATER))])
    assert names(view) == [GOOD.name, LATER.name]


def test_several_rows_are_copied_removed_and_analysed_again(view: FilesView, qtbot: QtBot) -> None:
    paths = [Path(f"{number}.wav") for number in range(5)]
    tell(view, [done(path, make_result(path)) for path in paths])
    view.table.selectRow(1)
    qtbot.keyClick(view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in lines] == ["1.wav", "2.wav"]
    assert "Violin" in lines[0].split("\t")
    menu = {action.text().split("\t")[0]: action for action in view.table.make_row_menu().actions()}
    with qtbot.waitSignal(view.add_requested) as told:
        menu["Analyse 2 files again"].trigger()
    assert told.args == [paths[1:3]]
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert names(view) == ["0.wav", "3.wav", "4.wav"]
    current = view.table.current_row()
    assert current is not None
    assert current.path == paths[3]
    qtbot.keyClick(view.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert view.model.tally.total == 0


def test_return_and_double_click_play(view: FilesView, qtbot: QtBot) -> None:
    tell(view, [done(GOOD, make_result(GOOD))])
    with qtbot.waitSignal(view.play_requested) as told:
        qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert told.args == [GOOD, 0.0]


def test_what_is_exported_is_what_is_shown_or_several_selected(
    view: FilesView, qtbot: QtBot
) -> None:
    paths = [Path(f"{number}.wav") for number in range(4)]
    tell(view, [done(path, make_result(path)) for path in paths])
    tell(view, [FileEvent(LATER, QUEUED)])
    assert [result.path for result in view.results()] == paths
    view.table.selectRow(1)
    qtbot.keyClick(view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(view.export_requested) as told:
        view.bar.export_requested.emit(CSV)
    assert [result.path for result in told.args[1]] == paths[1:3]


def test_columns_are_chosen_and_come_back(view: FilesView, qtbot: QtBot) -> None:
    assert view.table.columns_shown == ("file", "length", "answer", "probability")
    chosen = {action.text(): action for action in view.table.make_columns_menu().actions()}
    chosen["Folder"].trigger()
    chosen["Runner-up"].trigger()
    chosen["Length"].trigger()
    wanted = ("file", "folder", "answer", "probability", "runner_up")
    assert view.table.columns_shown == wanted
    mixed = Path("music/mixed.wav")
    windows = (make_window(0.0), make_window(3.0, name="Flute"), make_window(6.0))
    tell(view, [done(mixed, make_result(mixed, windows=windows))])
    assert text(view, 0, FOLDER) == "music"
    assert text(view, 0, SEGMENTS) == "Violin · Flute"
    assert text(view, 0, RUNNER_UP) == ""
    again = FilesView(DARK)
    qtbot.addWidget(again)
    again.restore_layout(*view.layout_bytes())
    assert again.table.columns_shown == wanted
    first = FilesView(DARK)
    qtbot.addWidget(first)
    again.restore_layout(None, None)
    assert again.table.columns_shown == first.table.columns_shown


def test_widths_that_nobody_chose_follow_the_list_after_a_restart(
    view: FilesView, qtbot: QtBot
) -> None:
    again = FilesView(DARK)
    qtbot.addWidget(again)
    again.restore_layout(*view.layout_bytes())
    for width in (900, 1500):
        again.resize(width, 700)
        again.show()
        table = again.table
        used = sum(table.columnWidth(n) for n in range(len(COLUMNS)) if not table.isColumnHidden(n))
        assert used <= table.viewport().width()
    # A width that was chosen stays.
    again.table.setColumnWidth(FILE, 333)
    last = FilesView(DARK)
    qtbot.addWidget(last)
    last.restore_layout(*again.layout_bytes())
    last.resize(1100, 700)
    last.show()
    assert last.table.columnWidth(FILE) == 333


def test_none_of_the_28_is_a_group_with_a_probability_of_its_own(
    view: FilesView,
) -> None:
    found = make_result(GOOD, state=State.NONE_OF_THEM)
    tell(view, [done(GOOD, replace(found, probabilities=found.probabilities / 10))])
    assert view.groups.words == "None of the 28 1"
    assert text(view, 0, PROBABILITY) == "90\u202f%"
    assert text(view, 0, RUNNER_UP) == "Violin 3\u202f%"
    view.bar.choose_group("None of the 28")
    assert names(view) == [GOOD.name]
    view.bar.choose_group("Quiet")
    assert names(view) == [GOOD.name], "a group that there is not shows all"


def test_every_column_says_something_of_every_row(view: FilesView) -> None:
    rows = [
        FileRow(GOOD),
        FileRow(GOOD, kind=FileEventKind.PROGRESS, progress=0.3),
        FileRow(GOOD, kind=STOPPED),
        FileRow(BAD, kind=FileEventKind.SKIPPED, message="gone"),
        FileRow(LATER, kind=FileEventKind.LEFT_OUT, message="1 left out"),
        FileRow(GOOD, kind=FileEventKind.DONE, result=make_result(GOOD)),
        FileRow(BAD, kind=FileEventKind.DONE, result=make_error(BAD, "cut")),
    ]
    for column in COLUMNS:
        for row in rows:
            assert isinstance(column.text(row), str)
            keys = {column.key(each) for each in rows} - {None}
            assert sorted(keys) is not None


def test_many_files_at_once(view: FilesView) -> None:
    paths = [Path(f"{number}.wav") for number in range(3000)]
    tell(view, [FileEvent(path, QUEUED) for path in paths])
    assert view.model.rowCount() == 3000
    tell(view, [done(paths[2999], make_result(paths[2999]))])
    assert text(view, 2999, ANSWER) == "Violin"
    view.set_colours(LIGHT)


def test_a_file_s_timeline_lies_over_its_sound(view: FilesView, qtbot: QtBot) -> None:
    view.resize(1280, 760)
    view.show()
    detail = view.detail
    windows = tuple(make_window(start_s) for start_s in (0.0, 3.0, 4.2))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    view.show_evidence(make_evidence(GOOD, start_s=0.0, count=3))
    view.grab()
    for second in (0.5, 3.0, 6.0):
        above = detail.timeline.x() + detail.timeline.span.x(second)
        place = QPoint(round(detail.spectrogram.area.x(second)), 0)
        assert above == pytest.approx(detail.spectrogram.mapTo(detail, place).x(), abs=1)


def test_a_long_file_s_timeline_is_as_wide_as_the_picture(view: FilesView, qtbot: QtBot) -> None:
    view.resize(1280, 760)
    view.show()
    detail = view.detail
    windows = tuple(make_window(3.0 * number) for number in range(200))
    tell(view, [done(GOOD, make_result(GOOD, windows=windows))])
    view.show_evidence(make_evidence(GOOD, start_s=30.0, count=4))
    view.grab()
    left, right = detail.spectrogram.picture_edges
    offset = detail.spectrogram.mapTo(detail, QPoint()).x() - detail.timeline.x()
    span = detail.timeline.span
    assert (span.start_s, span.end_s) == (0.0, 600.0)
    assert (span.left, span.right) == (left + offset, right + offset)
