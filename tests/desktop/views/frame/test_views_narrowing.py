"""Limits of answers in settings, strip, memory and engines."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from view_doubles import FakeFiles, FakeLive, list_models, make_update

from timbrescope.desktop.engine.narrowing import WHOLE, Narrowing
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.frame.answers_page import AnswersPage
from timbrescope.desktop.views.frame.narrowing_strip import narrowing_words
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.instruments import NAMES

BAND = Narrowing(only=("Flute", "Violin"), threshold=0.8)


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    made = MainWindow(FakeLive(make_update()), FakeFiles(), settings, list_models=list_models)
    qtbot.addWidget(made)
    made.show()
    made._timer.stop()
    yield made
    made.close()


def test_limits_are_remembered_and_nonsense_in_their_place_is_none(settings: Settings) -> None:
    assert settings.narrowing == WHOLE
    settings.narrowing = BAND
    assert settings.narrowing == BAND
    settings._store.setValue("answers/only", "Violin,Kazoo")
    settings._store.setValue("answers/threshold", "often")
    assert settings.narrowing == Narrowing(only=("Violin",))


def test_what_acts_is_said_over_both_pages_and_ended_by_one_click(window: MainWindow) -> None:
    assert window.narrowing.text == ""
    window._narrowing.use(BAND)
    assert window.narrowing.text == "Only Flute, Violin · Named from 80\u202f% on"
    assert window._live.calls[-1] == ("narrow", BAND)
    assert window._files.calls[-1] == ("narrow", BAND)
    window.narrowing.end.click()
    assert window.narrowing.text == ""
    assert window._live.calls[-1] == ("narrow", WHOLE)
    assert window._settings.narrowing == WHOLE


def test_they_are_changed_in_the_settings(window: MainWindow) -> None:
    window._narrowing.use(Narrowing(only=("Violin",)))
    window.narrowing.change.click()
    dialog = window.preferences.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.answers.instruments["Violin"].isChecked()
    dialog.answers.instruments["Flute"].click()
    assert window._settings.narrowing.only == ("Flute", "Violin")
    dialog.answers.limit.setValue(90)
    assert window._settings.narrowing.threshold == 0.9
    window.narrowing.end.click()
    assert not dialog.answers.instruments["Violin"].isChecked()
    assert not dialog.answers.with_limit.isChecked()


def test_an_audience_reads_the_limits_too(window: MainWindow) -> None:
    window._narrowing.use(BAND)
    window.presentation.begin()
    assert window.narrowing.text
    assert not window.narrowing.change.isVisible()
    window.presentation.end()
    assert window.narrowing.change.isVisible()


def test_many_instruments_are_counted(qtbot: QtBot) -> None:
    page = AnswersPage()
    qtbot.addWidget(page)
    page.show_narrowing(Narrowing(only=NAMES[:9]))
    assert narrowing_words(Narrowing(only=NAMES[:9])) == "Only 9 of 28 instruments"
    with qtbot.waitSignal(page.narrowing_chosen) as said:
        page._none.click()
    assert said.args == [WHOLE]


def test_an_audience_can_read_the_limits(window: MainWindow) -> None:
    window._narrowing.use(BAND)
    words = window.narrowing._words
    at_the_desk = words.font().pointSizeF()
    window.narrowing.set_presenting(True)
    window.narrowing.resize(1920, 60)
    assert words.font().pointSizeF() > 2 * at_the_desk
    window.narrowing.set_presenting(False)
    assert words.font().pointSizeF() == at_the_desk
