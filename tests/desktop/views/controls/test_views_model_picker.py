import pytest
from pytestqt.qtbot import QtBot
from view_doubles import CHOICES, OWN

from timbrescope.desktop.engine.model_choices import model_choices
from timbrescope.desktop.views.answers.figure_delegate import FIGURE_ROLE, FigureDelegate
from timbrescope.desktop.views.controls.model_picker import OPEN_TITLE, ModelPicker


@pytest.fixture
def picker(qtbot: QtBot) -> ModelPicker:
    made = ModelPicker((*CHOICES, OWN))
    qtbot.addWidget(made)
    made.show()
    return made


def test_figures_stand_beside_the_titles_that_have_one(picker: ModelPicker) -> None:
    assert picker.figures == {"CNN on mel spectrograms": "70% right", "CNN on MFCCs": "60% right"}


def test_every_shipped_model_has_a_figure(qtbot: QtBot) -> None:
    choices = model_choices()
    picker = ModelPicker(choices)
    qtbot.addWidget(picker)
    assert set(picker.figures) == {choice.title for choice in choices}
    assert all(figure.endswith("% of unseen recordings") for figure in picker.figures.values())


@pytest.mark.parametrize("width_px", range(60, 420, 40))
def test_a_narrow_box_never_cuts_what_could_be_said_shorter(
    picker: ModelPicker, width_px: int
) -> None:
    picker.setMinimumWidth(0)
    picker.setMaximumWidth(600)
    picker.resize(width_px, picker.height())
    shown, short = picker.shown_text, picker.wordings()[-1]
    assert picker.fontMetrics().horizontalAdvance(shown) <= width_px
    assert (
        shown in picker.wordings() or picker.fontMetrics().horizontalAdvance(short) > 0.4 * width_px
    )


def test_a_wide_box_says_all_and_a_narrow_one_the_short_title(picker: ModelPicker) -> None:
    picker.setMaximumWidth(800)
    picker.resize(800, picker.height())
    assert picker.shown_text == "CNN on mel spectrograms · 70% right"
    picker.setMinimumWidth(0)
    picker.resize(130, picker.height())
    assert picker.shown_text == "CNN mel"


def test_the_list_has_room_for_title_and_figure(picker: ModelPicker) -> None:
    metrics = picker.fontMetrics()
    needed = max(
        metrics.horizontalAdvance(title + picker.figures.get(title, "")) for title in picker.titles
    )
    assert picker.view().minimumWidth() > needed


def test_separators_are_thinner_than_entries_and_have_no_figure(picker: ModelPicker) -> None:
    delegate = picker.itemDelegate()
    assert isinstance(delegate, FigureDelegate)
    row = picker.findText(OPEN_TITLE) - 1
    assert picker.itemData(row, FIGURE_ROLE) is None
    heights = [picker.view().sizeHintForRow(each) for each in (row, row + 1)]
    assert 0 < heights[0] < heights[1]
