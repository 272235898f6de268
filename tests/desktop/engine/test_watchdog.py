"""What spoils a stream is told in plain words, once it goes on; and not for what happens once."""

import threading
import time

import numpy as np
import pytest
from engine_doubles import RATE_HZ, HandSource, HandSystem, tune
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.engine.watchdog import (
    CLIPPING,
    LEAST_S,
    NO_TROUBLE,
    OVERFLOW,
    SPAN_S,
    STARVED,
    Sustained,
    Watchdog,
    is_clipped,
)

CLEAN = np.zeros((100, 2), np.float32)
CUT_OFF = np.ones((100, 2), np.float32)


@given(st.lists(st.integers(0, 30), max_size=30).map(sorted))
def test_it_holds_in_three_of_the_last_five_seconds(seconds: list[int]) -> None:
    kind = Sustained()
    for second in seconds:
        kind.note(second, 1)
    recent = {each for each in seconds if seconds and each > seconds[-1] - SPAN_S}
    assert kind.holds is (len(recent) >= LEAST_S)
    kind.note(100.0, 0)
    assert not kind.holds


def test_full_scale_for_a_moment_is_no_clipping() -> None:
    touched = CLEAN.copy()
    touched[[10, 11, 50], 0] = 1.0
    assert not is_clipped(touched)
    touched[12, 0] = -1.0
    assert is_clipped(touched)
    assert not is_clipped(np.full((2, 1), np.nan, np.float32))


def _watched(second: int, watchdog: Watchdog, **what: int) -> None:
    block = CUT_OFF if what.pop("clips", 0) else CLEAN
    facts = {"overruns": 0, "dropped_previews": 0} | what
    watchdog.see(block, at_s=second + 0.5, **facts)


def test_each_trouble_has_its_words_and_ends() -> None:
    watchdog = Watchdog()
    assert watchdog.trouble is NO_TROUBLE
    for second in range(3):
        assert watchdog.trouble is NO_TROUBLE
        _watched(second, watchdog, clips=1)
    assert watchdog.trouble is CLIPPING
    for second in range(3, 6):
        _watched(second, watchdog, clips=1, overruns=second)
    assert watchdog.trouble is OVERFLOW
    for second in range(6, 9):
        _watched(second, watchdog, overruns=second, dropped_previews=3)
    assert watchdog.trouble is STARVED
    for second in range(9, 20):
        _watched(second, watchdog, overruns=8)
    assert watchdog.trouble is NO_TROUBLE


@pytest.mark.parametrize("trouble", [CLIPPING, OVERFLOW, STARVED])
def test_words_are_plain_and_say_what_to_do(trouble: object) -> None:
    words = str(getattr(trouble, "words"))  # noqa: B009
    assert "Error" not in words
    assert any(verb in words for verb in ("Turn", "Close", "choose"))


def _until(engine: LiveEngine, words: str, *, said: bool = True) -> LiveUpdate:
    """Wait until words are said, or said no more."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        update = engine.poll()
        if (words in update.source.message) == said:
            return update
        threading.Event().wait(0.01)
    pytest.fail(f"{words!r} was {'never' if said else 'ever'} said; the last: {update.source}")


def test_a_clipping_input_is_told_and_forgotten() -> None:
    system = HandSystem(make=lambda: HandSource(ring=RingBuffer(20 * RATE_HZ, 1)))
    with LiveEngine(system, model="mel") as engine:
        engine.use_device(None)
        while not system.opened or not system.opened[-1].running:
            threading.Event().wait(0.01)
        # In pieces no longer than previews are apart, or it is the computer that is too slow.
        _pour(engine, system, np.clip(20 * tune(4.0), -1, 1))
        told = _until(engine, "clipping")
        assert "44100 Hz" in told.source.details
        _pour(engine, system, 0.01 * tune(7.0))
        # A busy computer may have something else to say.
        _until(engine, "clipping", said=False)


def _pour(engine: LiveEngine, system: HandSystem, sound: np.ndarray) -> None:
    begin_s = engine.poll().position_s
    for at in range(0, len(sound), RATE_HZ // 10):
        system.opened[-1].play(sound[at : at + RATE_HZ // 10])
        while engine.poll().position_s < begin_s + at / RATE_HZ - 0.1:
            threading.Event().wait(0.005)
