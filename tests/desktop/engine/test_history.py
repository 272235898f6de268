"""The last minutes: one time over all interruptions, sound and verdicts at their places."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from engine_doubles import HandSystem, tune
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.history import History, HistoryKeeper
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import Gap, GapReason, Health, LevelReading, LiveUpdate
from timbrescope.desktop.engine.session_time import LONGEST_GAP_S, SHORTEST_GAP_S, SessionTime
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import HOP_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES

DEADLINE_S = 20.0
QUIET = LevelReading(-60.0, -60.0)


def _heard(samples: np.ndarray, *, first: int) -> Heard:
    columns = np.empty((128, 0), np.float32)
    return Heard(samples, first, columns, first // HOP_SAMPLES, QUIET, (), None, None, 0)


@given(
    cuts=st.lists(st.integers(1, 40_000), min_size=1, max_size=12),
    stretch=st.tuples(st.floats(0, 9), st.floats(0, 4)),
)
def test_any_stretch_is_the_sound_that_was_heard_there(
    cuts: list[int], stretch: tuple[float, float]
) -> None:
    whole = np.arange(sum(cuts), dtype=np.float32) + 1
    keeper = HistoryKeeper()
    for end, count in zip(np.cumsum(cuts), cuts, strict=True):
        keeper.hear(_heard(whole[end - count : end], first=int(end - count)))
    start_s, end_s = stretch[0], stretch[0] + stretch[1]
    found = keeper.snapshot().samples(start_s, end_s)
    first, last = round(start_s * SAMPLE_RATE_HZ), round(end_s * SAMPLE_RATE_HZ)
    expected = np.zeros(last - first, np.float32)
    part = whole[first:last]
    expected[: len(part)] = part
    np.testing.assert_array_equal(found, expected)


def test_what_is_too_old_is_forgotten_and_a_snapshot_keeps_what_it_has() -> None:
    keeper = HistoryKeeper(kept_s=10.0)
    second = np.ones(SAMPLE_RATE_HZ, np.float32)
    for number in range(9):
        keeper.hear(_heard(second, first=number * SAMPLE_RATE_HZ))
    before = keeper.snapshot()
    for number in range(9, 30):
        keeper.hear(_heard(second, first=number * SAMPLE_RATE_HZ))
    assert (before.start_s, before.end_s) == (0.0, 9.0)
    assert before.samples(0.0, 9.0).all()
    after = keeper.snapshot()
    assert (after.start_s, after.end_s) == (20.0, 30.0)
    assert not before.pieces[0].samples.flags.writeable


@given(
    lasted_s=st.floats(0, 1e6, allow_nan=False),
    position_s=st.floats(0.1, 50_000),
    reason=st.sampled_from([GapReason.PAUSED, GapReason.LOST, GapReason.SOURCE]),
)
def test_a_session_goes_on_behind_a_gap_that_is_short_and_says_how_long_it_was(
    lasted_s: float, position_s: float, reason: GapReason
) -> None:
    session = SessionTime()
    assert session.plan(now_s=5.0) == 0
    assert session.begin(now_s=5.0, source="A") is None
    session.interrupt(position_s, reason, now_s=100.0)
    first = session.plan(now_s=100.0 + lasted_s)
    gap = session.begin(now_s=100.0 + lasted_s, source="B")
    assert gap is not None
    assert first % HOP_SAMPLES == 0
    assert gap.end_s == first / SAMPLE_RATE_HZ
    assert SHORTEST_GAP_S - 1e-3 <= gap.end_s - gap.start_s < LONGEST_GAP_S + 0.03
    assert gap.lasted_s == pytest.approx(lasted_s, abs=1e-6)
    assert gap.reason is reason
    assert gap.detail == ("B" if reason is GapReason.SOURCE else "")


def test_a_stream_that_brings_nothing_leaves_one_gap() -> None:
    session = SessionTime()
    session.begin(now_s=0.0, source="A")
    session.interrupt(10.0, GapReason.LOST, now_s=10.0)
    session.plan(now_s=12.0)
    session.interrupt(13.0, GapReason.SOURCE, now_s=14.0)
    session.plan(now_s=20.0)
    gap = session.begin(now_s=20.5, source="A")
    assert gap is not None
    assert (gap.start_s, gap.lasted_s, gap.reason) == (10.0, 10.5, GapReason.LOST)


@given(position_s=st.floats(0.5, 4_000), lasted_s=st.floats(0.0, 600.0))
def test_a_short_interruption_of_silence_is_no_gap(position_s: float, lasted_s: float) -> None:
    session = SessionTime()
    session.begin(now_s=0.0, source="A")
    session.interrupt(position_s, GapReason.LOST, now_s=100.0, in_silence=True)
    first = session.plan(now_s=100.0 + lasted_s)
    gap = session.begin(now_s=100.0 + lasted_s, source="A")
    assert first % HOP_SAMPLES == 0
    if lasted_s < LONGEST_GAP_S:
        assert gap is None
        assert 0 <= first - round(position_s * SAMPLE_RATE_HZ) < HOP_SAMPLES
    elif lasted_s > LONGEST_GAP_S + 1e-6:
        assert gap is not None
    # What comes after it is sound again, and its interruption a gap.
    session.interrupt(position_s + 5.0, GapReason.LOST, now_s=800.0)
    session.plan(now_s=800.0)
    assert session.begin(now_s=800.0, source="A") is not None


def test_two_streams_without_a_gap_between_them_stay_apart() -> None:
    keeper = HistoryKeeper()
    listener = Listener(Classifier.load("mel"))
    keeper.hear(listener.hear(np.zeros(10_000, np.float32)))
    begin = 20 * HOP_SAMPLES
    keeper.hear(Listener(Classifier.load("mel"), first_sample=begin).hear(np.ones(10_000)))
    history = keeper.snapshot()
    assert [piece.first_sample for piece in history.pieces] == [0, begin]
    assert history.samples(0.0, 10_000 / SAMPLE_RATE_HZ).max() == 0.0
    assert history.samples(begin / SAMPLE_RATE_HZ, 0.5).min() == 1.0


def test_a_listener_tells_the_times_of_the_session_and_the_same_answers() -> None:
    sound = tune(3.5, rate=SAMPLE_RATE_HZ)
    begin = 100 * HOP_SAMPLES
    plain = Listener(Classifier.load("mel")).hear(sound)
    later = Listener(Classifier.load("mel"), first_sample=begin).hear(sound)
    begin_s = begin / SAMPLE_RATE_HZ
    assert later.first_column == plain.first_column + 100
    assert later.first_sample == begin
    assert [v.start_s for v in later.verdicts] == [v.start_s + begin_s for v in plain.verdicts]
    np.testing.assert_array_equal(later.verdicts[0].probabilities, plain.verdicts[0].probabilities)
    with pytest.raises(ValueError, match="between two columns"):
        Listener(Classifier.load("mel"), first_sample=7)


class HandClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Session:
    """An engine with one source, and what it told."""

    def __init__(self, engine: LiveEngine, system: HandSystem, clock: HandClock) -> None:
        self.engine, self.system, self.clock = engine, system, clock
        self.gaps: list[Gap] = []
        self.columns = 0

    def until(self, fulfilled: Callable[[LiveUpdate], bool]) -> LiveUpdate:
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            update = self.engine.poll()
            self.gaps += update.gaps
            if update.columns.shape[1]:
                assert update.first_column == self.columns
                self.columns += update.columns.shape[1]
            if fulfilled(update):
                return update
            threading.Event().wait(0.01)
        pytest.fail(f"never came; the last update was {update.source}")

    def play(self, seconds: float, *, seed: int = 1) -> np.ndarray:
        sound = tune(seconds, seed=seed)
        position_s = self.engine.poll().position_s
        self.system.opened[-1].play(sound)
        self.until(lambda update: update.position_s > position_s + seconds - 0.2)
        return sound


@pytest.fixture
def session() -> Iterator[Session]:
    system, clock = HandSystem(), HandClock()
    with LiveEngine(system, model="mel", clock=clock) as engine:
        engine.use_device(None)
        running = Session(engine, system, clock)
        running.until(lambda update: update.source.health is Health.RUNNING)
        yield running


def test_clock_and_picture_go_on_over_a_pause(session: Session) -> None:
    session.play(3.2)
    session.engine.set_paused(True)
    before = session.until(lambda update: update.source.health is Health.PAUSED)
    session.clock.now_s += 600.0
    session.engine.set_paused(False)
    session.until(lambda update: update.source.health is Health.RUNNING)
    session.play(3.2, seed=2)
    session.until(lambda _: session.gaps != [])
    (gap,) = session.gaps
    assert gap.reason is GapReason.PAUSED
    assert gap.lasted_s == pytest.approx(600.0)
    assert gap.words == "paused, 10:00"
    history = session.engine.history()
    assert history.gaps == (gap,)
    assert gap.start_s == pytest.approx(before.position_s)
    assert not history.samples(gap.start_s, gap.end_s).any()
    assert history.samples(gap.end_s, history.end_s).any()
    starts = [verdict.start_s for verdict in history.verdicts]
    assert starts == pytest.approx([0.0, gap.end_s])
    assert history.verdict_at(gap.end_s + 1.0) is history.verdicts[1]
    assert history.verdict_at(gap.start_s + 0.5) is None
    first, columns = history.columns(0.0, history.end_s)
    assert first == 0
    assert (columns.max(axis=0)[5:60] > -60).all()
    middle = round((gap.start_s + 1.0) * SAMPLE_RATE_HZ / HOP_SAMPLES)
    assert columns[:, middle].max() == -100.0


def test_other_models_and_sources_are_marked(session: Session) -> None:
    session.play(1.0)
    session.engine.set_model("mfcc")
    session.until(lambda _: session.gaps != [])
    assert session.gaps[0].words == "another model: mfcc"
    assert session.gaps[0].start_s == session.gaps[0].end_s
    session.engine.use_demo()
    session.until(lambda update: update.source.name == "Demo clips")
    session.play(1.0)
    session.until(lambda _: len(session.gaps) == 2)
    assert session.gaps[1].words.startswith("another source: Demo clips")


def test_a_loss_is_a_gap_in_the_picture_and_nothing_else(session: Session) -> None:
    session.play(1.0)
    session.system.opened[-1].silent_s = 1.5
    session.until(lambda update: update.source.health is Health.STALLED)
    session.clock.now_s += 2.0
    session.until(lambda update: update.source.health is Health.RUNNING)
    session.play(1.0)
    session.until(lambda _: session.gaps != [])
    assert session.gaps[0].reason is GapReason.LOST
    assert session.gaps[0].lasted_s == pytest.approx(2.0)


def test_a_moment_of_the_past_is_answered_as_it_was_then(session: Session) -> None:
    session.play(4.0)
    history = session.engine.history()
    session.engine.request_moment(3.0)
    update = session.until(lambda update: update.moment is not None)
    assert update.moment is not None
    assert (update.moment.start_s, update.moment.end_s) == (0.0, 3.0)
    assert update.moment.evidence is not None
    np.testing.assert_allclose(
        update.moment.probabilities, history.verdicts[0].probabilities, atol=1e-5
    )
    assert len(history.window(1.0)) == WINDOW_SAMPLES


def test_nothing_heard_is_an_empty_history() -> None:
    history = History()
    assert (history.start_s, history.end_s) == (0.0, 0.0)
    assert not history.samples(0.0, 1.0).any()
    assert history.verdict_at(0.0) is None
