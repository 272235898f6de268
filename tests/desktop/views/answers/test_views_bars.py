import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from view_doubles import probabilities_of

from timbrescope.desktop.views.answers.bar_rows import NONE_OF_THEM, ROWS, RowPlaces
from timbrescope.desktop.views.answers.bars_drawing import RowStyle
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.instruments import INSTRUMENTS, index_of


@pytest.fixture
def bars(qtbot: QtBot) -> BarsView:
    made = BarsView(DARK)
    qtbot.addWidget(made)
    made.resize(300, 500)
    return made


def test_every_class_has_one_row_and_families_stay_together() -> None:
    assert sorted(ROWS) == list(range(28))
    families = [INSTRUMENTS[index].family for index in ROWS]
    changes = sum(a != b for a, b in itertools.pairwise(families))
    assert changes == len(set(families)) - 1


def test_rows_fit_without_overlap(bars: BarsView) -> None:
    rects = [bars.row_rect(row) for row in range(29)]
    assert rects[0].top() == 0
    assert rects[-1].bottom() == pytest.approx(500)
    assert all(a.bottom() <= b.top() + 1e-6 for a, b in itertools.pairwise(rects))
    assert rects[0].height() > 14


@pytest.mark.parametrize("height", [224, 560, 1_100])
def test_bars_have_room_beside_the_names_at_any_height(bars: BarsView, height: int) -> None:
    for width in range(bars.minimumSizeHint().width(), 600, 20):
        places = RowPlaces(width, height)
        track = RowStyle(width, places.row_height).track(places.rect(0))
        assert track.width() >= 0.15 * width


def test_bars_ease_towards_their_values(bars: BarsView) -> None:
    shares = probabilities_of(Violin=0.9)
    violin = index_of("Violin")
    bars.show_probabilities(shares, best=violin)
    assert bars.values[violin] == 0.0
    bars.advance(0.033)
    once = bars.values[violin]
    assert 0.0 < once < 0.9
    for _ in range(60):
        bars.advance(0.033)
    assert np.allclose(bars.values, shares)


def test_settling_shows_the_values_at_once(bars: BarsView) -> None:
    shares = probabilities_of(Flute=0.7)
    bars.show_probabilities(shares, best=None)
    bars.settle()
    assert np.allclose(bars.values, shares)


def test_values_that_are_not_numbers_are_drawn_as_none(bars: BarsView) -> None:
    bars.show_probabilities(np.full(28, np.nan, np.float32), best=None)
    bars.settle()
    assert (bars.values == 0).all()


def test_a_click_picks_a_class_and_a_second_one_drops_it(bars: BarsView, qtbot: QtBot) -> None:
    row = 9
    middle = QPoint(40, round(bars.row_rect(row).center().y()))
    with qtbot.waitSignal(bars.class_chosen) as told:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=middle)
    assert told.args == [ROWS[row]]
    assert bars.chosen == ROWS[row]
    with qtbot.waitSignal(bars.class_chosen) as told:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=middle)
    assert told.args == [None]


def test_the_arrow_keys_move_the_pick(bars: BarsView, qtbot: QtBot) -> None:
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.chosen == ROWS[0]
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.chosen == ROWS[1]
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert bars.chosen == ROWS[-1]
    qtbot.keyClick(bars, Qt.Key.Key_Escape)
    assert bars.chosen is None


def test_the_best_is_told_to_screen_readers(bars: BarsView) -> None:
    bars.show_probabilities(probabilities_of(Violin=0.9), best=index_of("Violin"))
    assert "Violin" in bars.accessibleDescription()
    bars.show_probabilities(probabilities_of(), best=None)
    assert bars.accessibleDescription() == ""


def test_only_rows_that_moved_are_painted_again(bars: BarsView, qtbot: QtBot) -> None:
    bars.show()
    bars.show_probabilities(probabilities_of(Violin=0.5), best=None)
    bars.settle()
    bars.grab()
    before = bars._painted.copy()
    bars.show_probabilities(probabilities_of(Violin=0.9), best=None)
    bars.settle()
    bars.grab()
    assert bars._painted[index_of("Violin")] > before[index_of("Violin")]


def test_none_of_the_28_has_a_bar_of_its_own_and_no_evidence(bars: BarsView) -> None:
    shares = probabilities_of(Violin=0.2) * 0.4
    bars.show_probabilities(shares, best=NONE_OF_THEM, none_of_them=0.6)
    assert bars.figures[NONE_OF_THEM] == pytest.approx(0.6)
    assert "None of the 28" in bars.accessibleDescription()
    bars.choose(NONE_OF_THEM)
    assert bars.chosen is None
    bars.settle()
    bars.grab()
