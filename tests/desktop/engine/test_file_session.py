"""Dropped files: queued, classified in the background, explained on demand, cancelled."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from engine_doubles import tune
from stand_in_models import write_stand_in

from timbrescope.desktop.engine import file_explaining, file_session
from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.models.audio import decode
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ

DEADLINE_S = 15.0


@pytest.fixture
def session() -> Iterator[FileSession]:
    running = FileSession()
    yield running
    running.close()
    assert not [t for t in threading.enumerate() if t.name == "timbrescope-files"]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    soundfile.write(path, tune(13.0, rate=SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    return path


ENDS = (FileEventKind.DONE, FileEventKind.SKIPPED, FileEventKind.STOPPED)


def _until(ask: Callable[[], Any], *, what: str) -> Any:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found = ask()
        if found is not None:
            return found
        threading.Event().wait(0.01)
    pytest.fail(f"{what} never came")


def _events_until_done(session: FileSession, count: int) -> list[FileEvent]:
    events: list[FileEvent] = []

    def all_done() -> bool | None:
        events.extend(session.poll())
        ended = [e for e in events if e.kind in ENDS]
        return True if len(ended) >= count else None

    _until(all_done, what=f"the end of {count} files")
    return events


def test_a_folder_becomes_results_in_order(session: FileSession, song: Path) -> None:
    bad = song.with_name("bad.wav")
    bad.write_text("words")
    session.add([song.parent])
    events = _events_until_done(session, 2)
    queued = [event.path for event in events if event.kind is FileEventKind.QUEUED]
    results = {e.path: e.result for e in events if e.kind is FileEventKind.DONE}
    assert queued == [bad, song]
    assert results[song] is not None
    assert results[bad] is not None
    assert (results[song].status, results[bad].status) == ("ok", "error")
    assert len(results[song].windows) == 5


def test_progress_rises_to_one(session: FileSession, song: Path) -> None:
    session.add([song])
    shares = [event.progress for event in _events_until_done(session, 1)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_evidence_is_of_the_windows_the_file_was_judged_by(
    session: FileSession, song: Path
) -> None:
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    session.request_evidence(song, 4.0)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    assert evidence.start_s == 3.0
    assert [analysis.start_s for analysis in evidence.analyses] == [3.0, 6.0, 9.0, 10.0]
    assert done.result is not None
    for analysis, window in zip(evidence.analyses, done.result.windows[1:], strict=True):
        assert analysis.probability == pytest.approx(window.probability, abs=1e-6)
    assert evidence.columns.shape == (128, pytest.approx(10 * SAMPLE_RATE_HZ / 512, abs=4))
    assert np.isfinite(evidence.columns).all()


def test_what_is_shown_may_begin_before_the_window_asked_for(
    session: FileSession, song: Path
) -> None:
    session.set_comparing(("mel",))
    session.add([song])
    _events_until_done(session, 1)
    session.request_evidence(song, 10.0, 3.0)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    assert [analysis.start_s for analysis in evidence.analyses] == [3.0, 6.0, 9.0, 10.0]
    assert (evidence.start_s, evidence.asked) == (3.0, 3)
    assert evidence.asked_for is evidence.analyses[3]
    # The other models answer to what was asked for, too.
    assert evidence.comparison is not None
    assert evidence.comparison.start_s == 10.0


def test_the_last_window_is_explained_as_it_was_judged(session: FileSession, song: Path) -> None:
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    assert done.result is not None
    last = done.result.windows[-1]
    session.request_evidence(song, last.start_s)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    (analysis,) = evidence.analyses
    assert (evidence.start_s, analysis.start_s) == (last.start_s, last.start_s)
    assert analysis.probability == pytest.approx(last.probability, abs=1e-6)
    assert evidence.columns.shape == (128, pytest.approx(3 * SAMPLE_RATE_HZ / 512, abs=4))


def test_evidence_of_a_file_that_has_gone_is_told(session: FileSession, song: Path) -> None:
    song.unlink()
    session.request_evidence(song, 0.0)
    (event,) = _until(lambda: session.poll() or None, what="the message")
    assert event.kind is FileEventKind.UNEXPLAINED
    assert "song.wav" in event.message


def test_a_file_is_explained_by_the_model_that_judged_it(session: FileSession, song: Path) -> None:
    session.add([song])
    _events_until_done(session, 1)
    session.set_model("mfcc")
    session.request_evidence(song, 0.0)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    kind = Classifier.load().kind
    assert kind != "mfcc"
    assert {analysis.model.kind for analysis in evidence.analyses} == {kind}


def test_a_fault_in_one_file_is_its_row_and_the_next_goes_on(
    session: FileSession, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify = file_session.classify_file

    def faulty(path: Path, **settings: Any) -> object:
        if path.name == "bad.wav":
            raise RuntimeError("out of luck")
        return classify(path, **settings)

    monkeypatch.setattr(file_session, "classify_file", faulty)
    bad = song.with_name("bad.wav")
    bad.write_bytes(song.read_bytes())
    session.add([bad, song])
    results = {e.path: e.result for e in _events_until_done(session, 2) if e.result}
    assert "out of luck" in (results[bad].error or "")
    assert results[song].status == "ok"


def test_a_file_that_needs_more_memory_than_there_is_is_its_row(
    session: FileSession, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = decode.iter_windows

    def greedy(path: Path, **kwargs: object) -> object:
        if path.name == "bad.wav":
            raise MemoryError
        return windows(path, **kwargs)

    monkeypatch.setattr(decode, "iter_windows", greedy)
    bad = song.with_name("bad.wav")
    bad.write_bytes(song.read_bytes())
    session.add([bad, song])
    results = {e.path: e.result for e in _events_until_done(session, 2) if e.result}
    assert results[bad].status == "error"
    assert "more memory" in (results[bad].error or "")
    assert results[song].status == "ok"


@pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("out of luck"), OSError("gone")])
@pytest.mark.parametrize("place", ["explain_span", "collect_audio_files"])
def test_no_fault_ends_the_thread(
    session: FileSession,
    song: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    fault: Exception,
) -> None:
    def faulty(*arguments: object, **settings: object) -> object:
        raise fault

    with monkeypatch.context() as patched:
        module = file_explaining if place == "explain_span" else file_session
        patched.setattr(module, place, faulty)
        if place == "explain_span":
            session.request_evidence(song, 0.0)
        else:
            session.add([song])
        (event,) = _until(lambda: session.poll() or None, what="the message")
        assert event.kind in (FileEventKind.UNEXPLAINED, FileEventKind.SKIPPED)
        assert event.message
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    assert done.result is not None
    assert done.result.status == "ok"


def test_the_other_model_answers_from_the_next_file_on(session: FileSession, song: Path) -> None:
    session.set_model("mfcc")
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    assert done.result is not None
    assert done.result.model == "mfcc"


def test_cancelling_gives_up_the_rest(
    session: FileSession, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()
    classify = file_session.classify_file

    def slow(*arguments: object, **settings: object) -> object:
        began.set()
        assert go_on.wait(DEADLINE_S)
        return classify(*arguments, **settings)

    monkeypatch.setattr(file_session, "classify_file", slow)
    second = song.with_name("zweites.wav")
    second.write_bytes(song.read_bytes())
    session.add([song, second])
    assert began.wait(DEADLINE_S)
    session.cancel()
    go_on.set()
    events = _events_until_done(session, 2)
    assert [e.path for e in events if e.kind is FileEventKind.STOPPED] == [second, song]
    assert not [e for e in events if e.kind is FileEventKind.DONE]


def test_giving_up_one_file_leaves_the_others(
    session: FileSession, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on = threading.Event(), threading.Event()
    classify = file_session.classify_file

    def slow(*arguments: object, **settings: object) -> object:
        began.set()
        assert go_on.wait(DEADLINE_S)
        return classify(*arguments, **settings)

    monkeypatch.setattr(file_session, "classify_file", slow)
    others = [song.with_name(name) for name in ("zweites.wav", "drittes.wav")]
    for other in others:
        other.write_bytes(song.read_bytes())
    session.add([song, *others])
    assert began.wait(DEADLINE_S)
    session.cancel([others[0]])
    go_on.set()
    events = _events_until_done(session, 3)
    assert [e.path for e in events if e.kind is FileEventKind.STOPPED] == [others[0]]
    assert [e.path for e in events if e.kind is FileEventKind.DONE] == [song, others[1]]


def test_the_window_asked_for_is_put_to_all_models(session: FileSession, song: Path) -> None:
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    session.set_comparing((DEFAULT_MODEL, "gone.onnx", "mfcc"))
    session.request_evidence(song, 4.0)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    assert evidence.comparison is not None
    assert evidence.comparison.start_s == 3.0
    own, gone, mfcc = evidence.comparison.answers
    assert done.result is not None
    assert own.probability == pytest.approx(done.result.windows[1].probability, abs=1e-6)
    assert "gone.json" in gone.problem
    assert not mfcc.problem
    session.set_comparing(())
    session.request_evidence(song, 4.0)
    evidence = _until(session.poll_evidence, what="the evidence")
    assert evidence.comparison is None


def test_a_model_without_evidence_explains_nothing_but_answers(
    session: FileSession, song: Path, tmp_path: Path
) -> None:
    own = str(write_stand_in(tmp_path / "own.onnx", says="Trumpet"))
    session.set_model(own)
    session.add([song])
    (done,) = [e for e in _events_until_done(session, 1) if e.result is not None]
    assert done.result is not None
    assert (done.result.model, done.result.instrument) == (own, "Trumpet")
    session.request_evidence(song, 0.0)
    evidence: FileEvidence = _until(session.poll_evidence, what="the evidence")
    assert all(analysis.heatmaps is None for analysis in evidence.analyses)
