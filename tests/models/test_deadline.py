"""A run is ended by what it computes, not by the time that passes."""

import threading
import time

import pytest

from timbrescope.models import deadline
from timbrescope.models.deadline import RunWatch


class Processor:
    """A clock of the processor that goes on by a step each time it is read."""

    def __init__(self, step_s: float) -> None:
        self._step_s, self._now_s, self._reads = step_s, 0.0, 0
        self._enough = threading.Event()

    def __call__(self) -> float:
        self._now_s += self._step_s
        self._reads += 1
        if self._reads >= 40:
            self._enough.set()
        return self._now_s

    def wait(self) -> None:
        assert self._enough.wait(60)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "_TICK_S", 0.001)


def test_a_run_that_gets_no_processor_is_not_ended() -> None:
    processor = Processor(step_s=0.0)
    with RunWatch(clock=processor).limit(0.002) as options:
        processor.wait()
        assert not options.terminate


def test_a_run_that_computes_too_long_is_ended() -> None:
    processor = Processor(step_s=0.001)
    with RunWatch(clock=processor).limit(0.002) as options:
        processor.wait()
        end = time.monotonic() + 60
        while not options.terminate and time.monotonic() < end:
            time.sleep(0.001)
        assert options.terminate
