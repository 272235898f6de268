"""The keys: which does what, that buttons keep theirs, and that the user may change them."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from timbrescope.desktop.views.frame.keyboard import Keyboard
from timbrescope.desktop.views.frame.settings_dialog import SettingsDialog
from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut

KEYS = st.sampled_from(["Space", "E", "F5", "Ctrl+K", "PgDown", "?", ""])


class Desk:
    """A window with a button, a list, and shortcuts that are written down."""

    def __init__(self) -> None:
        self.done: list[Shortcut | str] = []
        self.window = QMainWindow()
        self.keys = KeyMap()
        centre = QWidget()
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button, self.combo = QPushButton("Press"), QComboBox()
        self.combo.addItems(["a", "b"])
        self.button.clicked.connect(lambda: self.done.append("pressed"))
        column = QVBoxLayout(centre)
        column.addWidget(self.button)
        column.addWidget(self.combo)
        self.window.setCentralWidget(centre)
        actions = {each: lambda each=each: self.done.append(each) for each in Shortcut}
        self.keyboard = Keyboard(self.window, self.keys, actions)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made.window.centralWidget().setFocus()
    yield made
    made.window.close()


def test_space_pauses_unless_a_button_has_the_focus(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.window.centralWidget(), Qt.Key.Key_Space)
    assert desk.done == [Shortcut.PAUSE]
    desk.button.setFocus()
    qtbot.keyClick(desk.button, Qt.Key.Key_Space)
    assert desk.done == [Shortcut.PAUSE, "pressed"]
    # Other keys go on meaning what they mean.
    qtbot.keyClick(desk.button, Qt.Key.Key_E)
    assert desk.done[-1] is Shortcut.EVIDENCE


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_return_presses_the_button_that_has_the_focus(
    desk: Desk, qtbot: QtBot, key: Qt.Key
) -> None:
    desk.button.setFocus()
    qtbot.keyClick(desk.button, key)
    assert desk.done == ["pressed"]
    desk.combo.setFocus()
    qtbot.keyClick(desk.combo, key)
    assert desk.combo.view().isVisible()
    desk.combo.hidePopup()


def test_a_key_that_the_user_chose_takes_the_place_of_the_old_one(desk: Desk, qtbot: QtBot) -> None:
    # As many foot pedals send it.
    assert desk.keys.choose(Shortcut.PAUSE, "PgDown") is None
    desk.keyboard.follow_keys()
    qtbot.keyClick(desk.window.centralWidget(), Qt.Key.Key_PageDown)
    qtbot.keyClick(desk.window.centralWidget(), Qt.Key.Key_Space)
    assert desk.done == [Shortcut.PAUSE]


def test_no_two_shortcuts_have_one_key_at_first() -> None:
    keys = KeyMap()
    assert [keys.holder(keys.keys(each), besides=each) for each in Shortcut] == [None] * len(
        Shortcut
    )


@given(st.lists(st.tuples(st.sampled_from(list(Shortcut)), KEYS), max_size=12))
def test_no_two_shortcuts_ever_have_one_key(chosen: list[tuple[Shortcut, str]]) -> None:
    keys = KeyMap()
    for shortcut, text in chosen:
        before = keys.keys(shortcut)
        holder = keys.choose(shortcut, text)
        assert keys.keys(shortcut) == (text if holder is None else before)
    used = [QKeySequence(keys.keys(each)).toString() for each in Shortcut]
    used = [each for each in used if each]
    assert len(used) == len(set(used))
    again = KeyMap(keys.changes())
    known = [each for each in Shortcut if again.keys(each) == keys.keys(each)]
    # What is read back never gives one key to two, even if their order was another.
    used = [again.keys(each) for each in Shortcut if again.keys(each)]
    assert len(used) == len(set(used))
    assert known


def test_remembered_nonsense_is_left_aside() -> None:
    keys = KeyMap({"PAUSE": "E", "DANCE": "X", "HELP": "H"})
    assert keys.keys(Shortcut.PAUSE) == "Space"
    assert keys.keys(Shortcut.HELP) == "H"


def test_the_settings_page_takes_keys_and_refuses_those_taken(qtbot: QtBot) -> None:
    keys = KeyMap()
    dialog = SettingsDialog(keys)
    qtbot.addWidget(dialog)
    changed: list[bool] = []
    dialog.keys_changed.connect(lambda: changed.append(True))
    edit = dialog.edits[Shortcut.PAUSE]
    edit.setKeySequence(QKeySequence("F9"))
    edit.editingFinished.emit()
    assert keys.keys(Shortcut.PAUSE) == "F9"
    assert changed == [True]
    edit.setKeySequence(QKeySequence("E"))
    edit.editingFinished.emit()
    assert keys.keys(Shortcut.PAUSE) == "F9"
    assert edit.keySequence() == QKeySequence("F9")
    assert Shortcut.EVIDENCE.purpose in dialog.problem
    assert changed == [True]


def test_esc_closes_the_settings_from_a_field_for_a_key(qtbot: QtBot) -> None:
    keys = KeyMap()
    dialog = SettingsDialog(keys)
    qtbot.addWidget(dialog)
    dialog.show()
    for shortcut in (Shortcut.PAUSE, Shortcut.LEAVE):
        edit = dialog.edits[shortcut]
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
        assert dialog.isHidden(), shortcut
        assert edit.keySequence() == QKeySequence(shortcut.keys)
        dialog.show()
    # Whoever gave "leave" another key can give it this one again.
    leave = dialog.edits[Shortcut.LEAVE]
    leave.setKeySequence(QKeySequence("F4"))
    leave.editingFinished.emit()
    qtbot.keyClick(leave, Qt.Key.Key_Escape)
    assert not dialog.isHidden()
    leave.editingFinished.emit()
    assert keys.keys(Shortcut.LEAVE) == "Esc"
