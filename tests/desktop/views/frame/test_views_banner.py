import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from timbrescope.desktop.views.frame.banner import Banner, Severity


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    return made


def test_it_is_hidden_until_there_is_something_to_say(banner: Banner) -> None:
    assert banner.isHidden()
    banner.show_message("No microphone found", Severity.ERROR, actions=("Play the demo",))
    assert banner.text == "No microphone found"
    assert banner.accessibleName() == "No microphone found"
    banner.clear()
    assert banner.text == ""


def test_its_button_tells_which_action_was_chosen(banner: Banner, qtbot: QtBot) -> None:
    banner.show_message("No sound", Severity.WARNING, actions=("Try again", "Play the demo"))
    buttons = [b for b in banner.findChildren(QPushButton) if b.text() == "Play the demo"]
    with qtbot.waitSignal(banner.action_chosen) as told:
        buttons[0].click()
    assert told.args == ["Play the demo"]


def test_a_message_that_was_closed_stays_away_until_it_was_over(banner: Banner) -> None:
    banner.show_message("No sound", Severity.WARNING)
    banner.close_message()
    banner.show_message("No sound", Severity.WARNING)
    assert banner.text == ""
    banner.clear()
    banner.show_message("No sound", Severity.WARNING)
    assert banner.text == "No sound"


def test_a_new_message_replaces_the_old_one(banner: Banner) -> None:
    banner.show_message("One", Severity.INFO, actions=("A",))
    banner.show_message("Two", Severity.ERROR, actions=("B", "C"))
    assert banner.text == "Two"
    assert banner.actions_offered == ("B", "C")


def test_what_is_brief_goes_by_itself_and_nothing_else_does(banner: Banner) -> None:
    banner.show_message("Saved", Severity.BRIEF)
    assert banner._passing.isActive()
    banner._passing.timeout.emit()
    assert banner.text == ""
    banner.show_message("Saved", Severity.BRIEF)
    assert banner.text == "Saved"
    banner.show_message("It failed", Severity.ERROR)
    assert not banner._passing.isActive()


def test_what_was_done_twice_is_said_twice(banner: Banner) -> None:
    banner.show_message("Saved", Severity.BRIEF)
    banner.close_message()
    banner.show_message("Saved", Severity.BRIEF)
    assert banner.text == "Saved"


def test_details_are_shown_on_demand(qtbot: QtBot, banner: Banner) -> None:
    banner.show_message("It does not open.", Severity.ERROR, details="PaErrorCode -9985")
    assert banner.whole_text == "It does not open."
    (button,) = (each for each in banner.findChildren(QPushButton) if each.text() == "Details")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert banner.whole_text == "It does not open.\nPaErrorCode -9985"
    assert banner.text == "It does not open."
    banner.show_message("Another.", Severity.ERROR)
    assert banner.whole_text == "Another."
    assert not button.isVisibleTo(banner)
