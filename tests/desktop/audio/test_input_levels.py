"""Levels of inputs from a helper process: what it tells is known, what happens to it is harmless.

The helpers here are small programs that say what a real one would say.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.input_levels import NOTHING_SEEN, PATIENCE_S, InputLevels

DEADLINE_S = 30.0
FIRST = InputDevice(0, "Mic", "ALSA", 2, 48_000, True)
SECOND = InputDevice(1, "Line", "ALSA", 8, 44_100, False)
TELLS = """
import json, sys
from dataclasses import asdict
from timbrescope.desktop.audio.devices import InputDevice
without = json.loads(sys.stdin.readline())["without"]
devices = [InputDevice(0, "Mic", "ALSA", 2, 48_000, True),
           InputDevice(1, "Line", "ALSA", 8, 44_100, False)]
print(json.dumps({"devices": [asdict(each) for each in devices]}))
print(json.dumps({"peaks": [None if each.name == without else -20.5 for each in devices]}))
sys.stdout.flush()
"""
WAITS = "sys.stdin.read()"


@pytest.fixture
def made() -> Iterator[list[InputLevels]]:
    """Give a list of what is closed after the test."""
    levels: list[InputLevels] = []
    yield levels
    for each in levels:
        each.close()


def _running(made: list[InputLevels], program: str, **options: object) -> InputLevels:
    made.append(InputLevels([sys.executable, "-c", program], **options))  # type: ignore[arg-type]
    return made[-1]


def _until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, f"{what} never came"
        threading.Event().wait(0.01)


def _threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "timbrescope-levels"]


def test_devices_and_peaks_are_known_and_the_one_that_is_left_alone_has_none(
    made: list[InputLevels],
) -> None:
    levels = _running(made, TELLS + WAITS)
    assert levels.newest() == NOTHING_SEEN
    levels.start(without="Mic")
    _until(lambda: levels.newest().peaks_dbfs, "a level")
    assert levels.newest().devices == (FIRST, SECOND)
    assert levels.newest().peaks_dbfs == {SECOND: -20.5}
    levels.close()
    assert levels.newest() == NOTHING_SEEN
    assert not _threads()


@pytest.mark.parametrize(
    "end",
    ["import os, signal; os.kill(os.getpid(), signal.SIGABRT)", "sys.exit(1)", "print('no line')"],
)
def test_a_helper_that_crashes_takes_the_levels_along_and_nothing_else(
    made: list[InputLevels], end: str
) -> None:
    levels = _running(made, TELLS + end)
    levels.start()
    _until(lambda: not _threads(), "its end")
    assert levels.newest() == NOTHING_SEEN
    # It is not there any more, not even as a zombie.
    helper = levels._helper
    assert helper is not None
    assert helper._process.returncode is not None


@pytest.mark.parametrize("stuck", ["before it tells anything", "afterwards"])
def test_a_helper_that_hangs_is_ended(made: list[InputLevels], stuck: str) -> None:
    now_s = 0.0
    program = TELLS if stuck == "afterwards" else "import sys\n"
    levels = _running(made, program + WAITS, clock=lambda: now_s)
    levels.start()
    if stuck == "afterwards":
        _until(lambda: levels.newest().peaks_dbfs, "a level")
    now_s = PATIENCE_S + 0.1
    assert levels.newest() == NOTHING_SEEN
    _until(lambda: not _threads(), "its end")


def test_the_helper_is_gone_when_it_is_stopped(made: list[InputLevels]) -> None:
    levels = _running(made, TELLS + WAITS)
    levels.start()
    helper = levels._helper
    assert helper is not None
    _until(lambda: levels.newest().peaks_dbfs, "a level")
    levels.stop()
    _until(lambda: not helper.thread.is_alive(), "the end of its thread")
    assert helper._process.returncode is not None


def test_there_is_never_more_than_one(made: list[InputLevels]) -> None:
    levels = _running(made, TELLS + WAITS)
    for _ in range(5):
        levels.start()
    _until(lambda: len(_threads()) == 1, "the end of all but one")
    _until(lambda: levels.newest().peaks_dbfs, "a level")


def test_a_program_that_cannot_be_started_gives_no_levels(made: list[InputLevels]) -> None:
    made.append(InputLevels(["/nowhere/at/all"]))
    made[-1].start()
    assert made[-1].newest() == NOTHING_SEEN
