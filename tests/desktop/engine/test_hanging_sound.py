"""Sound services that hang: the demo plays all the same, and the microphone comes back later."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest
from engine_doubles import HandSource, HandSystem, tune

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine import opening, patience
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health
from timbrescope.desktop.engine.opening import NO_SERVER
from timbrescope.desktop.engine.patience import OneAtATime, OverdueError, ask_within

DEADLINE_S = 10.0


class HangingSystem(HandSystem):
    """A system whose sound service does not answer until the test lets it."""

    def __init__(self, *, hangs_at: str) -> None:
        super().__init__(make=lambda: HangingSource(self))
        self.hangs_at = hangs_at
        self.answers = threading.Event()
        self.asked = 0
        self.is_asked = threading.Event()

    def devices(self) -> tuple[InputDevice, ...]:
        self.asked += 1
        self.wait_at("listing")
        return super().devices()

    def wait_at(self, step: str) -> None:
        if step == self.hangs_at:
            self.is_asked.set()
            assert self.answers.wait(DEADLINE_S)


class HangingSource(HandSource):
    """A source of such a system; the demo does not ask the service."""

    def __init__(self, system: HangingSystem) -> None:
        super().__init__()
        self._system = system

    def start(self) -> None:
        if self.name == "Hand":
            self._system.wait_at("opening")
        super().start()


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SCAN_S", 0.2)
    monkeypatch.setattr(opening, "START_S", 0.2)


@pytest.fixture(params=["listing", "opening"])
def system(request: pytest.FixtureRequest) -> Iterator[HangingSystem]:
    made = HangingSystem(hangs_at=request.param)
    yield made
    made.answers.set()


def _until(engine: LiveEngine, condition: object, *, what: str) -> None:
    assert callable(condition)
    waited = threading.Event()
    for _ in range(int(DEADLINE_S / 0.02)):
        if condition(engine.poll()):
            return
        waited.wait(0.02)
    pytest.fail(f"{what} never came")


def test_the_demo_plays_while_the_service_hangs(system: HangingSystem) -> None:
    with LiveEngine(system) as engine:
        engine.use_device(None)
        _until(engine, lambda update: update.source.message == NO_SERVER, what="the reason")
        engine.use_demo()
        _until(
            engine,
            lambda update: update.source.health is Health.RUNNING,
            what="the demo",
        )
        system.opened[-1].play(tune(1.0))
        _until(engine, lambda update: update.preview is not None, what="an answer")


def test_the_microphone_is_opened_once_the_service_answers(system: HangingSystem) -> None:
    with LiveEngine(system) as engine:
        engine.use_device(None)
        _until(engine, lambda update: update.source.message == NO_SERVER, what="the reason")
        system.answers.set()
        _until(
            engine,
            lambda update: update.source.health is Health.RUNNING,
            what="the microphone",
        )
    # What was opened too late was stopped again; one source is closed with the engine.
    assert not [source for source in system.opened if source.running]


def test_a_service_that_hangs_is_not_asked_again_before_it_answers() -> None:
    system = HangingSystem(hangs_at="listing")
    with LiveEngine(system) as engine:
        engine.use_device(None)
        _until(engine, lambda update: update.source.message == NO_SERVER, what="the reason")
        for _ in range(3):
            engine.rescan()
        engine.use_demo()
        _until(engine, lambda update: update.source.health is Health.RUNNING, what="the demo")
        assert system.asked == 1
        system.answers.set()


def test_an_answer_in_time_is_returned_and_an_error_raised() -> None:
    assert ask_within(lambda: 3, 5, name="quick") == 3
    with pytest.raises(ZeroDivisionError):
        ask_within(lambda: 1 // 0, 5, name="quick")


def test_what_comes_too_late_is_undone() -> None:
    goes_on, undone = threading.Event(), threading.Event()
    calls = OneAtATime("slow")
    with pytest.raises(OverdueError):
        calls.ask(lambda: goes_on.wait(DEADLINE_S), 0.05, too_late=undone.set)
    goes_on.set()
    assert undone.wait(DEADLINE_S)


def test_whoever_gives_up_waits_no_longer() -> None:
    goes_on, asked = threading.Event(), threading.Event()
    calls = OneAtATime("slow")

    def slow() -> bool:
        asked.set()
        return goes_on.wait(DEADLINE_S)

    def give_up() -> None:
        assert asked.wait(DEADLINE_S)
        calls.give_up()

    threading.Thread(target=give_up).start()
    try:
        with pytest.raises(OverdueError):
            calls.ask(slow, 10 * DEADLINE_S)
        with pytest.raises(OverdueError):
            calls.ask(lambda: 3, DEADLINE_S)
    finally:
        goes_on.set()


def test_an_engine_that_waits_for_the_service_closes_at_once(
    system: HangingSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SCAN_S", 10 * DEADLINE_S)
    monkeypatch.setattr(opening, "START_S", 10 * DEADLINE_S)
    engine = LiveEngine(system)
    engine.begin()
    engine.use_device(None)
    _until(engine, lambda _: system.is_asked.is_set(), what="the question")
    engine.close()
    assert not engine._thread.is_alive()


def test_a_call_that_never_comes_back_is_made_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    goes_on = threading.Event()
    calls, asked = OneAtATime("stuck"), []

    def stuck() -> bool:
        asked.append(1)
        return goes_on.wait(DEADLINE_S)

    def ask() -> None:
        with pytest.raises(OverdueError):
            calls.ask(stuck, 0.05)

    try:
        ask()
        ask()
        assert len(asked) == 1
        monkeypatch.setattr(patience, "ASK_AGAIN_S", 0.0)
        for _ in range(5):
            ask()
        assert len(asked) == patience.MOST_LEFT_BEHIND
    finally:
        goes_on.set()
    _eventually(lambda: calls.ask(lambda: 3, DEADLINE_S) == 3)


def _eventually(condition: Callable[[], bool]) -> None:
    for _ in range(int(DEADLINE_S / 0.02)):
        with contextlib.suppress(OverdueError):
            if condition():
                return
        threading.Event().wait(0.02)
    pytest.fail("it never came")
