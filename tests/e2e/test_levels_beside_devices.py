"""The list of sources shows which microphone is the one, and what was plugged in since."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import Window, open_window
from rig import Home, VirtualMicrophone, VirtualScreen, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SECOND, THIRD = "What you hear: second", "What you hear: third"
HELPER = "level_helper"


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """Give a minute of noise."""
    path = tmp_path / "noise.wav"
    sound = 0.05 * np.random.default_rng(1).standard_normal(60 * 44_100)
    soundfile.write(path, sound, 44_100, subtype="FLOAT")
    return path


@pytest.fixture
def window(
    rig_home: Home, virtual_microphone: VirtualMicrophone, virtual_screen: VirtualScreen
) -> Iterator[Window]:
    virtual_microphone.add("second")
    stage = virtual_microphone.environment() | virtual_screen.environment()
    opened = open_window(rig_home, stage)
    yield opened
    opened.stop()


def _helpers(window: Window) -> list[int]:
    return [number for number, words in window.processes.items() if HELPER in words]


def _is_loud(shown: dict[str, Any], title: str) -> bool:
    peak = shown["peaks"].get(title)
    return peak is not None and peak > -40


def test_the_one_that_is_played_into_has_a_level_until_the_list_is_closed(
    window: Window, virtual_microphone: VirtualMicrophone, noise: Path
) -> None:
    virtual_microphone.wait_for_listener()
    assert not _helpers(window)
    virtual_microphone.play(noise, into="second")
    window.send(pick=True)
    shown = window.until(
        lambda shown: _is_loud(shown, SECOND) and shown["peaks"]["pulse"] is not None,
        what="the level of the second, and of the one that is heard",
    )
    # The device that is open has the level that the program hears: nothing.
    assert shown["peaks"]["pulse"] < -100
    assert len(_helpers(window)) == 1
    # What is plugged in later is there when the list is opened again, and can be chosen.
    window.send(unpick=True)
    wait_for(lambda: not _helpers(window), what="the end of the helper")
    assert virtual_microphone.listeners() == 1
    virtual_microphone.add("third")
    virtual_microphone.play(noise, into="third")
    window.send(pick=True)
    window.until(lambda shown: _is_loud(shown, THIRD), what="the level of the third")
    window.send(choose=THIRD)
    window.until(
        lambda shown: shown["source"] == THIRD and shown["blocks"],
        what="a verdict on what is heard there",
    )
    wait_for(lambda: not _helpers(window), what="the end of the helper")
    assert window.close() == 0
    assert "Traceback" not in window.errors


@pytest.mark.slow
def test_a_helper_that_is_killed_takes_the_levels_along_and_nothing_else(
    window: Window, virtual_microphone: VirtualMicrophone, noise: Path
) -> None:
    virtual_microphone.wait_for_listener()
    virtual_microphone.play(noise, into="second")
    window.send(pick=True)
    window.until(lambda shown: _is_loud(shown, SECOND), what="the level of the second")
    os.kill(_helpers(window)[0], signal.SIGKILL)
    window.until(lambda shown: shown["peaks"][SECOND] is None, what="no level any more")
    assert not _helpers(window)
    virtual_microphone.play(noise)
    shown = window.until(lambda shown: _is_loud(shown, "pulse"), what="the level of its own")
    assert shown["popup"]
    assert not shown["banner"]
    assert window.close() == 0


@pytest.mark.slow
def test_a_list_that_is_opened_and_closed_quickly_leaves_one_helper_or_none(
    window: Window, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.wait_for_listener()
    for _ in range(30):
        window.send(pick=True)
        window.until(lambda shown: shown["popup"], what="the list")
        window.send(unpick=True)
        window.until(lambda shown: not shown["popup"], what="no list")
        assert len(_helpers(window)) <= 1
    wait_for(lambda: not _helpers(window), what="the end of the helper")
    assert virtual_microphone.listeners() == 1
    assert window.close() == 0
    wait_for(lambda: not window.processes, what="the end of all its processes")
