"""Playing: position, stopping, another sound in its place, and outputs that refuse."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.in_use import holds_of
from timbrescope.desktop.audio.playback import Player, Sound, SystemOutput
from timbrescope.models.errors import AudioDeviceError

RATE_HZ = 1000


class HandOutput:
    """Takes a piece each time the test lets it."""

    latency_s = 0.0

    def __init__(self) -> None:
        self.room = threading.Semaphore(0)
        self.taken = threading.Semaphore(0)
        self.written: list[np.ndarray] = []
        self.closed = threading.Event()

    def write(self, samples: np.ndarray) -> None:
        self.room.acquire(timeout=10)
        self.written.append(samples)
        self.taken.release()

    def close(self) -> None:
        self.closed.set()

    def let(self, pieces: int) -> None:
        for _ in range(pieces):
            self.room.release()
            assert self.taken.acquire(timeout=10)


def _second(value: float, channels: int = 1) -> Sound:
    return RATE_HZ, np.full((RATE_HZ, channels), value, np.float32)


@pytest.fixture
def outputs() -> list[HandOutput]:
    return []


@pytest.fixture
def player(outputs: list[HandOutput]) -> Iterator[Player]:
    opened = threading.Semaphore(0)

    def open_output(rate_hz: int, channels: int) -> HandOutput:
        outputs.append(HandOutput())
        opened.release()
        return outputs[-1]

    made = Player(open_output)
    made.opened = opened  # type: ignore[attr-defined]
    yield made
    for output in outputs:
        output.room.release(1000)
    made.stop()


def _output(player: Player, outputs: list[HandOutput]) -> HandOutput:
    assert player.opened.acquire(timeout=10)  # type: ignore[attr-defined]
    return outputs[-1]


def test_the_position_is_what_was_handed_over(player: Player, outputs: list[HandOutput]) -> None:
    assert player.position_s is None
    player.play([_second(0.5), _second(0.25)], start_s=7.0)
    output = _output(player, outputs)
    output.let(12)
    # The thread waits for room in the thirteenth piece; the twelfth may just be counted.
    assert player.position_s == pytest.approx(8.2, abs=0.11)
    assert output.written[0][0, 0] == 0.5
    assert output.written[11][0, 0] == 0.25


def test_it_ends_by_itself_and_lets_the_output_go(
    player: Player, outputs: list[HandOutput]
) -> None:
    player.play([_second(0.5)])
    output = _output(player, outputs)
    output.let(10)
    assert output.closed.wait(10)
    thread = player._thread
    assert thread is not None
    thread.join(10)
    assert player.position_s is None
    assert player.problem == ""


def test_another_sound_takes_its_place(player: Player, outputs: list[HandOutput]) -> None:
    player.play(_second(0.5) for _ in range(3600))
    first = _output(player, outputs)
    first.let(1)
    # However far it comes before it is told to stop, there is room for what it writes next.
    first.room.release(36_000)
    player.play([_second(0.1, channels=4)])
    assert first.closed.is_set()
    second = _output(player, outputs)
    second.let(1)
    # Two channels of four: that is what people have ears for.
    assert second.written[0].shape[1] == 2


def test_an_output_that_refuses_is_said() -> None:
    def refuse(rate_hz: int, channels: int) -> HandOutput:
        raise AudioDeviceError("nothing can be played: no output")

    player = Player(refuse)
    player.play([_second(0.5)])
    thread = player._thread
    assert thread is not None
    thread.join(10)
    assert player.problem == "nothing can be played: no output"


def test_a_sound_that_cannot_be_read_on_is_said(player: Player, outputs: list[HandOutput]) -> None:
    def broken() -> Iterator[Sound]:
        yield _second(0.5)
        raise AudioDeviceError("the disk has gone")

    player.play(broken())
    _output(player, outputs).let(10)
    thread = player._thread
    assert thread is not None
    thread.join(10)
    assert player.problem == "the disk has gone"


class FakeLibrary:
    """Stands in for sounddevice; `fails` at starting or writing."""

    class PortAudioError(Exception):
        pass

    def __init__(self, *, fails: str) -> None:
        self.fails = fails
        self.streams: list[FakeLibrary] = []
        self.closed = False

    def OutputStream(self, **_: object) -> "FakeLibrary":  # noqa: N802 - sounddevice's name
        self.streams.append(FakeLibrary(fails=self.fails))
        return self.streams[-1]

    def query_devices(self, kind: str) -> dict[str, float]:
        assert kind == "output"
        return {"default_samplerate": 48_000.0}

    def _do(self, what: str) -> None:
        if what == self.fails:
            raise self.PortAudioError("Unanticipated host error [PaErrorCode -9999]")

    def start(self) -> None:
        self._do("start")

    def write(self, _: np.ndarray) -> None:
        self._do("write")

    def abort(self, *, ignore_errors: bool = True) -> None:
        pass

    def close(self, *, ignore_errors: bool = True) -> None:
        self.closed = True


def test_an_output_that_does_not_start_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary(fails="start")
    monkeypatch.setattr(portaudio, "load", lambda: library)
    with pytest.raises(AudioDeviceError, match="the system's sound service refused"):
        SystemOutput(RATE_HZ, 1)
    # At the rate asked for, and at that of the output.
    assert [stream.closed for stream in library.streams] == [True, True]
    assert not holds_of(library).any


def test_an_output_that_goes_while_it_plays_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = FakeLibrary(fails="write")
    monkeypatch.setattr(portaudio, "load", lambda: library)
    output = SystemOutput(RATE_HZ, 1)
    with pytest.raises(AudioDeviceError, match="the system's sound service refused"):
        output.write(np.zeros((10, 1), np.float32))
    output.close()
    assert library.streams[0].closed
    assert not holds_of(library).any
