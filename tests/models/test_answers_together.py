"""Several windows at once: the answers that each gets alone, or one at a time."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models import classifier as classifier_module
from timbrescope.models.analysis import Analysis
from timbrescope.models.catalogue import MODEL_NAMES
from timbrescope.models.classifier import TOGETHER, Classifier
from timbrescope.models.errors import ModelFileError, WindowError
from timbrescope.models.evidence import NOTHING
from timbrescope.models.frontend import WINDOW_SAMPLES, features
from timbrescope.models.listening import FileListener
from timbrescope.models.windows import cut_windows

GOLDEN = sorted((Path(__file__).parents[1] / "data" / "golden").glob("*.ogg"))


@pytest.fixture(scope="module")
def sounds() -> list[np.ndarray]:
    """More windows than go through a network at once, and not a multiple of that."""
    read = [soundfile.read(path, dtype="float32")[0] for path in GOLDEN[: TOGETHER + 3]]
    return [np.resize(samples, WINDOW_SAMPLES) for samples in read]


def _same(one: Analysis, other: Analysis) -> None:
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    assert (one.start_s, one.end_s, one.level_dbfs) == (
        other.start_s,
        other.end_s,
        other.level_dbfs,
    )
    assert (one.state, one.doubt, one.model) == (other.state, other.doubt, other.model)
    assert one.evidence is None


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_answers_are_those_of_each_window_alone(name: str, sounds: list[np.ndarray]) -> None:
    classifier = Classifier.load(name)
    starts_s = [3.0 * number for number in range(len(sounds))]
    found = classifier.answers(sounds, starts_s=starts_s)
    assert len(found) == len(sounds)
    for sound, start_s, together in zip(sounds, starts_s, found, strict=True):
        _same(together, classifier.analyse(sound, start_s=start_s, explained=NOTHING))


def test_features_that_are_known_change_nothing(sounds: list[np.ndarray]) -> None:
    classifier = Classifier.load()
    known = [features(sounds[0], kind=classifier.kind), None]
    found = classifier.answers(sounds[:2], starts_s=[0.0, 3.0], known_features=known)
    for one, other in zip(found, classifier.answers(sounds[:2], starts_s=[0.0, 3.0]), strict=True):
        _same(one, other)


def test_a_network_that_takes_one_window_only_is_asked_for_each(
    sounds: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = classifier_module.run_session

    asked = []

    def of_one(*given: object, windows: int = 1) -> object:
        asked.append(windows)
        if windows > 1:
            raise ModelFileError("Got: 8 Expected: 1")
        return whole(*given)  # type: ignore[arg-type]

    expected = Classifier.load().answers(sounds, starts_s=range(len(sounds)))
    monkeypatch.setattr(classifier_module, "run_session", of_one)
    classifier = Classifier.load()
    for _ in range(2):
        found = classifier.answers(sounds, starts_s=range(len(sounds)))
        for one, other in zip(found, expected, strict=True):
            _same(one, other)
    # Several were tried once, and never again.
    assert sum(windows > 1 for windows in asked) == 1


def test_a_network_that_answers_several_otherwise_is_asked_for_each(
    sounds: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = classifier_module.run_session

    def off_by_a_digit(*given: object, windows: int = 1) -> object:
        answers = whole(*given, windows=windows)  # type: ignore[arg-type]
        if windows > 1:
            answers["logits"] = np.nextafter(answers["logits"], np.float32(np.inf))
        return answers

    expected = Classifier.load().answers(sounds, starts_s=range(len(sounds)))
    monkeypatch.setattr(classifier_module, "run_session", off_by_a_digit)
    found = Classifier.load().answers(sounds, starts_s=range(len(sounds)))
    for one, other in zip(found, expected, strict=True):
        _same(one, other)


def test_one_short_file_is_answered_without_a_trial_and_many_are_not(
    sounds: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, asked = classifier_module.run_session, []

    def counted(*given: object, windows: int = 1) -> object:
        asked.append(windows)
        return whole(*given, windows=windows)  # type: ignore[arg-type]

    classifier = Classifier.load()
    monkeypatch.setattr(classifier_module, "run_session", counted)
    few = TOGETHER - 1
    classifier.answers(sounds[:few], starts_s=range(few))
    assert asked == [1] * few
    # Before the next the two trial windows are tried; from then on few go at once, too.
    asked.clear()
    for _ in range(2):
        classifier.answers(sounds[:few], starts_s=range(few))
    assert asked == [2, few, few]


def test_the_windows_at_the_end_of_a_file_are_answered_too(sounds: list[np.ndarray]) -> None:
    classifier = Classifier.load()
    listener = FileListener(classifier)
    for window in cut_windows(np.concatenate(sounds)):
        listener.hear(window)
    answer = listener.answer()
    assert [each.start_s for each in answer.verdicts] == [3.0 * n for n in range(len(sounds))]


def test_a_window_that_is_no_sound_is_told_of(sounds: list[np.ndarray]) -> None:
    broken = sounds[1].copy()
    broken[5] = np.nan
    with pytest.raises(WindowError, match="sample 5"):
        Classifier.load().answers([sounds[0], broken], starts_s=[0.0, 3.0])
