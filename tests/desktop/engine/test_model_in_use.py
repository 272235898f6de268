"""Which model answers live: what is asked for last, unless it is refused or fails."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from odd_models import write_named
from stand_in_models import write_stand_in

from timbrescope.desktop.engine.loaded_models import ModelShelf, Trials, load_model
from timbrescope.desktop.engine.model_in_use import ModelInUse
from timbrescope.models.artefact import Artefact, load_artefact
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError

DEADLINE_S = 20.0


class Engine:
    """Stands in for the engine's thread: what is sent is done when the test says so."""

    def __init__(self, try_out: Callable[[str], None]) -> None:
        self.arrived = threading.Semaphore(0)
        self._sent: list[Callable[[], None]] = []
        self.changes: list[Classifier] = []
        self.model = ModelInUse(
            DEFAULT_MODEL,
            others=tuple,
            shelf=ModelShelf(load_model),
            send=self._send,
            changed=self.changes.append,
            try_out=try_out,
        )

    def _send(self, command: Callable[[], None]) -> None:
        self._sent.append(command)
        self.arrived.release()

    def ask_for_own(self, reference: str) -> None:
        """Ask for a model that is tried first, and let the trial begin."""
        self.model.ask(reference)
        self.do_next()

    def do_next(self) -> None:
        assert self.arrived.acquire(timeout=DEADLINE_S)
        self._sent.pop(0)()


@pytest.fixture
def own(tmp_path: Path) -> str:
    return str(write_stand_in(tmp_path / "own.onnx"))


def test_a_model_of_ones_own_answers_once_it_was_tried(own: str) -> None:
    tried: list[str] = []
    engine = Engine(tried.append)
    engine.ask_for_own(own)
    engine.do_next()
    assert tried == [own]
    assert engine.model.reference == own
    assert engine.changes == [engine.model.classifier]


def test_a_model_that_fails_its_trial_changes_nothing(own: str) -> None:
    def refuse(reference: str) -> None:
        raise ModelFileError("no answer to two windows")

    engine = Engine(refuse)
    engine.ask_for_own(own)
    engine.do_next()
    assert engine.model.reference == DEFAULT_MODEL
    assert engine.model.problem == "The model was not changed: no answer to two windows"
    assert engine.changes == []


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    opened = threading.Event()
    yield opened
    opened.set()


def test_a_model_whose_trial_ends_too_late_does_not_come_after_the_next_one(
    own: str, gate: threading.Event
) -> None:
    engine = Engine(lambda _: gate.wait(DEADLINE_S) and None)
    engine.ask_for_own(own)
    engine.model.ask("mfcc")
    engine.do_next()
    gate.set()
    engine.do_next()
    assert engine.model.reference == "mfcc"
    assert engine.model.problem == ""


def test_a_model_that_fails_while_listening_is_left_behind(own: str) -> None:
    engine = Engine(lambda _: None)
    engine.ask_for_own(own)
    engine.do_next()
    engine.model.leave(ModelFileError("no answer to a window within 5 s"))
    assert engine.model.reference == DEFAULT_MODEL
    assert engine.changes[-1] is engine.model.classifier
    assert engine.model.problem.startswith("Another model answers now (flagship): no answer")


def test_the_default_model_cannot_be_left_behind() -> None:
    engine = Engine(lambda _: None)
    with pytest.raises(ModelFileError, match="broken"):
        engine.model.leave(ModelFileError("broken"))


def test_a_model_is_tried_once_and_a_refused_one_again_when_asked_for_anew(own: str) -> None:
    attempts: list[Path] = []

    def attempt(artefact: Artefact) -> None:
        attempts.append(artefact.path)
        raise ModelFileError("refused")

    trials, artefact = Trials(attempt), load_artefact(Path(own))
    for _ in range(3):
        with pytest.raises(ModelFileError, match="refused"):
            trials.check(artefact)
    assert len(attempts) == 1
    with pytest.raises(ModelFileError, match="refused"):
        trials.check(artefact, anew=True)
    assert len(attempts) == 2


def test_an_endless_model_is_refused_by_the_real_trial(tmp_path: Path) -> None:
    trials = Trials()
    with pytest.raises(ModelFileError, match="no answer to a window within 5 s"):
        trials.check(load_artefact(write_named(tmp_path, "endless")))


class Shelf:
    """Gives stand-ins for models, and refuses some; counts what it was asked for."""

    def __init__(self, *refused: str) -> None:
        self._refused = refused
        self.asked: list[str] = []

    def load(self, reference: str) -> Classifier:
        self.asked.append(reference)
        if reference in self._refused:
            raise ModelFileError(f"{reference} is damaged")
        return Classifier.load("mel")


def _in_use(shelf: Shelf, others: tuple[str, ...] = ()) -> ModelInUse:
    return ModelInUse(
        DEFAULT_MODEL,
        others=lambda: others,
        shelf=ModelShelf(shelf.load),
        send=lambda command: command(),
        changed=lambda _: None,
    )


def test_no_model_is_loaded_before_it_is_needed() -> None:
    shelf = Shelf()
    model = _in_use(shelf)
    model.again()
    assert model.reference == DEFAULT_MODEL
    assert shelf.asked == []
    model.prepare()
    model.wait()
    assert shelf.asked == [DEFAULT_MODEL]
    assert model.classifier is model.classifier
    assert shelf.asked == [DEFAULT_MODEL]


def test_another_model_answers_in_the_place_of_a_damaged_one_and_says_why() -> None:
    model = _in_use(Shelf(DEFAULT_MODEL, "mel"), ("mel", "mfcc", "random-forest"))
    model.prepare()
    model.wait()
    assert model.reference == "mfcc"
    assert model.problem == "Another model answers now (mfcc): flagship is damaged"


def test_whoever_waits_for_a_model_hears_that_there_is_none() -> None:
    model = _in_use(Shelf(DEFAULT_MODEL, "mel"), ("mel",))
    for act in (model.prepare, model.wait):
        with pytest.raises(ModelFileError, match="flagship is damaged"):
            act()
    # Nor can one be left behind for another.
    with pytest.raises(ModelFileError, match="no answer"):
        model.leave(ModelFileError("no answer"))
