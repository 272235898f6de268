from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from view_doubles import CHOICES, MICROPHONE, OTHER, OWN

from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.controls.device_picker import DEMO_TITLE, NO_DEVICE_TITLE
from timbrescope.desktop.views.controls.model_picker import OPEN_TITLE
from timbrescope.desktop.views.controls.page_buttons import FILES_PAGE
from timbrescope.desktop.views.controls.small_level import HEARD_ROLE, PEAK_ROLE
from timbrescope.desktop.views.style.theme import DARK, LIGHT


def two_files(_: QWidget) -> list[Path]:
    return [Path("a.wav"), Path("b.flac")]


@pytest.fixture
def controls(qtbot: QtBot) -> ControlsView:
    made = ControlsView(
        DARK,
        models=CHOICES,
        ask=two_files,
        ask_for_folder=lambda _: [Path("music")],
        ask_model=lambda _: Path("own.onnx"),
    )
    qtbot.addWidget(made)
    return made


def pick(controls: ControlsView, title: str) -> None:
    combo = controls._device_combo
    combo.setCurrentIndex(combo.findText(title))
    combo.activated.emit(combo.currentIndex())


def test_without_a_device_the_demo_is_still_offered(controls: ControlsView) -> None:
    # Before it is known what there is, nothing is said of it.
    assert controls.device_titles == ("Starting", DEMO_TITLE)
    controls.show_devices(())
    assert controls.device_titles == (NO_DEVICE_TITLE, DEMO_TITLE)


def test_devices_and_demo_can_be_chosen(controls: ControlsView, qtbot: QtBot) -> None:
    controls.show_devices((MICROPHONE, OTHER))
    assert controls.device_titles == ("Microphone (default)", "Line in", DEMO_TITLE)
    with qtbot.waitSignal(controls.device_chosen) as told:
        pick(controls, "Line in")
    assert told.args == [OTHER]
    with qtbot.waitSignal(controls.demo_chosen):
        pick(controls, DEMO_TITLE)


def test_the_choice_stays_when_the_list_changes(controls: ControlsView) -> None:
    controls.show_devices((MICROPHONE, OTHER))
    controls.show_source("Line in", is_demo=False)
    controls.show_devices((OTHER,))
    assert controls._device_combo.currentText() == "Line in"
    controls.show_source("Demo clips", is_demo=True)
    assert controls._device_combo.currentText() == DEMO_TITLE


def test_showing_a_state_reports_no_choice(controls: ControlsView, qtbot: QtBot) -> None:
    with (
        qtbot.assertNotEmitted(controls.device_chosen),
        qtbot.assertNotEmitted(controls.demo_chosen),
        qtbot.assertNotEmitted(controls.model_chosen),
        qtbot.assertNotEmitted(controls.page_chosen),
    ):
        controls.show_devices((MICROPHONE, OTHER))
        controls.show_source("Line in", is_demo=False)
        controls.show_model("mfcc")
        controls.show_page(FILES_PAGE)


def test_the_model_is_chosen_by_its_human_name(controls: ControlsView, qtbot: QtBot) -> None:
    combo = controls._model_combo
    titles = [choice.title for choice in CHOICES[:2]]
    assert combo.titles == (*titles, "Random forest (not available)", OPEN_TITLE)
    assert "right for 70 %" in combo.toolTip()
    with qtbot.waitSignal(controls.model_chosen) as told:
        combo.activated.emit(1)
    assert told.args == ["mfcc"]


def test_a_model_that_is_not_there_cannot_be_chosen_and_says_why(controls: ControlsView) -> None:
    combo = controls._model_combo
    row = combo.findData("random-forest")
    assert not combo.model().item(row).isEnabled()
    assert "Not installed" in combo.itemData(row, Qt.ItemDataRole.ToolTipRole)


def test_a_pick_is_not_shown_before_it_answers(controls: ControlsView) -> None:
    combo = controls._model_combo
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert combo.currentData() == "mel"
    controls.show_model("mfcc")
    assert combo.currentData() == "mfcc"


