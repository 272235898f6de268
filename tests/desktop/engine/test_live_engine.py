"""The live engine: it hears, survives every way a source can fail, and never blocks its caller."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from engine_doubles import RATE_HZ, HandSource, HandSystem, tune

from timbrescope.desktop.audio.devices import DeviceWish, InputDevice
from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.engine.ticks import TICK_S, tick_s
from timbrescope.models.analysis import State
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ

DEADLINE_S = 30.0


class HandClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Watcher:
    """Collects updates until one fulfils a condition; fails the test after a deadline."""

    def __init__(self, engine: LiveEngine) -> None:
        self._engine = engine
        self.updates: list[LiveUpdate] = []

    def until(self, fulfilled: Callable[[LiveUpdate], bool]) -> LiveUpdate:
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            update = self._engine.poll()
            self.updates.append(update)
            if fulfilled(update):
                return update
            threading.Event().wait(0.01)
        pytest.fail(f"never came; the last update was {self.updates[-1].source}")


@pytest.fixture
def system() -> HandSystem:
    return HandSystem()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def engine(system: HandSystem, clock: HandClock) -> Iterator[LiveEngine]:
    with LiveEngine(system, clock=clock) as running:
        yield running
    assert not [t for t in threading.enumerate() if t.name == "timbrescope-live"]


@pytest.fixture
def watch(engine: LiveEngine) -> Watcher:
    return Watcher(engine)


def _running(update: LiveUpdate) -> bool:
    return update.source.health is Health.RUNNING


def test_sound_becomes_columns_previews_and_verdicts(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    system.opened[-1].play(tune(3.3))
    update = watch.until(lambda found: found.preview is not None and found.position_s > 3.2)
    verdicts = [verdict for entry in watch.updates for verdict in entry.verdicts]
    columns = sum(entry.columns.shape[1] for entry in watch.updates)
    assert [(verdict.start_s, verdict.end_s) for verdict in verdicts] == [(0.0, 3.0)]
    assert columns == pytest.approx(3.3 * 22_050 / 512, abs=4)
    assert update.source.name == "Hand"
    assert update.source.sample_rate_hz == RATE_HZ
    assert update.state in (State.LISTENING, State.NOT_SURE, State.INSTRUMENT)


def test_without_a_device_it_says_so_and_the_demo_still_plays(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    system.listed = ()
    engine.rescan()
    engine.use_device(None)
    failed = watch.until(lambda update: update.source.health is Health.FAILED)
    assert "No input device" in failed.source.message
    engine.use_demo()
    assert watch.until(_running).source.name == "Demo clips"


def test_a_device_that_does_not_open_is_told_and_tried_again(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    system.make = lambda: HandSource(refusal="Hand cannot be opened: Device unavailable")
    engine.use_device(None)
    failed = watch.until(lambda update: update.source.health is Health.FAILED)
    assert "Device unavailable" in failed.source.message
    assert failed.state is State.NO_SIGNAL
    system.make = HandSource
    clock.now_s += 1.5
    watch.until(_running)
    assert system.rescans >= 1


def test_a_yanked_cable_is_noticed_and_mended(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    system.opened[0].silent_s = 1.2
    stalled = watch.until(lambda update: update.source.health is Health.STALLED)
    assert "unplugged" in stalled.source.message
    assert not system.opened[0].running
    clock.now_s += 1.5
    watch.until(_running)
    system.opened[-1].play(tune(0.5))
    watch.until(lambda update: update.position_s > 0.3)


def test_exact_zeros_are_no_signal_but_faint_noise_is_quiet(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    system.opened[-1].play(np.zeros(int(2.5 * RATE_HZ)))
    muted = watch.until(lambda update: "only zeros" in update.source.message)
    assert muted.state is State.NO_SIGNAL
    faint = 1e-5 * np.random.default_rng(1).standard_normal(RATE_HZ)
    system.opened[-1].play(faint)
    watch.until(lambda update: update.state is State.QUIET and not update.source.message)


def test_pausing_lets_go_of_the_device_and_going_on_is_a_new_stream(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    engine.set_paused(True)
    watch.until(lambda update: update.source.health is Health.PAUSED)
    assert not system.opened[0].running
    engine.set_paused(False)
    watch.until(_running)
    assert len(system.opened) == 2


def _recorded(system: HandSystem) -> list[str]:
    """Note the names of the devices that are opened from now on."""
    asked: list[str] = []
    opening = system.open_microphone

    def open_microphone(device: InputDevice) -> HandSource:
        asked.append(device.name)
        source = opening(device)
        source.name = device.name
        return source

    system.open_microphone = open_microphone  # type: ignore[method-assign]
    return asked


WANTED = InputDevice(7, "Wanted", "ALSA", 1, RATE_HZ, False)
WISH = DeviceWish("Wanted", "ALSA")


def test_the_device_remembered_is_preferred_and_its_absence_is_told(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    hand = system.listed
    asked = _recorded(system)
    engine.use_wish(WISH)
    told = watch.until(lambda update: _running(update) and update.source.message != "")
    assert told.source.message == "Wanted is not connected: listening to Hand instead."
    system.listed = (*hand, WANTED)
    engine.rescan()
    watch.until(lambda update: _running(update) and update.source.name == "Wanted")
    assert asked == ["Hand", "Wanted"]


def test_a_lost_device_is_waited_for_not_replaced(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    hand = system.listed
    system.listed = (*hand, WANTED)
    asked = _recorded(system)
    engine.rescan()
    engine.use_wish(WISH)
    watch.until(lambda update: _running(update) and update.source.name == "Wanted")
    system.listed = hand
    system.opened[-1].silent_s = 1.2
    watch.until(lambda update: update.source.health is Health.STALLED)
    clock.now_s += 1.5
    waiting = watch.until(lambda update: "as soon as it is back" in update.source.message)
    assert waiting.source.health in (Health.FAILED, Health.STARTING, Health.STALLED)
    watch.until(lambda update: update.source.health is Health.FAILED)
    system.listed = (*hand, WANTED)
    clock.now_s += 5
    watch.until(_running)
    assert asked == ["Wanted", "Wanted"]


def test_a_name_that_no_device_has_is_told_with_the_names_there_are(
    engine: LiveEngine, watch: Watcher
) -> None:
    engine.use_named("Steinway")
    failed = watch.until(lambda update: update.source.health is Health.FAILED)
    assert "'Steinway'" in failed.source.message
    assert "'Hand'" in failed.source.message
    engine.use_named("hAN")
    watch.until(_running)


def test_what_portaudio_says_reaches_the_user(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    system.problem = "the PortAudio library cannot be loaded; install libportaudio2"
    engine.rescan()
    engine.use_device(None)
    failed = watch.until(lambda update: update.source.health is Health.FAILED)
    assert failed.source.message == system.problem


def test_a_device_that_opens_but_never_delivers_is_tried_ever_less_often(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    system.make = lambda: HandSource(callbacks=0, silent_s=6.0)
    engine.use_device(None)
    for wait_s, opened in ((1.1, 1), (2.1, 2), (4.1, 3)):
        watch.until(lambda update: update.source.health is Health.STALLED)
        assert len(system.opened) == opened
        clock.now_s += wait_s
        watch.until(lambda _, opened=opened: len(system.opened) == opened + 1)
    assert not any(_running(update) for update in watch.updates)


def test_a_fault_in_the_thread_is_told_and_listening_goes_on(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    broken = RingBuffer(RATE_HZ, 1)
    broken.write(np.zeros((1, 1), np.float32))
    broken.read_new = lambda: 1 / 0  # type: ignore[assignment, method-assign, return-value]
    system.opened[-1].ring = broken
    failed = watch.until(lambda update: update.source.health is Health.FAILED)
    assert "tried again by itself" in failed.source.message
    assert "ZeroDivisionError" in failed.source.details
    clock.now_s += 1.5
    watch.until(_running)


def _mute(engine: LiveEngine, system: HandSystem, watch: Watcher) -> None:
    """Open a device that delivers zeros until it is told so."""
    engine.use_device(None)
    watch.until(_running)
    system.opened[-1].play(np.zeros(int(2.5 * RATE_HZ)))
    watch.until(lambda update: "only zeros" in update.source.message)


def test_a_muted_device_is_opened_again_after_a_while(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    _mute(engine, system, watch)
    clock.now_s += 16
    watch.until(lambda _: len(system.opened) == 2)


def test_a_muted_device_that_stays_muted_is_one_silence(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    _mute(engine, system, watch)
    muted_from = len(watch.updates)
    for number in (2, 3):
        clock.now_s += 61
        watch.until(lambda _, number=number: len(system.opened) == number)
        # Before its next try is set, time must stand still.
        watch.until(lambda _: engine._keeper._muted.scheduled)
        heard_s = watch.updates[-1].position_s
        for _ in range(10):
            system.opened[-1].play(np.zeros(RATE_HZ // 2))
        watch.until(lambda update, heard_s=heard_s: update.position_s > heard_s + 4.5)
    silence = watch.updates[muted_from:]
    assert {update.state for update in silence} == {State.NO_SIGNAL}
    assert {update.source.health for update in silence} == {Health.RUNNING}
    assert all("only zeros" in update.source.message for update in silence)
    blocks = [verdict.state for update in silence for verdict in update.verdicts]
    assert set(blocks) == {State.NO_SIGNAL}
    assert not [gap for update in watch.updates for gap in update.gaps]


def test_what_a_muted_device_brings_when_it_is_heard_again_is_an_answer(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    _mute(engine, system, watch)
    clock.now_s += 16
    watch.until(lambda _: len(system.opened) == 2)
    system.opened[-1].play(tune(2.0))
    heard = watch.until(lambda update: update.state is not State.NO_SIGNAL)
    assert heard.state is not State.QUIET
    watch.until(lambda update: update.source.message == "")


def test_the_silence_inside_a_file_does_not_begin_it_anew(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    engine.use_demo()
    watch.until(_running)
    system.opened[-1].play(np.zeros(3 * RATE_HZ))
    silent = watch.until(lambda update: update.state is State.NO_SIGNAL and update.position_s > 2)
    assert silent.source.message == ""
    clock.now_s += 61
    system.opened[-1].play(np.zeros(RATE_HZ))
    watch.until(lambda update: update.position_s > 3.9)
    assert len(system.opened) == 1


def test_a_muted_device_that_does_not_open_again_is_not_said_to_run(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    _mute(engine, system, watch)
    system.make = lambda: HandSource(refusal="in use by another program")
    clock.now_s += 16
    watch.until(lambda _: len(system.opened) == 2)
    watch.until(lambda update: update.source.health is Health.FAILED)
    told = engine.poll().source
    assert (told.health, told.message) == (Health.FAILED, "in use by another program")


def test_going_on_twice_opens_the_device_once(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    engine.set_paused(True)
    watch.until(lambda update: update.source.health is Health.PAUSED)
    engine.set_paused(False)
    engine.set_paused(False)
    watch.until(_running)
    engine.set_paused(True)
    watch.until(lambda update: update.source.health is Health.PAUSED)
    assert len(system.opened) == 2


def test_looking_for_devices_leaves_the_demo_playing(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_demo()
    watch.until(_running)
    system.listed = (*system.listed, WANTED)
    engine.rescan()
    watch.until(lambda _: WANTED in engine.devices())
    assert [source.running for source in system.opened] == [True]
    assert system.opened[0].starts == 1


def test_rescanning_while_paused_stays_paused(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    engine.set_paused(True)
    paused = watch.until(lambda update: update.source.health is Health.PAUSED)
    assert paused.level.rms_dbfs == float("-inf")
    engine.rescan()
    engine.set_model("mfcc")
    watch.until(lambda _: engine.model == "mfcc")
    assert watch.until(lambda _: True).source.health is Health.PAUSED
    assert len(system.opened) == 1


def test_the_model_can_be_changed_while_listening(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    engine.set_model("mfcc")
    watch.until(lambda _: engine.model == "mfcc")
    system.opened[-1].play(tune(0.5))
    update = watch.until(lambda found: found.preview is not None)
    assert update.preview is not None
    assert update.preview.model.kind == "mfcc"


def test_a_broken_model_is_told_and_the_old_one_goes_on(system: HandSystem) -> None:
    def load(kind: str) -> Classifier:
        if kind == "mfcc":
            raise ModelFileError("the model file was changed")
        return Classifier.load("mel")

    with LiveEngine(system, load=load) as engine:
        engine.use_device(None)
        watch = Watcher(engine)
        watch.until(_running)
        engine.set_model("mfcc")
        told = watch.until(lambda _: "was changed" in engine.model_problem)
        assert told.source.health is Health.RUNNING
        assert told.source.message == ""
        assert engine.model == DEFAULT_MODEL
        engine.set_model("mel")
        assert engine.model_problem == ""


def test_all_models_answer_to_the_same_windows(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.set_comparing((DEFAULT_MODEL, "mfcc"))
    engine.use_device(None)
    watch.until(_running)
    system.opened[-1].play(tune(3.3))
    update = watch.until(lambda found: found.comparison is not None and found.position_s > 3.2)
    assert update.comparison is not None
    assert update.preview is not None
    assert [answer.model for answer in update.comparison.answers] == [DEFAULT_MODEL, "mfcc"]
    verdicts = [each for entry in watch.updates for each in entry.verdicts]
    compared = [each for entry in watch.updates for each in entry.compared_verdicts]
    assert [each.start_s for each in compared] == [each.start_s for each in verdicts]
    own = compared[0].answers[0]
    np.testing.assert_array_equal(own.probabilities, verdicts[0].probabilities)
    engine.set_comparing(())
    watch.until(lambda found: found.comparison is None)
    system.opened[-1].play(tune(0.5))
    last = watch.until(lambda found: found.position_s > 3.7)
    assert last.comparison is None


def test_channels_can_be_chosen_and_stay_chosen_over_a_loss(
    engine: LiveEngine, system: HandSystem, clock: HandClock, watch: Watcher
) -> None:
    def make() -> HandSource:
        return HandSource(channels=2, ring=RingBuffer(20 * RATE_HZ, 2))

    system.make = make
    engine.use_device(None, channels=(1,))
    watch.until(_running)
    both = np.stack([tune(0.5), np.zeros(RATE_HZ // 2, np.float32)], axis=1)
    system.opened[-1].ring.write(both)
    silent = watch.until(lambda update: update.channels.used == (False, True))
    assert silent.channels.chosen == (1,)
    assert silent.channels.peaks_dbfs[0] > -30
    assert silent.channels.peaks_dbfs[1] == float("-inf")
    engine.use_channels((0,))
    watch.until(lambda update: update.channels.chosen == (0,))
    system.opened[-1].silent_s = 1.2
    watch.until(lambda update: update.source.health is Health.STALLED)
    clock.now_s += 1.5
    watch.until(_running)
    system.opened[-1].ring.write(both)
    watch.until(lambda update: update.channels.used == (True, False))
    engine.use_channels(())
    system.opened[-1].ring.write(both)
    watch.until(lambda update: update.channels.chosen == ())


@pytest.mark.slow
def test_ten_minutes_of_sound_keep_coming(
    engine: LiveEngine, system: HandSystem, watch: Watcher
) -> None:
    engine.use_device(None)
    watch.until(_running)
    sound, columns = tune(10.0), 0
    for minute_sixth in range(60):
        system.opened[-1].play(sound)
        end_s = 10.0 * (minute_sixth + 1) - 0.1
        watch.until(lambda update, end_s=end_s: update.position_s >= end_s)
        columns += sum(update.columns.shape[1] for update in watch.updates)
        watch.updates.clear()
    assert columns == pytest.approx(600 * 22_050 / 512, rel=0.01)


def test_a_device_that_another_process_has_seen_is_offered_and_found_anew_when_it_is_chosen(
    system: HandSystem, engine: LiveEngine
) -> None:
    engine.use_device(None)
    watcher = Watcher(engine)
    watcher.until(lambda update: update.source.health is Health.RUNNING)
    first, new = system.listed[0], InputDevice(1, "New", "ALSA", 2, RATE_HZ, False)
    # A device that is open may be hidden from other processes.
    engine.learn_devices((new,))
    watcher.until(lambda _: set(engine.devices()) == {first, new})
    assert system.rescans == 0
    # Here it has another place than there.
    here = InputDevice(7, "New", "ALSA", 2, RATE_HZ, False)
    system.listed = (first, here)
    engine.use_device(new)
    watcher.until(lambda _: system.rescans == 1 and len(system.opened) == 2)
    assert engine.devices() == (first, here)
    assert not system.opened[0].running
    # What is known already costs no scan.
    engine.learn_devices((here, first))
    engine.use_device(first)
    watcher.until(lambda _: len(system.opened) == 3)
    assert system.rescans == 1


def test_who_goes_through_a_list_quickly_opens_the_last_of_it(
    system: HandSystem, engine: LiveEngine, watch: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = _recorded(system)
    opening, goes_on = threading.Event(), threading.Event()

    class Slow(HandSource):
        def start(self) -> None:
            opening.set()
            assert goes_on.wait(DEADLINE_S)
            super().start()

    system.make = Slow
    system.listed = tuple(
        InputDevice(number, f"Input {number}", "ALSA", 1, RATE_HZ, False) for number in range(9)
    )
    engine.rescan()
    watch.until(lambda _: len(engine.devices()) == 9)
    engine.use_device(system.listed[0])
    assert opening.wait(DEADLINE_S)
    for device in system.listed[1:]:
        engine.use_device(device)
    goes_on.set()
    watch.until(lambda update: len(names) == 2 and update.source.health is Health.RUNNING)
    assert names == ["Input 0", "Input 8"]
    assert [source.running for source in system.opened] == [False, True]


@pytest.mark.parametrize("poll_gap_s", [0.0, 0.016, 0.2, 3_600.0])
def test_what_is_seldom_collected_is_listened_to_in_larger_steps(poll_gap_s: float) -> None:
    found = tick_s(poll_gap_s)
    # Two looks at least for each preview: none is left out.
    assert TICK_S <= found <= PREVIEW_SAMPLES / SAMPLE_RATE_HZ / 2
    assert (found > TICK_S) == (poll_gap_s > 2 * TICK_S)


def test_nothing_is_opened_or_loaded_before_it_begins_and_it_says_so(system: HandSystem) -> None:
    def load(kind: str) -> Classifier:
        loaded.append(kind)
        return Classifier.load("mel")

    loaded: list[str] = []
    engine = LiveEngine(system, load=load)
    engine.use_device(None)
    update = engine.poll()
    assert (update.source.health, update.state) == (Health.STARTING, State.LISTENING)
    assert (system.opened, loaded) == ([], [])
    engine.begin()
    engine.begin()
    try:
        Watcher(engine).until(_running)
        engine.wait_for_model()
        assert loaded == [DEFAULT_MODEL]
    finally:
        engine.close()


def test_sound_comes_in_while_the_model_is_loaded_and_none_of_it_is_lost(
    system: HandSystem,
) -> None:
    is_open, goes_on = threading.Event(), threading.Event()

    def load(_: str) -> Classifier:
        is_open.set()
        assert goes_on.wait(DEADLINE_S)
        return Classifier.load("mel")

    engine = LiveEngine(system, load=load)
    engine.use_device(None)
    with engine:
        # The device was opened before, and is told.
        assert is_open.wait(DEADLINE_S)
        source = engine.poll().source
        assert (source.health, source.name) == (Health.STARTING, "Hand")
        system.opened[-1].play(tune(2.0))
        goes_on.set()
        update = Watcher(engine).until(lambda found: found.preview is not None)
        assert update.position_s == pytest.approx(2.0, abs=0.1)
        assert update.source.overruns == 0


def test_a_source_is_closed_without_a_model_if_nobody_has_heard_it(system: HandSystem) -> None:
    with LiveEngine(system) as engine:
        engine.use_device(None)
        Watcher(engine).until(_running)
    assert system.opened[-1].health().running is False


def test_without_any_model_it_says_so_and_why(system: HandSystem) -> None:
    def load(_: str) -> Classifier:
        raise ModelFileError("flagship.onnx is damaged")

    def has_failed(update: LiveUpdate) -> bool:
        return update.source.health is Health.FAILED

    engine = LiveEngine(system, load=load, others=lambda: ["mel"])
    engine.use_device(None)
    with engine:
        watch = Watcher(engine)
        first = watch.until(has_failed)
        # It is tried again, and fails once there is something to answer.
        watch.until(_running)
        system.opened[-1].play(tune(1.0))
        second = watch.until(has_failed)
    words = "No model can answer: flagship.onnx is damaged"
    assert [first.source.message, second.source.message] == [words, words]


def test_an_engine_that_never_began_is_closed(system: HandSystem) -> None:
    LiveEngine(system).close()
    assert system.opened == []
