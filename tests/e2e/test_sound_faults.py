"""Every way in which sound may fail, with the real program and a virtual sound server."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from live_program import LiveProgram
from rig import Home, VirtualMicrophone, missing_for_microphone, wait_for
from small_disk import small_disk

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

VIOLIN = Path(__file__).parents[2] / "desktop" / "demo" / "violin.ogg"
Listen = Callable[..., LiveProgram]


@pytest.fixture
def listen(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> Listen:
    """Start the program on the virtual microphone."""

    def start(*arguments: str, before: tuple[str, ...] = ()) -> LiveProgram:
        stage = virtual_microphone.environment()
        return LiveProgram(stage, arguments, log=tmp_path / "errors.log", before=before)

    return start


def _noise(folder: Path, *, level_dbfs: float) -> Path:
    rng = np.random.default_rng(1)
    path = folder / "room.wav"
    sound = 10 ** (level_dbfs / 20) * rng.standard_normal(20 * 44_100)
    soundfile.write(path, sound, 44_100, subtype="FLOAT")
    return path


def test_zeros_are_told_silence_is_quiet_and_unplugging_is_mended(
    listen: Listen, virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with listen() as program:
        program.until_health("running")
        zeros = program.until(
            lambda event: "only zeros" in event.get("message", ""), what="zeros are told"
        )
        assert zeros["health"] == "running"
        room = virtual_microphone.play(_noise(tmp_path, level_dbfs=-75))
        program.until(
            lambda event: event["event"] == "verdict" and event["state"] == "quiet",
            what="a quiet room",
        )
        room.stop()
        virtual_microphone.play(VIOLIN)
        before = program.until_sound()
        virtual_microphone.unplug()
        lost = program.until_health("stalled", "failed")
        assert lost["message"]
        assert "PaError" not in lost["message"]
        virtual_microphone.replug()
        program.until_health("running")
        virtual_microphone.play(VIOLIN)
        gap = program.until(lambda event: event["event"] == "gap", what="a gap")
        assert gap["start_s"] >= before["start_s"]
        after = program.until_sound()
        assert after["start_s"] >= gap["end_s"]
        assert "Traceback" not in program.errors


def test_a_sound_server_that_hangs_at_the_start_leaves_the_demo(
    listen: Listen, virtual_microphone: VirtualMicrophone
) -> None:
    virtual_microphone.hang()
    try:
        with listen() as program:
            playing = program.until_health("running")
            assert "Demo clips" in str(playing)
            assert program.until_sound()["event"] == "verdict"
            assert "Traceback" not in program.errors
    finally:
        virtual_microphone.go_on()


@pytest.mark.slow
def test_a_sound_server_that_is_killed_is_waited_for(
    listen: Listen, virtual_microphone: VirtualMicrophone
) -> None:
    with listen() as program:
        program.until_health("running")
        virtual_microphone.crash()
        lost = program.until_health("stalled", "failed")
        assert lost["message"]
        virtual_microphone.start()
        program.until_health("running", timeout_s=90)
        virtual_microphone.play(VIOLIN)
        program.until_sound()
        assert "Traceback" not in program.errors


@pytest.mark.slow
@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (48_000, 8), (192_000, 2)])
def test_other_rates_and_numbers_of_channels_are_heard(
    rig_home: Home, tmp_path: Path, rate_hz: int, channels: int
) -> None:
    if reason := missing_for_microphone():
        pytest.skip(reason)
    with VirtualMicrophone(rig_home, sample_rate_hz=rate_hz, channels=channels) as microphone:
        stage = microphone.environment()
        arguments = ("--device", "What you hear")
        with LiveProgram(stage, arguments, log=tmp_path / "errors.log") as program:
            running = program.until_health("running")
            assert running["channels"] == channels
            microphone.play(VIOLIN)
            assert program.until_sound()["level_dbfs"] > -40


@pytest.mark.slow
def test_a_server_that_does_not_let_us_in_is_told(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.write_bytes(os.urandom(256))
    ours.write_bytes(os.urandom(256))
    virtual_microphone._pactl(
        "load-module",
        "module-native-protocol-tcp",
        *(f"port={port}", "listen=127.0.0.1", "auth-anonymous=0", f"auth-cookie={theirs}"),
    )
    stage = virtual_microphone.environment()
    server = f"tcp:127.0.0.1:{port}"
    locked = tmp_path / "asound.conf"
    known = Path(stage["ALSA_CONFIG_PATH"]).read_text("utf-8")
    locked.write_text(known.replace(stage["PULSE_SERVER"], server), "utf-8")
    # Without shared memory, whose segments would be another way in.
    stage |= {"ALSA_CONFIG_PATH": str(locked), "PULSE_SERVER": server, "PULSE_COOKIE": str(ours)}
    with LiveProgram(stage, ("--device", "pulse"), log=tmp_path / "errors.log") as program:
        # What lets nobody in is not even listed.
        assert program.process.wait(60) == 2
        assert "No input device is called 'pulse'" in program.errors
        assert "Traceback" not in program.errors


@pytest.mark.slow
def test_a_device_that_is_listed_but_refused_is_told_in_plain_words_and_tried_again(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    # The server answers and lists the device, but gives this program no source to record from.
    stage = virtual_microphone.environment() | {"PULSE_SOURCE": "not-for-you"}
    with LiveProgram(stage, ("--device", "pulse"), log=tmp_path / "errors.log") as program:
        refused = program.until_health("failed", "stalled")
        assert refused["message"]
        assert not re.search("PaError|Expression", refused["message"])
        program.until_health("starting")
        program.until_health("failed", "stalled")
        assert program.process.poll() is None
        assert "Traceback" not in program.errors


@pytest.mark.slow
def test_a_full_disk_ends_the_recording_and_nothing_else(
    listen: Listen, virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        take = disk / "take.wav"
        with listen("--record", str(take)) as program:
            program.until_health("running")
            virtual_microphone.play(VIOLIN)
            wait_for(
                lambda: "Recording has ended: No space left on device" in program.errors,
                what="the full disk is told",
            )
            assert "Traceback" not in program.errors
            virtual_microphone.play(VIOLIN)
            program.until_sound()
        sound, rate = soundfile.read(take, dtype="float32")
        assert len(sound) > rate
        assert take.stat().st_size <= 2**20
        for line in take.with_suffix(".jsonl").read_text("utf-8").splitlines():
            assert json.loads(line)["event"]


@pytest.mark.slow
def test_a_kill_leaves_a_recording_that_can_be_read(
    listen: Listen, virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    take = tmp_path / "take.wav"
    with listen("--record", str(take)) as program:
        program.until_health("running")
        virtual_microphone.play(VIOLIN)
        program.until_sound()
        program.process.send_signal(signal.SIGKILL)
        program.process.wait(10)
    sound, rate = soundfile.read(take, dtype="float32", always_2d=True)
    assert len(sound) > rate
    assert np.abs(sound).max() > 0.01


@pytest.mark.slow
def test_a_program_that_was_stopped_for_20_s_goes_on(
    listen: Listen, virtual_microphone: VirtualMicrophone
) -> None:
    with listen() as program:
        program.until_health("running")
        program.process.send_signal(signal.SIGSTOP)
        # What the system does to a program while the lid is shut, not a wait for something.
        time.sleep(20)
        program.process.send_signal(signal.SIGCONT)
        virtual_microphone.play(VIOLIN)
        virtual_microphone.play(VIOLIN)
        program.until_sound()
        assert program.process.poll() is None
        assert not re.search("Traceback|Fatal", program.errors)
