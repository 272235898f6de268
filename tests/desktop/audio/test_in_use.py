"""PortAudio is never ended while somebody is inside one of its streams."""

import subprocess
import sys
from threading import Event, Thread

import pytest
from fake_portaudio import FakePortAudio, FakeStream, device

from timbrescope.desktop.audio import capture
from timbrescope.desktop.audio.capture import MicrophoneSource
from timbrescope.desktop.audio.devices import list_input_devices, rescan
from timbrescope.desktop.audio.in_use import Holds, holds_of, in_use
from timbrescope.models.errors import AudioDeviceError

ANEW = ["terminate", "initialize"]


def _started(sd: FakePortAudio) -> MicrophoneSource:
    source = MicrophoneSource(list_input_devices(sd)[0], sd=sd)
    source.start()
    return source


def test_devices_are_not_looked_for_anew_while_a_stream_is_open() -> None:
    sd = FakePortAudio([device("Mic")])
    source = _started(sd)
    assert in_use()
    assert not rescan(sd)
    assert sd.calls == []
    source.stop()
    assert rescan(sd)
    assert sd.calls == ANEW


def test_nor_while_a_driver_does_not_come_back_from_closing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on, closed = Event(), Event()

    def close(stream: FakeStream, ignore_errors: bool = True) -> None:
        goes_on.wait(30)
        closed.set()

    monkeypatch.setattr(FakeStream, "close", close)
    monkeypatch.setattr(capture, "CLOSE_DEADLINE_S", 0.01)
    sd = FakePortAudio([device("Hangs")])
    _started(sd).stop()
    assert not rescan(sd)
    # A new stream beside the one left behind is what lets a user go on.
    _started(sd)
    goes_on.set()
    assert closed.wait(30)


def test_a_device_that_does_not_open_is_in_nobodys_way() -> None:
    message = "Device unavailable [PaErrorCode -9985]"
    sd = FakePortAudio([device("Busy")], refused={2: message, 1: message})
    with pytest.raises(AudioDeviceError):
        _started(sd)
    assert rescan(sd)


def test_what_is_opened_meanwhile_waits_until_it_has_begun_anew() -> None:
    holds = Holds()
    taken = Event()

    def take() -> None:
        holds.take()
        taken.set()

    with holds.alone() as alone:
        assert alone
        with holds.alone() as second:
            assert not second
        thread = Thread(target=take)
        thread.start()
        with pytest.raises(AudioDeviceError, match=r"within 0\.01 s"):
            holds.take(seconds=0.01)
        assert not taken.is_set()
    assert taken.wait(30)
    thread.join(30)
    assert holds.any
    holds.release()
    assert not holds.any


def test_a_library_and_what_stands_in_for_it_do_not_hold_each_other() -> None:
    one, other = FakePortAudio([]), FakePortAudio([])
    holds_of(one).take()
    assert rescan(other)
    assert not rescan(one)


_LEAVING = """
import atexit, sys, types
atexit.register(print, "left")
library = types.ModuleType("sounddevice")
library._exit_handler = lambda: print("ended")
atexit.register(library._exit_handler)
sys.modules["sounddevice"] = library
from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.in_use import holds_of
for _ in range(2):
    portaudio.load()
if sys.argv[1] == "open":
    holds_of(library).take()
"""


@pytest.mark.parametrize(("streams", "said"), [("open", ["left"]), ("none", ["ended", "left"])])
def test_it_is_ended_once_with_the_process_if_nobody_is_inside(
    streams: str, said: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LEAVING, streams],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == said


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/maps")
def test_portaudio_stays_in_memory_when_python_lets_go_of_it() -> None:
    """A thread may still be in it as the program ends: the end would be a crash."""
    program = """
from pathlib import Path
from timbrescope.desktop.audio import portaudio
portaudio.load()
import sounddevice
sounddevice._terminate()
sounddevice._ffi.dlclose(sounddevice._lib)
print("portaudio" in Path("/proc/self/maps").read_text())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    if "PortAudio library cannot be loaded" in done.stderr:
        pytest.skip("there is no PortAudio on this computer")
    assert done.stdout.split() == ["True"]
