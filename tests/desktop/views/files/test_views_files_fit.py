"""No title, button or answer of the files page is cut, in any language, in small windows too."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from pytestqt.qtbot import QtBot
from view_doubles import (
    MICROPHONE,
    FakeFiles,
    FakeLive,
    list_models,
    make_error,
    make_result,
    make_update,
    probabilities_of,
)

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.page_buttons import FILES_PAGE
from timbrescope.desktop.views.files.answer_delegate import has_room
from timbrescope.desktop.views.files.columns import ANSWER, COLUMNS
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.style.combo import Combo
from timbrescope.desktop.views.words.catalogue import LANGUAGES, tr, use_language
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES


@pytest.fixture(params=tuple(LANGUAGES))
def window(
    qtbot: QtBot, settings: Settings, request: pytest.FixtureRequest
) -> Iterator[MainWindow]:
    use_language(request.param)
    live = FakeLive(make_update(), devices=(MICROPHONE,))
    made = MainWindow(live, FakeFiles(), settings, list_models=list_models)
    qtbot.addWidget(made)
    made.show()
    made._timer.stop()
    made.show_page(FILES_PAGE)
    made.files_view.apply(_events())
    yield made
    made.close()
    use_language("en")


def _events() -> Iterator[FileEvent]:
    """Every instrument, named and not sure, and what else an answer may be."""
    found = []
    for state in (State.INSTRUMENT, State.NOT_SURE):
        for name in NAMES:
            path = Path(f"{name} {state}.wav")
            shares = probabilities_of(**{name.replace(" ", "_"): 0.8})
            claimed = name if state is State.INSTRUMENT else None
            result = make_result(path, state=state)
            found.append(replace(result, instrument=claimed, probabilities=shares))
    silent = [make_result(Path(f"{state}.wav"), state=state) for state in (State.QUIET,)]
    for result in (*found, *silent, make_error(Path("bad.wav"), "cut")):
        yield FileEvent(result.path, FileEventKind.QUEUED)
        yield FileEvent(result.path, FileEventKind.DONE, 1.0, result)


def _cut_answers(window: MainWindow) -> Iterator[str]:
    """Give the answers that the table has no room for, as it would write them."""
    table = window.files_view.table
    delegate = table.itemDelegateForColumn(ANSWER)
    assert isinstance(delegate, QStyledItemDelegate)
    for row in range(table.model().rowCount()):
        index = table.model().index(row, ANSWER)
        option = QStyleOptionViewItem()
        table.initViewItemOption(option)
        option.rect = table.visualRect(index)
        delegate.initStyleOption(option, index)
        if not has_room(option):
            yield option.text


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600)])
def test_nothing_on_the_files_page_is_cut(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    table = window.files_view.table
    # With the mark of sorting a title takes more room.
    table.sortByColumn(ANSWER, Qt.SortOrder.AscendingOrder)
    header = table.horizontalHeader()
    titles = {
        column.title: (header.sectionSize(number), header.sectionSizeHint(number))
        for number, column in enumerate(COLUMNS)
        if not table.isColumnHidden(number)
    }
    assert [title for title, (room, needed) in titles.items() if room < needed] == []
    assert list(_cut_answers(window)) == []
    buttons = [each for each in window.findChildren(QAbstractButton) if each.isVisible()]
    assert [each.text() for each in buttons if each.width() < each.sizeHint().width()] == []
    boxes = [each for each in window.findChildren(Combo) if each.isVisible()]
    assert [each.shown_text for each in boxes if each.shown_text not in each.wordings()] == []
    labels = [each for each in window.findChildren(QLabel) if each.isVisible()]
    assert [
        each.text()
        for each in labels
        if not each.wordWrap() and each.width() + 1 < each.sizeHint().width()
    ] == []


def test_who_is_not_sure_says_so_where_there_is_room(window: MainWindow) -> None:
    window.resize(1920, 1080)
    QApplication.processEvents()
    row = next(row for row in window.files_view.model.rows() if "not sure" in row.path.name)
    assert row.answer_words.startswith(tr("Not sure: {name}?").split("{")[0])
    assert row.short_answer_words != row.answer_words
    assert list(_cut_answers(window)) == []
