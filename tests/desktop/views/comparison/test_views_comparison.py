import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from view_doubles import CHOICES, OWN, make_answer, make_comparison

from timbrescope.desktop.engine.model_answers import ModelAnswer
from timbrescope.desktop.engine.model_choices import ModelChoice
from timbrescope.desktop.views.comparison.comparison_view import ComparisonView
from timbrescope.desktop.views.style.theme import DARK, LIGHT
from timbrescope.models.analysis import State
from timbrescope.models.instruments import INSTRUMENTS, index_of

THREE = tuple(
    ModelChoice(name, f"{name} in full", name, f"{name}: right for 50 %") for name in "abc"
)


@pytest.fixture
def view(qtbot: QtBot) -> ComparisonView:
    made = ComparisonView(DARK, with_time=True)
    qtbot.addWidget(made)
    made.show_models(THREE)
    made.resize(800, 260)
    return made


def colours_in_row(view: ComparisonView, row: int, name: str) -> int:
    """Count the pixels of a row's claim that have the instrument's colour."""
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = QColor(INSTRUMENTS[index_of(name)].colour).rgb()
    scale = picture.width() / view.width()
    rect = view.row_rect(row)
    rows = range(round(rect.top() * scale), round(rect.bottom() * scale))
    return sum(picture.pixel(x, y) == wanted for y in rows for x in range(picture.width() // 2))


def test_without_answers_the_rows_wait(view: ComparisonView) -> None:
    assert "waiting" in view.headline
    assert view.lines == tuple(f"{name} in full: nothing yet" for name in "abc")
    view.grab()


def test_rows_keep_the_models_order_whatever_order_the_answers_have(view: ComparisonView) -> None:
    view.show_comparison(
        make_comparison(make_answer("c", Flute=0.8), make_answer("a"), make_answer("b"))
    )
    assert [line.split(":")[0] for line in view.lines] == [f"{name} in full" for name in "abc"]
    assert "Violin 90" in view.lines[0]
    assert "Flute 80" in view.lines[2]
    assert view.headline == "2 of 3 models say Violin"


def test_a_shared_claim_is_filled_and_a_lone_one_outlined(view: ComparisonView) -> None:
    view.show_comparison(
        make_comparison(make_answer("a"), make_answer("b"), make_answer("c", Flute=0.9))
    )
    shared, lone = colours_in_row(view, 0, "Violin"), colours_in_row(view, 2, "Flute")
    assert lone > 0
    assert shared > 2 * lone


def test_without_any_agreement_no_claim_is_filled(view: ComparisonView) -> None:
    view.show_comparison(make_comparison(make_answer("a"), make_answer("b"), make_answer("c")))
    agreed = colours_in_row(view, 0, "Violin")
    view.show_comparison(
        make_comparison(make_answer("a"), make_answer("b", Flute=0.9), make_answer("c", Piano=0.9))
    )
    assert view.headline == "The models disagree"
    assert 2 * colours_in_row(view, 0, "Violin") < agreed


def test_a_model_that_cannot_answer_says_why_and_does_not_count(view: ComparisonView) -> None:
    view.show_comparison(
        make_comparison(
            make_answer("a"), make_answer("b"), ModelAnswer.failed("c", "the graph is damaged")
        )
    )
    assert view.headline == "All 2 models say Violin"
    assert view.lines[2] == "c in full: Cannot answer: the graph is damaged"
    view.grab()


def test_a_model_that_is_not_installed_has_a_row_with_the_reason(view: ComparisonView) -> None:
    view.show_models(CHOICES)
    view.show_comparison(make_comparison())
    assert view.lines[2].endswith("Not installed: no such file")
    assert view.headline == "The models disagree"


@pytest.mark.parametrize(
    ("states", "headline"),
    [
        ((State.QUIET, State.QUIET, State.QUIET), "No model names an instrument"),
        ((State.NOT_SURE,) * 3, "No model is sure; 3 of 3 guess Violin"),
        (
            (State.NOT_SURE, State.NOT_SURE, State.INSTRUMENT),
            "1 of 3 models says Violin, 2 more guess it",
        ),
        ((State.QUIET, State.NOT_SURE, State.QUIET), "No model names an instrument"),
        ((State.INSTRUMENT,) * 3, "All 3 models say Violin"),
    ],
)
def test_the_headline_says_whether_they_agree(
    view: ComparisonView, states: tuple[State, ...], headline: str
) -> None:
    answers = (make_answer(name, state) for name, state in zip("abc", states, strict=True))
    view.show_comparison(make_comparison(*answers))
    assert view.headline == headline


def test_what_a_model_is_not_sure_of_has_a_question_mark(view: ComparisonView) -> None:
    view.show_comparison(make_comparison(make_answer("a", State.NOT_SURE, Horn=0.3)))
    assert "Horn? 30" in view.lines[0]


def test_the_time_of_the_window_is_told(view: ComparisonView) -> None:
    view.show_comparison(make_comparison(start_s=63.0))
    assert view._window_words() == "1:03–1:06"


def test_a_click_on_a_row_chooses_its_model(view: ComparisonView, qtbot: QtBot) -> None:
    view.show_models((*CHOICES, OWN))
    view.show()

    def middle(row: int) -> QPoint:
        return view.row_rect(row).center().toPoint()

    with qtbot.waitSignal(view.model_chosen) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(3))
    assert told.args == [OWN.reference]
    with qtbot.assertNotEmitted(view.model_chosen):
        # Not installed, and the headline.
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle(2))
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 3))


def test_a_screen_reader_is_told_when_the_agreement_changes(view: ComparisonView) -> None:
    view.show_comparison(make_comparison(make_answer("a"), make_answer("b"), make_answer("c")))
    assert "All 3 models say Violin" in view.accessibleDescription()
    before = view.accessibleDescription()
    view.show_comparison(
        make_comparison(*(make_answer(name, Violin=0.8) for name in "abc"), start_s=1.0)
    )
    assert view.accessibleDescription() == before


@pytest.mark.parametrize("size", [(330, 120), (800, 260), (1600, 500)])
@pytest.mark.parametrize("colours", [DARK, LIGHT])
def test_every_size_can_be_drawn(
    view: ComparisonView, size: tuple[int, int], colours: object
) -> None:
    view.set_colours(colours)  # type: ignore[arg-type]
    view.mark_in_use("b")
    view.resize(*size)
    view.show_comparison(make_comparison(*(make_answer(name) for name in "abc")))
    assert not view.grab().isNull()


def test_the_room_it_wants_follows_the_page_within_bounds(view: ComparisonView) -> None:
    least = view.minimumSizeHint().height()
    heights = []
    for page in (100, 350, 5000):
        view.fit_page(page)
        heights.append(view.sizeHint().height())
    assert heights[0] == least
    assert least < heights[1] < heights[2]
