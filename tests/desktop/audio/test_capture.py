"""The microphone: opened as it wants to be, copied into the ring, every failure told."""

from threading import Event

import numpy as np
import pytest
from fake_portaudio import FakePortAudio, device

from timbrescope.desktop.audio import capture
from timbrescope.desktop.audio.capture import MicrophoneSource
from timbrescope.desktop.audio.devices import list_input_devices
from timbrescope.models.errors import AudioDeviceError


def _microphone(sd: FakePortAudio) -> MicrophoneSource:
    return MicrophoneSource(list_input_devices(sd)[0], sd=sd)


def test_the_device_opens_at_its_own_rate_and_channels() -> None:
    sd = FakePortAudio([device("Interface", inputs=4, rate=96_000)])
    source = _microphone(sd)
    source.start()
    settings = sd.streams[0].settings
    assert (settings["samplerate"], settings["channels"]) == (96_000, 4)
    assert settings["latency"] == "high"
    assert source.ring.capacity_frames >= 3 * 96_000


def test_what_it_hears_arrives_in_the_ring() -> None:
    sd = FakePortAudio([device("Mic", inputs=1)])
    source = _microphone(sd)
    source.start()
    block = np.random.default_rng(1).standard_normal((480, 1)).astype(np.float32)
    sd.streams[0].deliver(block)
    block_kept = block.copy()
    block[:] = 0  # PortAudio reuses its buffer
    np.testing.assert_array_equal(source.ring.read_new(), block_kept)
    sd.streams[0].deliver(block, overflow=True)
    health = source.health()
    assert (health.running, health.callbacks, health.input_overflows) == (True, 2, 1)


def test_fewer_channels_are_tried_before_giving_up() -> None:
    sd = FakePortAudio([device("Odd", inputs=6)], refused={6: "Invalid number of channels"})
    source = _microphone(sd)
    source.start()
    assert source.channels == source.ring.read_new().shape[1] == 4


def test_a_device_that_does_not_open_is_told_with_advice() -> None:
    message = "Device unavailable [PaErrorCode -9985]"
    sd = FakePortAudio([device("Busy", inputs=2)], refused={2: message, 1: message})
    source = _microphone(sd)
    with pytest.raises(AudioDeviceError) as caught:
        source.start()
    assert "in use by another program" in str(caught.value)
    assert "PaErrorCode" not in str(caught.value)
    assert "Busy" in str(caught.value)
    assert "permitted" in str(caught.value)
    assert not source.health().running


def test_wasapi_may_convert_rates() -> None:
    sd = FakePortAudio([device("Mic")], apis=("Windows WASAPI",))
    _source = _microphone(sd)
    _source.start()
    assert sd.streams[0].settings["extra_settings"] == {"auto_convert": True}


def test_an_exception_in_the_callback_is_reported_not_lost() -> None:
    sd = FakePortAudio([device("Mic", inputs=1)])
    source = _microphone(sd)
    source.start()
    with pytest.raises(ValueError, match="broadcast"):
        sd.streams[0].deliver(np.zeros((4, 3), dtype=np.float32))
    assert "broadcast" in (source.health().error or "")


def test_a_stream_that_ends_by_itself_is_no_longer_running() -> None:
    sd = FakePortAudio([device("Mic")])
    source = _microphone(sd)
    source.start()
    sd.streams[0].settings["finished_callback"]()
    assert not source.health().running


def test_stopping_twice_closes_once() -> None:
    sd = FakePortAudio([device("Mic")])
    source = _microphone(sd)
    source.start()
    source.stop()
    source.stop()
    assert sd.streams[0].closed


def test_a_driver_that_never_closes_does_not_hold_up_the_next_try(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sd = FakePortAudio([device("Mic")])
    stuck = _microphone(sd)
    stuck.start()
    driver = Event()
    monkeypatch.setattr(capture, "CLOSE_DEADLINE_S", 0.05)
    monkeypatch.setattr(sd.streams[0], "close", lambda **_: driver.wait())
    stuck.stop()
    assert "Mic was not closed within 0.05 s" in caplog.text
    again = _microphone(sd)
    again.start()
    assert again.health().running
    driver.set()


def test_a_source_started_again_runs_again() -> None:
    sd = FakePortAudio([device("Mic")])
    source = _microphone(sd)
    source.start()
    source.stop()
    assert not source.health().running
    source.start()
    assert source.health().running


@pytest.mark.parametrize(("listed", "given"), [(32, 18), (20, 18), (18, 16), (18, 2), (64, 32)])
def test_as_many_channels_as_the_host_gives(listed: int, given: int) -> None:
    refused = dict.fromkeys(range(given + 1, listed + 1), "Invalid number of channels")
    sd = FakePortAudio([device("Desk", inputs=listed)], refused=refused)
    source = MicrophoneSource(list_input_devices(sd)[0], sd=sd)
    source.start()
    assert source.channels == given
