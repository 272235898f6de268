"""The demo: clips in real time into the ring, over and over."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.desktop.audio.demo import BLOCK_FRAMES, DemoSource
from timbrescope.models.errors import AudioDeviceError

RATE_HZ = 44_100


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    listed = []
    for number, value in enumerate((0.25, 0.5)):
        soundfile.write(tmp_path / f"{number}.ogg", np.full(RATE_HZ // 20, value), RATE_HZ)
        listed.append({"file": f"{number}.ogg", "instrument": "Violin", "credit": "none"})
    (tmp_path / "demo.json").write_text(json.dumps(listed))
    return tmp_path


class ManualClock:
    """Time that passes only when the player waits for it."""

    def __init__(self, source_stop_after_s: float) -> None:
        self.now_s = 0.0
        self.end_s = source_stop_after_s
        self.ended = threading.Event()

    def __call__(self) -> float:
        return self.now_s


def test_blocks_come_at_the_pace_of_the_music(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock(2.0)
    source = DemoSource(folder=clips, clock=clock)

    def wait(seconds: float) -> bool:
        clock.now_s += seconds
        if clock.now_s >= clock.end_s:
            clock.ended.set()
            source._stop.set()
        return source._stop.is_set()

    monkeypatch.setattr(source._stop, "wait", wait)
    source.start()
    assert clock.ended.wait(10)
    source.stop()
    played = source.ring.written_frames / RATE_HZ
    assert played == pytest.approx(2.0, abs=2 * BLOCK_FRAMES / RATE_HZ)
    heard = source.ring.read_new()[:, 0]
    assert np.abs(heard[: RATE_HZ // 40]).max() == pytest.approx(0.25, abs=0.1)


def test_after_the_machine_slept_it_goes_on_in_real_time(
    clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ManualClock(3_601.0)
    source = DemoSource(folder=clips, clock=clock)

    def wait(seconds: float) -> bool:
        # An hour goes by during the very first wait.
        clock.now_s += seconds if clock.now_s else 3_600.0
        if clock.now_s >= clock.end_s:
            clock.ended.set()
            source._stop.set()
        return source._stop.is_set()

    monkeypatch.setattr(source._stop, "wait", wait)
    source.start()
    assert clock.ended.wait(10)
    source.stop()
    assert source.ring.written_frames / RATE_HZ == pytest.approx(1.0, abs=0.1)


def test_stopping_ends_the_thread(clips: Path) -> None:
    source = DemoSource(folder=clips)
    source.start()
    assert source.health().running
    source.stop()
    assert not source.health().running
    assert not [t for t in threading.enumerate() if t.name == "timbrescope-demo"]


def test_missing_clips_are_told(tmp_path: Path) -> None:
    with pytest.raises(AudioDeviceError, match=r"demo\.json"):
        DemoSource(folder=tmp_path)