def test_a_model_file_is_asked_for_and_reported(controls: ControlsView, qtbot: QtBot) -> None:
    combo = controls._model_combo
    with qtbot.waitSignal(controls.model_file_chosen) as told:
        combo.activated.emit(combo.findText(OPEN_TITLE))
    assert told.args == [Path("own.onnx")]
    assert combo.currentData() == "mel"


def test_the_users_own_model_joins_the_list_and_the_choice_stays(controls: ControlsView) -> None:
    controls.show_model("mfcc")
    controls.show_models((*CHOICES, OWN))
    combo = controls._model_combo
    assert combo.titles[-2:] == (OWN.title, OPEN_TITLE)
    assert combo.currentData() == "mfcc"
    controls.show_model(OWN.reference)
    assert OWN.details in combo.toolTip()


def test_comparing_can_be_switched(controls: ControlsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controls.compare_toggled) as told:
        controls._compare.click()
    assert told.args == [True]
    controls.show_comparing(False)
    assert not controls._compare.isChecked()


def test_pause_says_what_it_would_do(controls: ControlsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(controls.pause_toggled) as told:
        controls._pause.click()
    assert told.args == [True]
    controls.show_paused(True)
    assert controls._pause.text() == "Listen"
    with qtbot.waitSignal(controls.pause_toggled) as told:
        controls._pause.click()
    assert told.args == [False]


def test_files_and_folders_are_asked_for_and_reported(controls: ControlsView, qtbot: QtBot) -> None:
    files, folder, watched = controls._open.menu().actions()
    with qtbot.waitSignal(controls.files_chosen) as told:
        files.trigger()
    assert told.args == [[Path("a.wav"), Path("b.flac")]]
    with qtbot.waitSignal(controls.files_chosen) as told:
        folder.trigger()
    assert told.args == [[Path("music")]]
    with qtbot.waitSignal(controls.watch_requested):
        watched.trigger()


def test_words_give_way_to_icons_where_there_is_no_room(
    controls: ControlsView, qtbot: QtBot
) -> None:
    controls.resize(controls.minimumSizeHint().width(), 50)
    controls.show()
    assert controls._pause.text() == ""
    assert controls._pause.accessibleName() == "Pause"
    controls.resize(2400, 50)
    qtbot.waitUntil(lambda: controls._pause.text() == "Pause")


def test_themes_can_be_chosen(controls: ControlsView, qtbot: QtBot) -> None:
    controls.show_theme("dark")
    actions = {action.data(): action for action in controls._theme.menu().actions()}
    assert actions["dark"].isChecked()
    with qtbot.waitSignal(controls.theme_chosen) as told:
        actions["light"].trigger()
    assert told.args == ["light"]
    controls.set_colours(LIGHT)
    controls.grab()


def test_the_list_shows_how_loud_each_device_is(controls: ControlsView, qtbot: QtBot) -> None:
    controls.show_devices((MICROPHONE, OTHER))
    controls.show_source("Microphone", is_demo=False)
    controls.show()
    assert not controls.devices_are_open
    combo = controls._device_combo
    combo.showPopup()
    qtbot.waitUntil(lambda: controls.devices_are_open)
    view = combo.view()
    before = view.grab().toImage()
    controls.show_peaks({OTHER: -6.0})
    assert [combo.itemData(row, PEAK_ROLE) for row in range(2)] == [None, -6.0]
    assert [combo.itemData(row, HEARD_ROLE) for row in range(2)] == [True, False]
    assert view.grab().toImage() != before
    controls.show_peaks({})
    assert view.grab().toImage() == before
    combo.hidePopup()
    assert not controls.devices_are_open


def test_a_device_that_is_plugged_in_joins_the_list_while_it_is_open(
    controls: ControlsView, qtbot: QtBot
) -> None:
    controls.show_devices((MICROPHONE,))
    controls.show()
    combo = controls._device_combo
    combo.showPopup()
    height = combo.view().height()
    controls.show_devices((MICROPHONE, OTHER))
    assert controls.devices_are_open
    qtbot.waitUntil(lambda: combo.view().height() > height)
    combo.hidePopup()
