import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot
from view_doubles import make_update, probabilities_of

from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.wording import AnswerText, answer_text, live_answer, percent
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import Doubt, Reason, State


@pytest.fixture
def view(qtbot: QtBot) -> AnswerView:
    made = AnswerView(DARK)
    qtbot.addWidget(made)
    return made


def violin(share: float) -> AnswerText:
    shares = probabilities_of(Violin=share)
    return live_answer(make_update(state=State.INSTRUMENT, probabilities=shares))


def test_a_new_claim_shows_at_once_and_reaches_screen_readers(view: AnswerView) -> None:
    view.show_answer(violin(0.9))
    assert view.answer.headline == "Violin"
    assert "Violin" in view.accessibleName()
    view.show_answer(live_answer(make_update(state=State.QUIET)))
    assert view.answer.headline == "Quiet"
    assert "Too quiet" in view.accessibleName()


def test_figures_alone_do_not_flood_a_screen_reader(view: AnswerView) -> None:
    view.show_answer(violin(0.90))
    spoken = view.accessibleName()
    view.show_answer(violin(0.95))
    assert view.accessibleName() == spoken


@pytest.mark.parametrize("width", [240, 600, 1400])
def test_the_longest_name_fits(view: AnswerView, width: int) -> None:
    shares = probabilities_of(Electric_Guitar=1.0)
    view.show_answer(live_answer(make_update(state=State.INSTRUMENT, probabilities=shares)))
    view.resize(width, view.sizeHint().height())
    font = view._fitting_font(QRectF(0, 0, width, view.height()))
    assert QFontMetricsF(font).horizontalAdvance("Electric Guitar") < width
    view.grab()


def test_the_type_follows_the_scale_it_is_given(view: AnswerView) -> None:
    before = view.sizeHint().height()
    view.set_largest(8.0)
    assert view.sizeHint().height() > before


def test_none_of_the_28_is_an_answer_of_its_own() -> None:
    shares = probabilities_of(Violin=0.2) * 0.3
    found = answer_text(State.NONE_OF_THEM, shares)
    assert (found.headline, found.figure) == ("None of the 28", percent(0.7))
    assert found.index is None


def test_not_sure_says_why() -> None:
    shares = probabilities_of(Violin=0.86, Trumpet=0.0, Flute=0.02) * 0.9
    doubt = Doubt(Reason.PERHAPS_NONE, 0.1, 0.024)
    assert answer_text(State.NOT_SURE, shares, doubt=doubt).detail == (
        f"Violin {percent(float(shares.max()))}, but perhaps none of the 28 "
        f"({percent(0.1)}; a name needs less than {percent(0.024)})"
    )
    torn = answer_text(State.NOT_SURE, probabilities_of(Violin=0.4, Trumpet=0.35))
    assert torn.detail == f"Between Violin {percent(0.4)} and Trumpet {percent(0.35)}"


def test_a_likely_instrument_without_a_name_says_what_a_name_needs() -> None:
    shares = probabilities_of(Violin=0.86, Trumpet=0.1)
    unlikely = answer_text(State.NOT_SURE, shares, doubt=Doubt(Reason.UNLIKELY, 0.86, 0.92))
    assert unlikely.detail == f"Violin {percent(0.86)}, but a name needs {percent(0.92)}"
    changing = answer_text(State.NOT_SURE, shares, doubt=Doubt(Reason.CHANGING, 0.86, 0.5))
    assert changing.detail == f"Violin {percent(0.86)} now, and named if it stays"


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_no_figure_shown_contradicts_the_limit_beside_it(found: float, needed: float) -> None:
    none, limit = max(found, needed), min(found, needed)
    detail = answer_text(
        State.NOT_SURE, probabilities_of(Violin=0.95), doubt=Doubt(Reason.PERHAPS_NONE, none, limit)
    ).detail
    _, share, named_below = (int(each) for each in re.findall(r"(\d+)\u202f%", detail))
    assert share >= named_below >= 1


def test_a_click_on_the_answer_asks_why_not_the_runner_up(view: AnswerView, qtbot: QtBot) -> None:
    view.show_answer(violin(0.9))
    with qtbot.waitSignal(view.runner_up_chosen):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)


def test_large_type_does_not_keep_the_window_from_shrinking(qtbot: QtBot) -> None:
    view = AnswerView(DARK)
    qtbot.addWidget(view)
    view.set_largest(4.0)
    low, least = view.sizeHint().height(), view.minimumSizeHint().height()
    view.set_largest(12.0)
    assert view.sizeHint().height() > 2 * low
    assert view.minimumSizeHint().height() == least
