"""A file that is played as if live: in real time, all of it, with its sound, to its end."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from engine_doubles import HandSystem, no_output, tune

from timbrescope.desktop.audio.file_source import FileSource
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health
from timbrescope.models.errors import AudioDeviceError

RATE_HZ = 8_000


class Loudspeaker:
    """Takes what is played, as fast as it comes."""

    latency_s = 0.0

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.shape = (rate_hz, channels)
        self.pieces: list[np.ndarray] = []
        self.closed = False

    def write(self, samples: np.ndarray) -> None:
        self.pieces.append(samples.copy())

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    sound = np.stack([tune(1.0, rate=RATE_HZ), np.zeros(RATE_HZ), tune(1.0, rate=RATE_HZ)], axis=1)
    soundfile.write(path, sound, RATE_HZ, subtype="FLOAT")
    return path


def _until_ended(source: FileSource) -> None:
    end = time.monotonic() + 30
    while not source.health().ended:
        assert time.monotonic() < end, source.health()
        threading.Event().wait(0.01)


def test_all_of_it_is_heard_by_the_engine_and_the_loudspeaker(clip: Path) -> None:
    speakers: list[Loudspeaker] = []

    def open_output(rate_hz: int, channels: int) -> Loudspeaker:
        speakers.append(Loudspeaker(rate_hz, channels))
        return speakers[-1]

    source = FileSource(clip, open_output=open_output)
    began_s = time.monotonic()
    source.start()
    assert (source.name, source.sample_rate_hz, source.channels) == ("take.wav", RATE_HZ, 3)
    _until_ended(source)
    assert time.monotonic() - began_s > 0.9
    stored, _ = soundfile.read(clip, dtype="float32")
    np.testing.assert_array_equal(source.ring.read_new(), stored)
    assert speakers[0].shape == (RATE_HZ, 2)
    np.testing.assert_array_equal(np.concatenate(speakers[0].pieces), stored[:, :2])
    assert speakers[0].closed
    source.stop()
    source.stop()
    assert not source.health().running


def test_without_loudspeakers_it_is_heard_all_the_same(clip: Path) -> None:
    source = FileSource(clip, open_output=no_output)
    source.start()
    _until_ended(source)
    assert source.ring.written_frames == RATE_HZ
    source.stop()


@pytest.mark.parametrize("way", ["opening", "writing"])
def test_loudspeakers_that_hang_keep_nobody_from_hearing_it(clip: Path, way: str) -> None:
    goes_on = threading.Event()

    class Hanging(Loudspeaker):
        def __init__(self, rate_hz: int, channels: int) -> None:
            super().__init__(rate_hz, channels)
            assert way != "opening" or goes_on.wait(60)

        def write(self, samples: np.ndarray) -> None:
            assert goes_on.wait(60)
            super().write(samples)

    source = FileSource(clip, open_output=Hanging)
    source.start()
    try:
        _until_ended(source)
        assert source.ring.written_frames == RATE_HZ
    finally:
        goes_on.set()
        source.stop()


def test_loudspeakers_that_are_unplugged_keep_nobody_from_hearing_it(clip: Path) -> None:
    class Unplugged(Loudspeaker):
        def write(self, samples: np.ndarray) -> None:
            raise AudioDeviceError("nothing can be played any more")

    source = FileSource(clip, open_output=Unplugged)
    source.start()
    _until_ended(source)
    assert source.ring.written_frames == RATE_HZ
    assert source.health().error is None
    source.stop()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioDeviceError, match=r"nothing\.wav"):
        FileSource(tmp_path / "nothing.wav", open_output=no_output).start()


def test_the_engine_stops_at_the_end_and_plays_it_again_when_asked(clip: Path) -> None:
    with LiveEngine(HandSystem(), model="mel") as engine:
        engine.use_file(clip)
        for _ in range(2):
            end = time.monotonic() + 30
            while (update := engine.poll()).source.health is not Health.PAUSED:
                assert time.monotonic() < end, update.source
                threading.Event().wait(0.01)
            assert update.source.message == "take.wav has been played to its end."
            engine.set_paused(False)
            while engine.poll().source.health is Health.PAUSED:
                assert time.monotonic() < end
                threading.Event().wait(0.005)
    history = engine.history()
    assert 1 <= len(history.gaps) <= 2
    assert history.end_s > 2 * 0.9
