"""The table against a plain list: whatever happens, it shows what the list would."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from view_doubles import make_error, make_result

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.views.files.columns import ANSWER, COLUMNS, FILE, LENGTH, PROBABILITY
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.file_rows import ERRORS, FileRow, Tally
from timbrescope.desktop.views.files.file_table import FileTableModel
from timbrescope.desktop.views.files.remaining import Remaining, remaining_words
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State

PATHS = [Path(f"take {number}.wav") for number in range(8)]
KINDS = [kind for kind in FileEventKind if kind is not FileEventKind.DONE]


def _results(path: Path) -> list[FileEvent]:
    found = [make_result(path), make_result(path, state=State.NOT_SURE), make_error(path, "cut")]
    return [FileEvent(path, FileEventKind.DONE, 1.0, result) for result in found]


events = st.sampled_from(PATHS).flatmap(
    lambda path: st.one_of(
        st.sampled_from([FileEvent(path, kind, 0.5) for kind in KINDS]),
        st.sampled_from(_results(path)),
    )
)
filters = st.sampled_from(
    [FileFilter(), FileFilter(group=ERRORS), FileFilter(group="Violin"), FileFilter(below=0.5)]
)
orders = st.tuples(
    st.sampled_from([-1, FILE, ANSWER, PROBABILITY]), st.sampled_from(list(Qt.SortOrder))
)
steps = st.lists(
    st.one_of(
        st.lists(events, min_size=1, max_size=6),
        filters,
        orders,
        st.sets(st.sampled_from(PATHS), min_size=1, max_size=3),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(taken=steps)
def test_rows_counts_and_order_are_always_right(taken: list[object]) -> None:
    model = FileTableModel(DARK)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    wanted, column, falling = FileFilter(), -1, False
    for step in taken:
        if isinstance(step, FileFilter):
            wanted = step
            model.set_filter(step)
        elif isinstance(step, tuple):
            column, falling = step[0], step[1] is Qt.SortOrder.DescendingOrder
            model.sort(*step)
        elif isinstance(step, set):
            model.remove(step)
        elif isinstance(step, list):
            model.apply([FileEvent(event.path, FileEventKind.QUEUED) for event in step])
            model.apply(step)
        rows = [row for row in model.rows() if wanted.accepts(row)]
        if column >= 0:
            with_key = [row for row in rows if COLUMNS[column].key(row) is not None]
            with_key.sort(key=COLUMNS[column].key, reverse=falling)
            rest = [row for row in rows if COLUMNS[column].key(row) is None]
            keys = [COLUMNS[column].key(row) for row in [*with_key, *rest]]
            assert [COLUMNS[column].key(row) for row in model.shown_rows()] == keys
        assert {row.path for row in model.shown_rows()} == {row.path for row in rows}
        counted = Tally()
        for row in model.rows():
            counted.change(None, row)
        assert +model.tally.groups == +counted.groups
        assert (model.tally.total, model.tally.unfinished) == (counted.total, counted.unfinished)
        places = [model.place_of(row.path) for row in model.shown_rows()]
        assert places == list(range(len(places)))


def test_a_selection_survives_sorting() -> None:
    model = FileTableModel(DARK)
    model.apply([FileEvent(path, FileEventKind.QUEUED) for path in PATHS])
    index = model.index(2, FILE)
    kept = QPersistentModelIndex(index)
    model.sort(FILE, Qt.SortOrder.DescendingOrder)
    assert kept.row() == 5
    assert kept.data() == "take 2.wav"
    model.set_filter(FileFilter(words="take 3"))
    assert not kept.isValid()


def test_the_remaining_time_is_reckoned_from_the_files_done() -> None:
    now_s = 0.0
    remaining = Remaining(lambda: now_s)
    remaining.follow(100)
    assert remaining.seconds(100) is None
    now_s = 10.0
    remaining.follow(90)
    assert remaining.seconds(90) == 90.0
    # More files dropped meanwhile take as long as the others.
    remaining.follow(190)
    assert remaining.seconds(180) == 180.0
    remaining.follow(0)
    assert remaining.seconds(0) is None


def test_the_remaining_time_in_words() -> None:
    words = [remaining_words(seconds) for seconds in (None, 3, 42, 100, 6000)]
    assert words == [
        "",
        "about 5 s left",
        "about 40 s left",
        "about 2 min left",
        "about 1.7 h left",
    ]


@pytest.mark.parametrize(("seconds", "words"), [(6.7, "0:07"), (6.4, "0:06"), (59.8, "1:00")])
def test_a_length_is_rounded_and_not_cut(seconds: float, words: str) -> None:
    result = replace(make_result(Path("a.wav")), duration_s=seconds)
    row = FileRow(Path("a.wav"), kind=FileEventKind.DONE, result=result)
    assert COLUMNS[LENGTH].text(row) == words
