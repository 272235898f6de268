"""The list of devices: shared ones first, one host API, and a wish that survives absence."""

import os
import sys
from pathlib import Path

import pytest
from fake_portaudio import FakePortAudio, FakePortAudioError, device

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.devices import DeviceWish, find_device, list_input_devices, rescan
from timbrescope.desktop.audio.sound_server import ServerSource, recording_from
from timbrescope.models.errors import AudioDeviceError

LINUX = [
    device("HDA Intel PCH: ALC257 Analog (hw:0,0)"),
    device("HDMI (hw:1,3)", inputs=0),
    device("Scarlett 18i8: USB (hw:2,0)", inputs=18, rate=44_100),
    device("sysdefault", inputs=128),
    device("pulse", inputs=32, rate=44_100),
    device("default", inputs=32),
]


def test_shared_devices_come_first_and_bare_hardware_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    names = [entry.name for entry in list_input_devices(FakePortAudio(LINUX, default=5))]
    assert names[:2] == ["pulse", "default"]
    assert all("hw:" in name for name in names[-2:])
    assert "HDMI (hw:1,3)" not in names


@pytest.mark.parametrize("inputs", [18, 32, 64])
def test_a_device_keeps_its_own_rate_and_all_its_channels(inputs: int) -> None:
    listed = [*LINUX, device("Desk 64: USB (hw:3,0)", inputs=inputs, rate=44_100)]
    desk = next(each for each in list_input_devices(FakePortAudio(listed)) if "Desk" in each.name)
    assert (desk.sample_rate_hz, desk.channels) == (44_100, inputs)


def test_a_sound_server_is_opened_in_stereo() -> None:
    devices = list_input_devices(FakePortAudio(LINUX))
    assert {entry.channels for entry in devices if entry.name in ("pulse", "default")} == {2}


def test_windows_lists_each_device_once() -> None:
    listed = [device("Mic", hostapi=0), device("Mic", hostapi=1), device("Mic", hostapi=2)]
    sd = FakePortAudio(listed, apis=("MME", "Windows DirectSound", "Windows WASAPI"))
    assert [entry.host_api for entry in list_input_devices(sd)] == ["Windows WASAPI"]


def test_the_default_of_the_host_api_comes_first() -> None:
    listed = [
        device("Mic", hostapi=0),
        device("Line", hostapi=1),
        device("Webcam", hostapi=1),
        device("Mic", hostapi=1),
    ]
    # PortAudio's overall default is its first API's.
    sd = FakePortAudio(listed, apis=("MME", "Windows WASAPI"), default=(0, 3))
    first, *others = list_input_devices(sd)
    assert (first.name, first.host_api, first.is_default) == ("Mic", "Windows WASAPI", True)
    assert not any(entry.is_default for entry in others)


def test_no_device_is_an_empty_list() -> None:
    assert list_input_devices(FakePortAudio([])) == []


def test_a_wish_is_found_by_name_and_host_api_or_not_at_all() -> None:
    devices = list_input_devices(FakePortAudio(LINUX))
    found = find_device(DeviceWish("pulse", "ALSA"), devices)
    assert found is not None
    assert found.name == "pulse"
    assert find_device(DeviceWish("pulse", "JACK"), devices) == found
    assert find_device(DeviceWish("Scarlett", "ALSA"), devices) is None


def test_names_that_cannot_be_decoded_leave_the_system_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sd = FakePortAudio([])

    def fail() -> list[dict[str, object]]:
        raise UnicodeDecodeError("utf-8", b"\xc2", 0, 1, "invalid")

    monkeypatch.setattr(sd, "query_devices", fail)
    (only,) = list_input_devices(sd)
    assert only.index is None


def test_a_refusal_to_list_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sd = FakePortAudio([])

    def fail() -> list[dict[str, object]]:
        raise FakePortAudioError("Error querying device -1")

    monkeypatch.setattr(sd, "query_devices", fail)
    with pytest.raises(AudioDeviceError, match="Error querying device -1"):
        list_input_devices(sd)


def test_rescan_starts_portaudio_anew() -> None:
    sd = FakePortAudio([])
    rescan(sd)
    assert sd.calls == ["terminate", "initialize"]


def test_rescan_works_again_once_portaudio_does() -> None:
    sd = FakePortAudio([])
    sd.broken = True
    for _ in range(2):
        with pytest.raises(AudioDeviceError, match="sound service refused"):
            rescan(sd)
    sd.broken = False
    rescan(sd)
    assert sd.calls == ["terminate", "initialize"]


def test_a_missing_library_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(AudioDeviceError, match="libportaudio2"):
        portaudio.load()


def test_a_portaudio_that_does_not_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The import initialises PortAudio; its error class is not to be had when that fails.
    (tmp_path / "sounddevice.py").write_text(
        "class PortAudioError(Exception): pass\n"
        "raise PortAudioError('Error initializing PortAudio')"
    )
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AudioDeviceError, match="Error initializing PortAudio"):
        portaudio.load()


@pytest.mark.parametrize("variable", ["PULSE_PROP_OVERRIDE_application.name", "PIPEWIRE_ALSA"])
def test_the_sound_server_is_told_our_name_unless_the_user_chose_one(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", type(sys)("sounddevice"))
    monkeypatch.setenv(variable, "to be restored")
    monkeypatch.delenv(variable)
    portaudio.load()
    assert portaudio.APPLICATION_NAME in os.environ[variable]
    monkeypatch.setenv(variable, "the user's")
    portaudio.load()
    assert os.environ[variable] == "the user's"


SOURCES = (
    ServerSource("usb", "Scarlett 18i20 USB", 20, is_monitor=False, is_default=True),
    ServerSource("out.monitor", "Monitor of Speakers", 2, is_monitor=True, is_default=False),
)


def test_inputs_of_the_sound_server_are_listed_with_all_their_channels() -> None:
    listed = list_input_devices(FakePortAudio(LINUX, default=5), ask_server=lambda: SOURCES)
    found = {each.name: each for each in listed}
    assert found["Scarlett 18i20 USB"].channels == 20
    assert found["Scarlett 18i20 USB"].server_source == "usb"
    assert {found[name].channels for name in ("pulse", "default")} == {20}


def test_what_the_computer_plays_is_listed_last_and_as_such() -> None:
    listed = list_input_devices(FakePortAudio(LINUX, default=5), ask_server=lambda: SOURCES)
    assert (listed[-1].name, listed[-1].is_system_sound) == ("What you hear: Speakers", True)
    names = ("Stereo Mix (Realtek)", "BlackHole 2ch", "Speakers [Loopback]", "Microphone")
    others = list_input_devices(FakePortAudio([device(name) for name in names]))
    assert [each.name for each in others if not each.is_system_sound] == ["Microphone"]
    assert others[0].name == "Microphone"


def test_without_a_way_to_the_server_it_is_not_asked() -> None:
    def ask() -> tuple[ServerSource, ...]:
        raise AssertionError

    assert list_input_devices(FakePortAudio([device("Mic")]), ask_server=ask)


@pytest.mark.parametrize("before", [None, "mine"])
def test_a_stream_is_led_to_its_source_and_the_choice_of_others_stays(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.delenv("PULSE_SOURCE", raising=False)
    if before:
        monkeypatch.setenv("PULSE_SOURCE", before)
    with recording_from("usb"):
        assert os.environ["PULSE_SOURCE"] == "usb"
    assert os.environ.get("PULSE_SOURCE") == before
    with recording_from(""):
        assert os.environ.get("PULSE_SOURCE") == before
