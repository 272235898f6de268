"""Recordings: whole files whatever happens, sound and labels at the same places."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import soundfile
from engine_doubles import HandSystem, tune
from small_disk import small_disk
from view_doubles import make_analysis

from timbrescope.desktop.audio.growing_wav import GrowingWav
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Gap, GapReason
from timbrescope.desktop.engine.recorder import WAITING_S, Captured, Recorder

HELPERS = Path(__file__).resolve().parents[2] / "helpers"
PROGRAM = HELPERS / "record_program.py"
RATE_HZ = 8_000
ONE_STEP = 2.0**-23


def _noise(seconds: float, *, channels: int = 2, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (round(seconds * RATE_HZ), channels)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 6, 18])
def test_a_growing_file_is_whole_whenever_it_is_looked_at(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "take.wav"
    sound = _noise(1.0, channels=channels)
    growing = GrowingWav(path, rate_hz=RATE_HZ, channels=channels)
    assert soundfile.info(path).frames == 0
    for at in range(0, len(sound), 1000):
        growing.write(sound[at : at + 1000])
        growing.settle()
        read, rate = soundfile.read(path, dtype="float32", always_2d=True)
        assert rate == RATE_HZ
        np.testing.assert_allclose(read, sound[: at + 1000], atol=ONE_STEP)
    growing.write(sound[:10])
    growing.close()
    growing.close()
    assert soundfile.info(path).frames == len(sound) + 10
    assert soundfile.info(path).channels == channels


def _recorded(recorder: Recorder) -> None:
    recorder.stop()
    recorder.wait()
    assert not recorder.report.running


def test_sound_labels_and_records_grow_beside_each_other(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "take.wav")
    first, second = _noise(3.0), _noise(3.0, seed=2)
    recorder.take(Captured(first, RATE_HZ, 100.0))
    recorder.note(make_analysis(100.0))
    recorder.note(Gap(103.0, 105.0, 60.0, GapReason.PAUSED))
    recorder.take(Captured(second, RATE_HZ, 105.0))
    recorder.note(make_analysis(105.0))
    _recorded(recorder)
    assert recorder.report.problem == ""
    assert recorder.report.seconds == pytest.approx(8.0)
    sound, _ = soundfile.read(tmp_path / "take.wav", dtype="float32")
    silence = np.zeros((2 * RATE_HZ, 2), np.float32)
    np.testing.assert_allclose(sound, np.concatenate([first, silence, second]), atol=ONE_STEP)
    assert (tmp_path / "take.txt").read_text("utf-8").splitlines() == [
        "0.000000\t3.000000\tViolin 90%",
        "3.000000\t5.000000\tpaused, 1:00",
        "5.000000\t8.000000\tViolin 90%",
    ]
    lines = (tmp_path / "take.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert [(each["event"], each["start_s"]) for each in records] == [
        ("verdict", 0.0),
        ("gap", 3.0),
        ("verdict", 5.0),
    ]


def test_another_format_or_a_large_file_begins_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "take.wav").write_bytes(b"a recording of yesterday")
    recorder = Recorder(tmp_path / "take.wav", largest_bytes=6 * RATE_HZ)
    for number in range(3):
        recorder.take(Captured(_noise(1.0), RATE_HZ, float(number)))
    recorder.take(Captured(_noise(1.0, channels=1), RATE_HZ, 3.0))
    recorder.take(Captured(_noise(1.0, channels=1), 16_000, 4.0))
    _recorded(recorder)
    assert (tmp_path / "take.wav").read_bytes() == b"a recording of yesterday"
    infos = [soundfile.info(tmp_path / f"take-{number}.wav") for number in range(2, 7)]
    assert [(each.channels, each.samplerate) for each in infos] == [
        *[(2, RATE_HZ)] * 3,
        (1, RATE_HZ),
        (1, 16_000),
    ]
    assert recorder.report.path.name == "take-6.wav"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "nowhere" / "take.wav")
    recorder.take(Captured(_noise(1.0), RATE_HZ, 0.0))
    _recorded(recorder)
    assert "No such file or directory" in recorder.report.problem


def test_a_disk_that_is_too_slow_costs_sound_and_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = Event()
    writing = GrowingWav.write

    def slow(self: GrowingWav, frames: np.ndarray) -> None:
        going_on.wait(30)
        writing(self, frames)

    monkeypatch.setattr(GrowingWav, "write", slow)
    recorder = Recorder(tmp_path / "take.wav")
    for number in range(round(WAITING_S) + 15):
        recorder.take(Captured(_noise(1.0), RATE_HZ, float(number)))
    lost_s = recorder.report.lost_s
    assert 10.0 <= lost_s <= 15.0
    going_on.set()
    while recorder._waiting:
        Event().wait(0.01)
    recorder.take(Captured(_noise(1.0), RATE_HZ, WAITING_S + 20.0))
    _recorded(recorder)
    # What was lost is silence: all later sound lies where it was heard.
    assert soundfile.info(tmp_path / "take.wav").frames == round((WAITING_S + 21) * RATE_HZ)


def _start(path: Path, *, limit: int = 0) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(path), str(limit)],
        env=os.environ | {"PYTHONPATH": str(HELPERS)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_full_disk_leaves_what_was_heard_until_then(tmp_path: Path) -> None:
    program = _start(tmp_path / "take.wav", limit=1_000_000)
    out, _ = program.communicate(timeout=60)
    assert "Recording has ended: File too large" in out.splitlines()[-1]
    sound, rate = soundfile.read(tmp_path / "take.wav", dtype="float32")
    assert len(sound) == pytest.approx(1_000_000 / 3, abs=50)
    expected = np.tile(tune(10.0, rate=rate), 2)[: len(sound)]
    np.testing.assert_allclose(sound, expected, atol=ONE_STEP)


@pytest.mark.parametrize("filled_by", ["the sound", "the verdicts"])
def test_a_disk_without_any_room_leaves_whole_files(tmp_path: Path, filled_by: str) -> None:
    with small_disk(tmp_path / "disk") as disk:
        recorder = Recorder(disk / "take.wav")
        second = _noise(1.0)
        recorder.take(Captured(second, RATE_HZ, 0.0))
        for number in range(100_000):
            if not recorder.report.running:
                break
            if filled_by == "the sound":
                recorder.take(Captured(second, RATE_HZ, number + 1.0))
            recorder.note(make_analysis(float(number)))
            Event().wait(0.001)
        _recorded(recorder)
        assert "No space left on device" in recorder.report.problem
        sound, _ = soundfile.read(disk / "take.wav", dtype="float32", always_2d=True)
        assert len(sound) >= len(second)
        np.testing.assert_allclose(sound, np.resize(second, sound.shape), atol=ONE_STEP)
        for line in (disk / "take.jsonl").read_text("utf-8").splitlines():
            assert json.loads(line)["instrument"] == "Violin"
        for line in (disk / "take.txt").read_text("utf-8").splitlines():
            start_s, end_s, words = line.split("\t")
            assert float(end_s) - float(start_s) == pytest.approx(3.0)
            assert words.startswith("Violin")


def test_a_disk_that_is_full_already_keeps_no_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
        recorder = Recorder(disk / "take.wav")
        recorder.take(Captured(_noise(1.0), RATE_HZ, 0.0))
        _recorded(recorder)
        assert "No space left on device" in recorder.report.problem
        assert [each.name for each in disk.iterdir()] == ["filler"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_leaves_what_was_heard_until_a_moment_before(tmp_path: Path) -> None:
    program = _start(tmp_path / "take.wav")
    assert program.stdout is not None
    written_s = 0.0
    for line in program.stdout:
        written_s = float(line)
        if written_s > 15.0 and soundfile.info(tmp_path / "take.wav").frames:
            break
    program.kill()
    program.wait(10)
    program.stdout.close()
    sound, rate = soundfile.read(tmp_path / "take.wav", dtype="float32")
    assert len(sound) > rate
    np.testing.assert_allclose(sound, np.resize(tune(10.0, rate=rate), len(sound)), atol=ONE_STEP)
    for line in (tmp_path / "take.jsonl").read_text("utf-8").splitlines():
        assert json.loads(line)["instrument"] == "Violin"


def test_the_engine_records_what_the_device_gives(tmp_path: Path) -> None:
    system = HandSystem()
    with LiveEngine(system, model="mel") as engine:
        engine.use_device(None)
        engine.start_recording(tmp_path / "take.wav")
        while engine.poll().recording is None or not system.opened:
            Event().wait(0.01)
        sound = tune(4.0)
        system.opened[-1].play(sound)
        while engine.poll().position_s < 3.8:
            Event().wait(0.01)
        engine.stop_recording()
        while (report := engine.poll().recording) is None or report.running:
            Event().wait(0.01)
    recorded, rate = soundfile.read(tmp_path / "take.wav", dtype="float32")
    assert rate == 44_100
    np.testing.assert_allclose(recorded, sound, atol=ONE_STEP)
    (line,) = (tmp_path / "take.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["start_s"] == 0.0
