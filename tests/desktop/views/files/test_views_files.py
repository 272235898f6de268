from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from view_doubles import make_error, make_evidence, make_result, make_window

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.views.files.file_detail import telling_window
from timbrescope.desktop.views.files.file_table import ANSWER, FILE, LENGTH, PROBABILITY
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.style.theme import DARK, LIGHT
from timbrescope.models.analysis import State

GOOD, BAD, LATER = Path("violin à 日本.wav"), Path("broken.mp3"), Path("later.flac")


@pytest.fixture
def view(qtbot: QtBot) -> FilesView:
    made = FilesView(DARK)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def done(path: Path, result: object) -> FileEvent:
    return FileEvent(path, FileEventKind.DONE, 1.0, result)  # type: ignore[arg-type]


def text(view: FilesView, row: int, column: int) -> str:
    return str(view.model.index(row, column).data())


def test_a_file_becomes_one_row_that_fills_up(view: FilesView) -> None:
    view.apply([FileEvent(GOOD, FileEventKind.QUEUED)])
    assert text(view, 0, FILE) == GOOD.name
    assert text(view, 0, ANSWER) == "Waiting"
    view.apply([FileEvent(GOOD, FileEventKind.PROGRESS, 0.5)])
    assert "50" in text(view, 0, ANSWER)
    view.grab()
    view.apply([done(GOOD, make_result(GOOD))])
    assert view.model.rowCount() == 1
    assert text(view, 0, ANSWER) == "Violin"
    assert text(view, 0, LENGTH) == "0:09"
    assert text(view, 0, PROBABILITY).startswith("90")


def test_a_bad_file_is_one_clear_row_and_the_rest_goes_on(view: FilesView) -> None:
    view.apply(
        [
            done(GOOD, make_result(GOOD)),
            done(BAD, make_error(BAD, "broken.mp3 is truncated")),
            FileEvent(LATER, FileEventKind.SKIPPED, message="not a sound file"),
        ]
    )
    assert text(view, 1, ANSWER) == "broken.mp3 is truncated"
    colour = view.model.index(1, ANSWER).data(Qt.ItemDataRole.ForegroundRole)
    assert colour == QColor(DARK.error)
    assert "not a sound file" in text(view, 2, ANSWER)
    assert "2 could not be read" in view._summary.text()
    view.grab()


def test_the_first_file_is_shown_and_its_evidence_asked_for(view: FilesView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.evidence_requested) as told:
        view.apply([done(GOOD, make_result(GOOD))])
    assert told.args == [GOOD, 3.0]
    assert view.detail.answer.answer.headline == "Violin"
    view.show_evidence(make_evidence(GOOD, start_s=3.0))
    assert len(view.detail.spectrogram.explained) == 1


def test_evidence_of_another_file_is_left_aside(view: FilesView) -> None:
    view.apply([done(GOOD, make_result(GOOD))])
    view.show_evidence(make_evidence(LATER))
    assert view.detail.spectrogram.explained == ()


def test_the_arrow_keys_move_through_the_files(view: FilesView, qtbot: QtBot) -> None:
    view.apply([done(GOOD, make_result(GOOD)), done(LATER, make_result(LATER))])
    assert view.table.currentIndex().row() == 0
    with qtbot.waitSignal(view.evidence_requested) as told:
        qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert told.args[0] == LATER
    assert view.detail.result is not None
    assert view.detail.result.path == LATER


def test_a_click_on_the_timeline_asks_for_that_window(view: FilesView, qtbot: QtBot) -> None:
    windows = tuple(make_window(3.0 * number) for number in range(40))
    view.apply([done(GOOD, make_result(GOOD, windows=windows))])
    timeline = view.detail.timeline
    x = round(timeline.width() * 20.5 / 40)
    with qtbot.waitSignal(view.evidence_requested) as told:
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert told.args == [GOOD, 60.0]


def test_clearing_cancels_what_is_waiting(view: FilesView, qtbot: QtBot) -> None:
    view.apply([FileEvent(GOOD, FileEventKind.QUEUED)])
    assert view._cancel.isEnabled()
    with qtbot.waitSignals([view.cancel_requested, view.cleared]):
        view.clear()
    assert view.model.rowCount() == 0
    assert not view._cancel.isEnabled()


def test_a_row_without_a_result_does_not_wear_another_ones(view: FilesView) -> None:
    view.apply([done(GOOD, make_result(GOOD)), FileEvent(LATER, FileEventKind.QUEUED)])
    view.table.selectRow(1)
    assert view.detail.isHidden()
    view.table.selectRow(0)
    assert not view.detail.isHidden()


def test_the_telling_window_is_the_best_of_the_files_own_instrument() -> None:
    windows = (
        make_window(0.0, State.QUIET),
        make_window(3.0, name="Flute", p=0.99),
        make_window(6.0, p=0.7),
        make_window(9.0, p=0.8),
    )
    best = telling_window(make_result(GOOD, windows=windows))
    assert best is not None
    assert best.start_s == 9.0
    unsure = telling_window(make_result(GOOD, windows=windows, state=State.NOT_SURE))
    assert unsure is not None
    assert unsure.start_s == 3.0


def test_many_files_at_once(view: FilesView) -> None:
    paths = [Path(f"{number}.wav") for number in range(3000)]
    view.apply([FileEvent(path, FileEventKind.QUEUED) for path in paths])
    assert view.model.rowCount() == 3000
    view.apply([done(paths[2999], make_result(paths[2999]))])
    assert text(view, 2999, ANSWER) == "Violin"
    view.set_colours(LIGHT)
