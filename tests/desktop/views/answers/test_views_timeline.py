from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_window, probabilities_of

from timbrescope.desktop.views.answers import timeline_view
from timbrescope.desktop.views.answers.block_list import BlockList
from timbrescope.desktop.views.answers.blocks import block_of, fitting_name, runs_of
from timbrescope.desktop.views.answers.timeline_drawing import Span
from timbrescope.desktop.views.answers.timeline_view import KEPT_BLOCKS, TimelineView
from timbrescope.desktop.views.style.theme import BODY, DARK, scaled_font
from timbrescope.models.analysis import Doubt, Reason, State
from timbrescope.models.instruments import NAMES, index_of


@pytest.fixture
def live(qtbot: QtBot) -> TimelineView:
    made = TimelineView(DARK)
    qtbot.addWidget(made)
    made.resize(800, 60)
    return made


@pytest.fixture
def whole(qtbot: QtBot) -> TimelineView:
    made = TimelineView(DARK, of_file=True)
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
    assert runs_of(live.blocks, range(4)) == [(0, 2), (2, 3), (3, 4)]


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


def test_what_is_not_sure_says_why_where_the_pointer_rests(whole: TimelineView) -> None:
    doubt = Doubt(Reason.PERHAPS_NONE, 0.1, 0.024)
    likely = (("Violin", 0.86), ("Flute", 0.02))
    unsure = make_window(3.0, State.NOT_SURE, p=0.86, likely=likely, doubt=doubt)
    whole.show_windows([make_window(0.0), unsure])
    told = whole._words_at(whole.span.x(4.5)).replace("\u202f", "")
    assert told == (
        "0:03–0:06  not sure: Violin 86%, but perhaps none of the 28 "
        "(10%; a name needs less than 2%)"
    )


def test_a_live_verdict_says_why_as_well(live: TimelineView) -> None:
    torn = replace(
        make_analysis(0.0, state=State.NOT_SURE, probabilities=probabilities_of(Violin=0.9)),
        doubt=Doubt(Reason.UNLIKELY, 0.9, 0.95),
    )
    live.append([torn])
    assert "Violin 90\u202f%, but a name needs 95\u202f%" in live.accessibleDescription()


def test_the_last_window_is_marked_though_it_begins_inside_another() -> None:
    blocks = BlockList()
    blocks.add(block_of(make_window(start_s)) for start_s in (0.0, 3.0, 4.2))
    assert list(blocks.within(4.2, 7.2)) == [2]
    assert list(blocks.within(3.0, 6.0)) == [1]
    assert list(blocks.within(0.0, 7.2)) == [0, 1, 2]
    # It is drawn behind the one that it overlaps, so that both can be picked.
    assert (blocks.edges_s(2), blocks.at(5.0), blocks.at(6.5)) == ((6.0, 7.2), 1, 2)
    assert blocks.at(7.3) is None


@given(
    # Only a file's last window begins inside the one before it.
    gaps_s=st.lists(st.floats(3.0, 9.0), min_size=1, max_size=40),
    last_s=st.floats(0.01, 3.0),
    start_s=st.floats(-5.0, 200.0),
    length_s=st.floats(0.1, 100.0),
)
def test_blocks_are_found_wherever_somebody_looks(
    gaps_s: list[float], last_s: float, start_s: float, length_s: float
) -> None:
    blocks, starts_s = BlockList(), np.cumsum([*gaps_s, last_s])
    blocks.add(block_of(make_window(float(each))) for each in starts_s)
    end_s = start_s + length_s
    seen = [n for n, at_s in enumerate(starts_s) if at_s < end_s and at_s + 3.0 > start_s]
    assert list(blocks.between(start_s, end_s)) == seen
    for number in range(len(blocks)):
        first_s, last_s = blocks.edges_s(number)
        if first_s < last_s:
            assert blocks.at((first_s + last_s) / 2) == number


def test_a_click_picks_a_window(whole: TimelineView, qtbot: QtBot) -> None:
    whole.show_windows(make_window(3.0 * number) for number in range(10))
    with qtbot.waitSignal(whole.block_chosen) as told:
        qtbot.mouseClick(whole, Qt.MouseButton.LeftButton, pos=QPoint(399, 10))
    assert told.args == [12.0]


def test_a_click_beside_all_blocks_picks_none(whole: TimelineView, qtbot: QtBot) -> None:
    whole.show_windows([make_window(0.0)])
    whole.show_span(Span(0.0, 3.0, 0.0, 600.0))
    with qtbot.assertNotEmitted(whole.block_chosen):
        qtbot.mouseClick(whole, Qt.MouseButton.LeftButton, pos=QPoint(790, 10))


def test_a_gap_ends_a_run(live: TimelineView) -> None:
    live.append([make_analysis(0.0), make_analysis(3.0), make_analysis(7.5)])
    assert runs_of(live.blocks, range(3)) == [(0, 2), (2, 3)]


def test_every_instrument_has_a_name_in_a_block_of_the_default_width(live: TimelineView) -> None:
    font = scaled_font(BODY, bold=True)
    for index in range(len(NAMES)):
        analysis = make_analysis(0.0, probabilities=np.eye(len(NAMES), dtype=np.float32)[index])
        block = block_of(analysis)
        # A block of a minute in a strip of 800 pixels is 40 wide.
        assert fitting_name(block, font, width=38.0, height=30.0), NAMES[index]
        assert fitting_name(block, font, width=400.0, height=30.0) == NAMES[index]


def test_a_live_strip_follows_the_picture(live: TimelineView) -> None:
    live.append(make_analysis(3.0 * number) for number in range(10))
    live.show_span(Span(3.0, 15.0, 50.0, 750.0))
    found = live.block_at(live.span.x(7.0))
    assert found is not None
    assert found.start_s == 6.0
    assert live.span.second(50.0) == pytest.approx(3.0)
    live.grab()


def test_the_live_strip_is_walked_by_keyboard(live: TimelineView, qtbot: QtBot) -> None:
    live.append(make_analysis(3.0 * number) for number in range(10))
    assert live.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(live.block_chosen) as told:
        qtbot.keyClick(live, Qt.Key.Key_Left)
    assert told.args == [27.0]


def test_a_file_of_ten_hours_is_drawn_once_and_its_cursor_alone_moves(
    whole: TimelineView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    original = timeline_view.draw_said

    def counted(*arguments: Any, **named: Any) -> None:
        drawn.append(1)
        original(*arguments, **named)

    monkeypatch.setattr(timeline_view, "draw_said", counted)
    whole.show_windows(make_window(3.0 * number) for number in range(12_000))
    before = whole.grab().toImage()
    for second in (10_000.0, 20_000.0, 30_000.0):
        whole.show_played(second)
        assert whole.grab().toImage() != before
    assert len(drawn) == 1
    whole.show_windows([make_window(0.0)])
    whole.grab()
    assert len(drawn) == 2
