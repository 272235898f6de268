"""What the user knows beforehand: only some instruments, and how sure a name has to be."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from engine_doubles import RATE_HZ, HandSystem, tune

from timbrescope.desktop.audio.devices import DeviceWish
from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.desktop.engine.narrowing import WHOLE, Narrowing
from timbrescope.models.analysis import State
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import index_of

BAND = ("Cowbell", "Violin")
DEADLINE_S = 15.0


def _until(ask: Callable[[], Any], *, what: str) -> Any:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if (found := ask()) is not None:
            return found
        threading.Event().wait(0.01)
    pytest.fail(f"{what} never came")


def test_only_the_chosen_have_a_probability_live_and_none_can_be_asked_for_again() -> None:
    system = HandSystem()
    with LiveEngine(system) as engine:
        engine.narrow(Narrowing(only=BAND))
        engine.use_wish(DeviceWish("Hand", "ALSA"))
        source = _until(lambda: system.opened[-1] if system.opened else None, what="a source")
        source.play(tune(4.0, rate=RATE_HZ))

        def shares() -> np.ndarray | None:
            update = engine.poll()
            return update.preview.probabilities if update.preview is not None else None

        found = _until(shares, what="an answer")
        others = np.delete(found, [index_of(name) for name in BAND])
        assert not others.any()
        engine.narrow(WHOLE)
        source.play(tune(4.0, rate=RATE_HZ))

        def whole() -> bool | None:
            found = shares()
            return True if found is not None and np.count_nonzero(found) > len(BAND) else None

        _until(whole, what="an answer among all 28")


def test_a_file_says_within_which_limits_it_was_judged(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    soundfile.write(path, tune(4.0, rate=SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    session = FileSession()
    events: list[FileEvent] = []

    def done() -> Any:
        events.extend(session.poll())
        return next((e.result for e in events if e.kind is FileEventKind.DONE), None)

    try:
        session.narrow(Narrowing(only=BAND, threshold=0.99))
        session.add([path])
        result = _until(done, what="the result")
        assert result.state is not State.INSTRUMENT or result.probability >= 0.99
        assert np.count_nonzero(result.probabilities) <= len(BAND)
        assert result.notes[-1] == "only Cowbell, Violin could be named; named from 99% on"
        # Its evidence is of the answer it was given, whatever is wished for by now.
        session.narrow(WHOLE)
        session.request_evidence(path, 0.0)
        evidence = _until(session.poll_evidence, what="evidence")
        assert np.count_nonzero(evidence.analyses[0].probabilities) <= len(BAND)
    finally:
        session.close()


def test_the_shelf_gives_one_and_the_same_model_until_the_limits_change() -> None:
    shelf = ModelShelf()
    whole = shelf.get("mel")
    shelf.narrow(Narrowing(only=BAND))
    narrowed = shelf.get("mel")
    assert narrowed is not whole
    assert shelf.get("mel") is narrowed
    shelf.narrow(WHOLE)
    assert shelf.get("mel") is whole
