"""Inputs are looked at while their list is open, and at no other time."""

from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot
from view_doubles import MICROPHONE, OTHER, FakeLive, make_update

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.input_levels import NOTHING_SEEN, InputsSeen
from timbrescope.desktop.engine.messages import ChannelLevels, LiveUpdate
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.presenters.input_levels import InputLevelsPresenter
from timbrescope.desktop.views.style.theme import DARK

NEW = InputDevice(2, "New", "ALSA", 1, 48_000, False)


class FakeLevels:
    """Says what the test wants to be seen, and remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.seen = NOTHING_SEEN

    def start(self, *, without: str = "") -> None:
        self.calls.append(f"without {without}")

    def stop(self) -> None:
        self.calls.append("stop")

    def newest(self) -> InputsSeen:
        return self.seen


class Room:
    """A presenter with what stands round it; the list is open where the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
        self.live = FakeLive(make_update(), devices=(MICROPHONE, OTHER))
        self.levels = FakeLevels()
        self.shown: dict[InputDevice, float] = {}
        self.open = False
        controls = ControlsView(DARK)
        qtbot.addWidget(controls)
        monkeypatch.setattr(ControlsView, "devices_are_open", property(lambda _: self.open))
        monkeypatch.setattr(controls, "show_peaks", self._show)
        self.presenter = InputLevelsPresenter(self.live, controls=controls, levels=self.levels)  # type: ignore[arg-type]

    def _show(self, peaks: dict[InputDevice, float]) -> None:
        self.shown = peaks

    def follow(self, *, update: LiveUpdate | None = None) -> None:
        self.presenter.follow(update or _hearing("Microphone"))


def _hearing(name: str) -> LiveUpdate:
    update = make_update()
    source = SimpleNamespace(**{**vars(update.source), "name": name})
    channels = ChannelLevels((-30.0, -12.0), (True, True))
    return SimpleNamespace(source=source, channels=channels)  # type: ignore[return-value]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Room:
    return Room(monkeypatch, qtbot)


def test_nothing_is_looked_at_while_the_list_is_closed(room: Room) -> None:
    room.follow()
    assert room.levels.calls == []
    room.open = True
    room.follow()
    room.follow()
    assert room.levels.calls == ["without Microphone"]
    room.open = False
    room.follow()
    room.follow()
    assert room.levels.calls == ["without Microphone", "stop"]


def test_the_device_in_use_has_the_level_that_is_heard_and_others_that_of_the_helper(
    room: Room,
) -> None:
    room.open = True
    room.levels.seen = InputsSeen((MICROPHONE, OTHER), {OTHER: -40.0})
    room.follow()
    assert room.shown == {MICROPHONE: -12.0, OTHER: -40.0}


def test_what_was_plugged_in_since_is_learnt_once(room: Room) -> None:
    room.open = True
    room.levels.seen = InputsSeen((MICROPHONE, NEW), {})
    room.follow()
    assert room.live.devices() == (MICROPHONE, NEW)
    room.live.known = ()
    room.follow()
    assert room.live.devices() == ()
    # A helper that has crashed knows of no device: the list stays.
    room.levels.seen = NOTHING_SEEN
    room.follow()
    assert room.live.devices() == ()


def test_all_devices_are_free_before_one_is_opened(room: Room) -> None:
    room.presenter.stop()
    assert room.levels.calls == ["stop"]
