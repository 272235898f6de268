"""The helper that looks at all inputs: what it writes, and what a device may do to it."""

import io
import json
import os
import subprocess
import threading
import time
from typing import Any

import numpy as np
import pytest
from engine_doubles import HandSource

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.input_levels import MODULE
from timbrescope.desktop.audio.level_helper import (
    MOST_DEVICES,
    SILENCE_DBFS,
    STALLED_S,
    Ear,
    tell,
)
from timbrescope.desktop.audio.source import Source
from timbrescope.models.own_process import command_of, environment_of_ours

DEADLINE_S = 30.0


def _device(name: str) -> InputDevice:
    return InputDevice(0, name, "ALSA", 1, 44_100, False)


class Stop(Exception):  # noqa: N818 - ends the endless loop of a test, no error
    pass


def _told(
    names: tuple[str, ...], sources: dict[str, HandSource], *, known: int, without: str = ""
) -> list[Any]:
    """Return what is written until so many devices have a peak."""
    out = io.StringIO()
    end = time.monotonic() + DEADLINE_S

    def wait(_: float) -> None:
        peaks = json.loads(out.getvalue().splitlines()[-1]).get("peaks", [])
        if len([each for each in peaks if each is not None]) == known:
            raise Stop
        assert time.monotonic() < end, out.getvalue()
        threading.Event().wait(0.01)

    def open_source(device: InputDevice) -> Source:
        return sources[device.name]

    devices = [_device(name) for name in names]
    with pytest.raises(Stop):
        tell(devices, without=without, out=out, open_source=open_source, wait=wait)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_device_has_its_peak_and_one_that_is_refused_has_none() -> None:
    loud, silent, refused = HandSource(), HandSource(), HandSource(refusal="in use")
    loud.play(np.full(4_410, -0.5))
    silent.play(np.zeros(4_410))
    sources = {"loud": loud, "silent": silent, "refused": refused}
    devices, *peaks = _told(("loud", "mine", "silent", "refused"), sources, known=2, without="mine")
    assert [each["name"] for each in devices["devices"]] == ["loud", "mine", "silent", "refused"]
    first, mine, second, third = peaks[-1]["peaks"]
    assert first == pytest.approx(-6.0, abs=0.1)
    assert second == SILENCE_DBFS
    assert mine is None
    assert third is None


def test_only_so_many_devices_are_opened() -> None:
    names = tuple(f"device {number}" for number in range(MOST_DEVICES + 3))
    sources = {name: HandSource() for name in names[:MOST_DEVICES]}
    for source in sources.values():
        source.play(np.full(441, 0.5))
    _, *peaks = _told(names, sources, known=MOST_DEVICES)
    assert len(peaks[-1]["peaks"]) == len(names)


def test_a_device_that_delivers_no_more_has_no_level() -> None:
    source = HandSource()
    ear = Ear(_device("gone"), lambda _: source)
    assert ear.peak_dbfs is None
    ear.start()
    source.play(np.full(441, 0.5))
    assert ear.peak_dbfs is not None
    source.silent_s = STALLED_S + 0.1
    assert ear.peak_dbfs is None


@pytest.mark.parametrize("way", ["its input ends", "nobody reads"])
def test_it_ends_with_who_started_it(way: str) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        command_of(MODULE),
        env=environment_of_ours(),
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    assert process.stdin is not None
    process.stdin.write(b"{}\n")
    process.stdin.flush()
    if way == "its input ends":
        process.stdin.close()
    else:
        os.close(reading)
    try:
        # Without PortAudio it ends with 1 by itself.
        assert process.wait(60) in (0, 1)
    finally:
        process.kill()
        if way == "its input ends":
            os.close(reading)
        else:
            process.stdin.close()
