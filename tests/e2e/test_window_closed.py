"""A window that is closed closes, whatever the program is doing, and leaves nothing behind.

Each state once, or as often as the variable ``CLOSINGS`` says.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from desk import CLOSED_DEADLINE_S, TROUBLE, Window, open_window
from rig import Home, VirtualMicrophone, wait_for

CLOSINGS = int(os.environ.get("CLOSINGS", "1"))

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120 + 60 * CLOSINGS)]

VIOLIN = Path(__file__).parents[2] / "desktop" / "demo" / "violin.ogg"
Open = Callable[[], Window]


@pytest.fixture
def open_(rig_home: Home, stage: dict[str, str]) -> Iterator[Open]:
    """Give what opens a window; it is ended with the test if it is still there."""
    opened: list[Window] = []

    def make(*arguments: str) -> Window:
        opened.append(open_window(rig_home, stage, *arguments))
        return opened[-1]

    yield make
    for window in opened:
        window.stop()


def _closes(window: Window) -> None:
    """Close a window, and see that nothing is left of its program and that it did not complain."""
    status = window.close()
    assert status == 0, window.errors
    assert not [words for words in TROUBLE if words in window.errors], window.errors
    wait_for(
        lambda: not window.processes,
        what="the end of all its processes",
        timeout_s=CLOSED_DEADLINE_S,
    )


def _until_shown(window: Window, key: str, what: str) -> dict[str, Any]:
    return window.until(lambda shown: shown[key], what=what)


def _room(folder: Path) -> Path:
    path = folder / "room.wav"
    if not path.exists():
        noise = 10 ** (-75 / 20) * np.random.default_rng(1).standard_normal(60 * 44_100)
        soundfile.write(path, noise, 44_100, subtype="FLOAT")
    return path


def _folder_of_files(folder: Path, count: int) -> Path:
    made = folder / "many"
    made.mkdir(exist_ok=True)
    for number in range(count):
        shutil.copy(VIOLIN, made / f"{number}.ogg")
    return made


def _long_file(folder: Path) -> Path:
    path = folder / "long.flac"
    if not path.exists():
        sound, rate = soundfile.read(VIOLIN, dtype="float32")
        soundfile.write(path, np.tile(sound, 400), rate)
    return path


# -- the states: each function leads a fresh window into one -----------------------------------


def starting(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    window.until(lambda _: True, what="a first sign of life")


def listening(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    microphone.play(VIOLIN)
    _until_shown(window, "blocks", "a verdict")


def quiet(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    microphone.play(_room(folder))
    window.until(lambda shown: "Quiet" in shown["headline"], what="a quiet room")


def paused(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    window.send(pause=True)
    window.until(lambda shown: "Paused" in shown["headline"] + shown["detail"], what="a pause")


def unplugged(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    microphone.unplug()
    _until_shown(window, "banner", "a banner")


def server_killed(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    microphone.crash()
    _until_shown(window, "banner", "a banner")


def server_hangs(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    microphone.hang()
    _until_shown(window, "banner", "a banner")


def file_running(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    window.send(drop=[str(_long_file(folder))])
    window.until(
        lambda shown: any("Listening" in row["words"] for row in shown["files"]),
        what="a file that is being classified",
    )


def folder_running(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    window.send(drop=[str(_folder_of_files(folder, 60))])
    window.until(lambda shown: 2 <= _answered(shown) < 60, what="the first files of a folder")


def _answered(shown: dict[str, Any]) -> int:
    unanswered = ("Waiting", "Listening")
    return len([row for row in shown["files"] if not row["words"].startswith(unanswered)])


def recording(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    take = folder / "take.wav"
    take.unlink(missing_ok=True)
    window.send(record=str(take))
    microphone.play(VIOLIN)
    window.until(lambda shown: shown["blocks"] >= 2, what="two verdicts")


def frozen(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    listening(window, microphone, folder)
    window.send(act="FREEZE")
    _until_shown(window, "frozen", "a picture that stands still")


def playing(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    frozen(window, microphone, folder)
    window.send(act="PLAY")
    _until_shown(window, "playing", "what was heard being played")


def picking(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    window.send(pick=True)
    _until_shown(window, "popup", "the list of sources")


def dialog_open(window: Window, microphone: VirtualMicrophone, folder: Path) -> None:
    microphone.wait_for_listener()
    window.send(act="SETTINGS")
    window.until(lambda shown: shown["dialogs"], what="the settings")


STATES = [
    *(starting, listening, quiet, paused, unplugged, server_killed, server_hangs),
    *(file_running, folder_running, recording, frozen, playing, picking, dialog_open),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_it_closes_and_leaves_nothing_behind(
    open_: Open, virtual_microphone: VirtualMicrophone, tmp_path: Path, state: Callable[..., None]
) -> None:
    for _ in range(CLOSINGS):
        window = open_()
        try:
            state(window, virtual_microphone, tmp_path)
            _closes(window)
        finally:
            virtual_microphone.recover()
        if state is recording:
            assert soundfile.info(tmp_path / "take.wav").duration > 3.0
