import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_window

from timbrescope.desktop.views.answers.timeline_view import KEPT_BLOCKS, TimelineView
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State
from timbrescope.models.instruments import index_of


@pytest.fixture
def live(qtbot: QtBot) -> TimelineView:
    made = TimelineView(DARK)
    qtbot.addWidget(made)
    made.resize(800, 60)
    return made


@pytest.fixture
def whole(qtbot: QtBot) -> TimelineView:
    made = TimelineView(DARK, fit_all=True)
    qtbot.addWidget(made)
    made.resize(800, 60)
    return made


def test_the_latest_verdict_is_at_the_right(live: TimelineView) -> None:
    live.append([make_analysis(0.0), make_analysis(3.0, state=State.NOT_SURE)])
    newest = live.block_at(799.0)
    assert newest is not None
    assert newest.start_s == 3.0
    assert newest.state is State.NOT_SURE
    assert newest.index is None
    assert live.block_at(1.0) is None


def test_verdicts_from_the_start_begin_a_new_strip(live: TimelineView) -> None:
    live.append([make_analysis(0.0), make_analysis(3.0)])
    live.append([make_analysis(0.0)])
    assert len(live.blocks) == 1


def test_only_so_many_are_kept(live: TimelineView) -> None:
    live.append(make_analysis(3.0 * number) for number in range(KEPT_BLOCKS + 5))
    assert len(live.blocks) == KEPT_BLOCKS
    live.grab()


def test_neighbours_that_agree_are_one_run(live: TimelineView) -> None:
    states = [State.INSTRUMENT, State.INSTRUMENT, State.QUIET, State.INSTRUMENT]
    live.append(make_analysis(3.0 * n, state=state) for n, state in enumerate(states))
    assert live._runs() == [(0, 2), (2, 3), (3, 4)]


def test_a_file_is_shown_whole(whole: TimelineView) -> None:
    whole.show_windows(make_window(3.0 * number) for number in range(1200))
    assert len(whole.blocks) == 1200
    first, last = whole.block_at(0.0), whole.block_at(799.9)
    assert first is not None
    assert last is not None
    assert (first.start_s, last.start_s) == (0.0, 3597.0)
    assert first.index == index_of("Violin")
    whole.mark(30.0, 33.0)
    whole.grab()


def test_the_last_window_is_marked_though_it_begins_inside_another(whole: TimelineView) -> None:
    whole.show_windows(make_window(start_s) for start_s in (0.0, 3.0, 4.2))
    assert whole._marked_blocks(4.2, 7.2) == [2]
    assert whole._marked_blocks(3.0, 6.0) == [1]
    assert whole._marked_blocks(0.0, 7.2) == [0, 1, 2]


def test_a_click_picks_a_window(whole: TimelineView, qtbot: QtBot) -> None:
    whole.show_windows(make_window(3.0 * number) for number in range(10))
    with qtbot.waitSignal(whole.block_chosen) as told:
        qtbot.mouseClick(whole, Qt.MouseButton.LeftButton, pos=QPoint(399, 10))
    assert told.args == [12.0]


def test_a_click_beside_all_blocks_picks_none(whole: TimelineView, qtbot: QtBot) -> None:
    whole.show_windows([make_window(0.0)])
    with qtbot.assertNotEmitted(whole.block_chosen):
        qtbot.mouseClick(whole, Qt.MouseButton.LeftButton, pos=QPoint(790, 10))
