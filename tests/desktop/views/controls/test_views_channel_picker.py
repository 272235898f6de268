"""The list of channels: a level beside each, a choice that is told, and nothing for mono."""

import math

import pytest
from pytestqt.qtbot import QtBot

from timbrescope.desktop.engine.messages import ChannelLevels
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.channel_picker import ChannelPicker
from timbrescope.desktop.views.style.theme import Theme, colours_for

EIGHT = ChannelLevels((-6.0, -math.inf, *[-90.0] * 6), (True, *[False] * 7))


@pytest.fixture
def picker(qtbot: QtBot) -> ChannelPicker:
    made = ChannelPicker(colours_for(Theme.DARK))
    qtbot.addWidget(made)
    return made


def test_it_is_there_for_more_than_one_channel(picker: ChannelPicker) -> None:
    assert picker.isHidden()
    picker.show_channels(ChannelLevels((-6.0,), (True,)))
    assert picker.isHidden()
    picker.show_channels(EIGHT)
    assert not picker.isHidden()
    assert picker.text() == "All channels"
    picker.show_channels(ChannelLevels())
    assert not picker.isHidden()


def test_each_channel_has_a_level_and_shows_whether_it_is_heard(
    qtbot: QtBot, picker: ChannelPicker
) -> None:
    picker.show_channels(EIGHT)
    picker.show()
    picker.menu().popup(picker.mapToGlobal(picker.rect().bottomLeft()))
    picker.show_channels(EIGHT)
    assert [round(bar.share, 2) for bar in picker._bars] == [0.9, 0, 0, 0, 0, 0, 0, 0]
    assert [bar.is_used for bar in picker._bars] == [True, *[False] * 7]
    assert all(bar.isVisible() for bar in picker._bars)
    assert all(box.isVisible() for box in picker._boxes)
    picker.menu().close()


def test_another_device_has_another_list(picker: ChannelPicker) -> None:
    picker.show_channels(EIGHT)
    picker.show_channels(ChannelLevels((-6.0, -6.0), (True, True)))
    picker.menu().popup(picker.mapToGlobal(picker.rect().bottomLeft()))
    assert [box.isVisible() for box in picker._boxes] == [True, True]
    picker.menu().close()


def test_what_is_ticked_is_told(qtbot: QtBot, picker: ChannelPicker) -> None:
    told: list[tuple[int, ...]] = []
    picker.channels_chosen.connect(told.append)
    picker.show_channels(EIGHT)
    picker._boxes[2].click()
    picker._boxes[4].click()
    assert told == [(2,), (2, 4)]
    picker.show_channels(ChannelLevels(EIGHT.peaks_dbfs, EIGHT.used, (2, 4)))
    assert picker.text() == "Channel 3, 5"
    picker._automatic.trigger()
    assert told[-1] == ()
    picker.show_channels(EIGHT)
    assert picker.chosen == ()


def test_channels_are_remembered_for_each_device(settings: Settings) -> None:
    assert settings.channels_of("Desk (hw:1,0)") == ()
    settings.keep_channels("Desk (hw:1,0)", (2, 17))
    settings.keep_channels("a/b", (1,))
    assert settings.channels_of("Desk (hw:1,0)") == (2, 17)
    assert settings.channels_of("a/b") == (1,)
    settings._store.setValue("channels/bad", "0 x -1")
    assert settings.channels_of("bad") == ()
