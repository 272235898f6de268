"""A window that is closed closes, whatever the sound is doing, and leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from desk import Window, open_window
from rig import Home, VirtualMicrophone

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]

VIOLIN = Path(__file__).parents[2] / "desktop" / "demo" / "violin.ogg"


@pytest.fixture
def window(rig_home: Home, stage: dict[str, str]) -> Iterator[Window]:
    opened = open_window(rig_home, stage)
    yield opened
    opened.stop()


def test_it_closes_while_it_is_still_opening(window: Window) -> None:
    window.until(lambda _: True, what="a first sign of life")
    assert window.close() == 0


def test_it_closes_while_it_records_and_the_recording_is_whole(
    window: Window, virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    virtual_microphone.wait_for_listener()
    window.send(record=str(tmp_path / "take.wav"))
    virtual_microphone.play(VIOLIN)
    window.until(lambda shown: shown["blocks"] >= 2, what="two verdicts")
    assert window.close() == 0
    assert soundfile.info(tmp_path / "take.wav").duration > 3.0


def test_it_closes_while_paused(window: Window, virtual_microphone: VirtualMicrophone) -> None:
    virtual_microphone.wait_for_listener()
    window.send(pause=True)
    window.until(lambda shown: "Paused" in shown["headline"] + shown["detail"], what="a pause")
    assert window.close() == 0


def test_it_closes_while_the_microphone_is_unplugged(
    window: Window, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.unplug()
    window.until(lambda shown: shown["banner"], what="a banner")
    assert window.close() == 0


def test_it_closes_while_the_sound_server_is_gone(
    window: Window, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.crash()
    window.until(lambda shown: shown["banner"], what="a banner")
    assert window.close() == 0


def test_it_closes_while_the_sound_server_hangs(
    window: Window, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.hang()
    try:
        window.until(lambda shown: shown["banner"], what="a banner")
        assert window.close() == 0
    finally:
        virtual_microphone.go_on()


def test_it_closes_while_it_hears_sound(
    window: Window, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.play(VIOLIN)
    window.until(lambda shown: shown["blocks"] >= 1, what="a verdict")
    assert window.close() == 0
