"""A file recorded very low is one file everywhere: answer, evidence and figures agree on it."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.desktop.audio.demo import demo_clip
from timbrescope.desktop.engine.classify_file import classify_file, explain_span
from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.models.analysis import State
from timbrescope.models.audio.decode import read_mono
from timbrescope.models.classifier import Classifier
from timbrescope.models.hearing import file_gain_db


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


@pytest.fixture(scope="module")
def faint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faint") / "faint.wav"
    sound = read_mono(demo_clip("violin"))
    soundfile.write(path, sound * (0.0005 / np.abs(sound).max()), 22_050, subtype="FLOAT")
    return path


def test_evidence_is_that_of_the_answer(classifier: Classifier, faint: Path) -> None:
    result = classify_file(faint, classifier=classifier)
    assert result.instrument == "Violin"
    assert result.gain_db > 20
    assert file_gain_db(faint, quiet_dbfs=-60.0) == pytest.approx(result.gain_db)
    for gain_db in (result.gain_db, None):
        shown = explain_span(
            faint, classifier=classifier, start_s=0.0, duration_s=6.0, gain_db=gain_db
        )
        found = [(each.start_s, each.state) for each in shown.analyses]
        assert found == [(each.start_s, each.state) for each in result.windows[: len(found)]]
        assert shown.analyses[0].state is not State.QUIET
        assert shown.analyses[0].probability == pytest.approx(
            result.windows[0].probability, abs=1e-5
        )
        assert shown.columns.max() > -20


def test_a_quiet_stretch_of_a_loud_file_stays_quiet(
    classifier: Classifier, faint: Path, tmp_path: Path
) -> None:
    low, _ = soundfile.read(faint, dtype="float32")
    loud = read_mono(demo_clip("violin"))
    path = tmp_path / "both.wav"
    soundfile.write(path, np.concatenate([low, loud]), 22_050, subtype="FLOAT")
    result = classify_file(path, classifier=classifier)
    assert result.gain_db == 0.0
    shown = explain_span(path, classifier=classifier, start_s=0.0, duration_s=3.0)
    assert shown.analyses[0].state is result.windows[0].state is State.QUIET


def test_a_session_explains_as_it_judged(faint: Path) -> None:
    session = FileSession()
    try:
        session.add([faint])
        end = time.monotonic() + 60
        while not any(event.result for event in session.poll()):
            assert time.monotonic() < end
            threading.Event().wait(0.02)
        session.request_evidence(faint, 0.0)
        while (evidence := session.poll_evidence()) is None:
            assert time.monotonic() < end
            threading.Event().wait(0.02)
    finally:
        session.close()
    assert evidence.analyses[0].state is not State.QUIET
