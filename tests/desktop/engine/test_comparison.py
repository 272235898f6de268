"""Several models on one window: the same window for all, skipped not queued, faults kept apart."""

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from engine_doubles import tune
from stand_in_models import write_stand_in

from timbrescope.desktop.engine.agreement import Agreement, agreement
from timbrescope.desktop.engine.classify_file import classify_file, compare_file
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES, Listener
from timbrescope.desktop.engine.live_comparison import LiveComparison
from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.models.analysis import State
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ

BOTH = ("mel", "mfcc")
WINDOW = tune(3.0, rate=SAMPLE_RATE_HZ)


@pytest.fixture
def shelf() -> ModelShelf:
    return ModelShelf()


class HandClock:
    """Every comparison costs `cost_s`: the clock is asked before and after it."""

    def __init__(self, cost_s: float) -> None:
        self.now_s, self._cost_s, self._inside = 0.0, cost_s, False

    def __call__(self) -> float:
        if self._inside:
            self.now_s += self._cost_s
        self._inside = not self._inside
        return self.now_s


def _broken(model: Classifier) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the graph is damaged inside")

    model.analyse = fail  # type: ignore[method-assign, assignment]


def test_every_model_answers_as_it_would_alone(shelf: ModelShelf) -> None:
    comparison = Comparator(BOTH, shelf=shelf).compare(WINDOW, start_s=6.0)
    assert comparison.start_s == 6.0
    assert [answer.model for answer in comparison.answers] == ["mel", "mfcc"]
    for answer in comparison.answers:
        alone = Classifier.load(answer.model).analyse(WINDOW, start_s=6.0)
        np.testing.assert_array_equal(answer.probabilities, alone.probabilities)
        assert (answer.state, answer.instrument) == (alone.state, alone.instrument)


def test_a_model_that_cannot_be_loaded_does_not_take_the_others_down(shelf: ModelShelf) -> None:
    comparator = Comparator(("mel", "gone.onnx", "mfcc"), shelf=shelf)
    answers = comparator.compare(WINDOW, start_s=0.0).answers
    assert [answer.model for answer in answers] == ["mel", "gone.onnx", "mfcc"]
    assert "gone.json" in answers[1].problem
    assert answers[1].instrument is None
    assert not answers[0].problem
    assert not answers[2].problem


def test_a_model_that_fails_on_a_window_is_left_out_from_then_on(shelf: ModelShelf) -> None:
    comparator = Comparator(BOTH, shelf=shelf)
    _broken(shelf.get("mel"))
    for _ in range(2):
        mel, mfcc = comparator.compare(WINDOW, start_s=0.0).answers
        assert "damaged inside" in mel.problem
        assert mfcc.probability > 0
    assert list(comparator.models) == ["mfcc"]


def test_live_rows_are_of_the_previews_window_and_the_first_is_the_large_answer(
    shelf: ModelShelf,
) -> None:
    listener = Listener(shelf.get("mel"), comparator=Comparator(BOTH, shelf=shelf))
    for start in range(0, 4 * SAMPLE_RATE_HZ, PREVIEW_SAMPLES):
        heard = listener.hear(tune(5.0, rate=SAMPLE_RATE_HZ)[start : start + PREVIEW_SAMPLES])
    assert heard.comparison is not None
    assert heard.preview is not None
    assert heard.answer is not None
    assert heard.comparison.start_s == heard.preview.start_s
    mel, mfcc = heard.comparison.answers
    assert mel.state is heard.answer.state
    np.testing.assert_array_equal(mel.probabilities, heard.answer.probabilities)
    assert mfcc.state in (State.INSTRUMENT, State.NOT_SURE)


def _hear(comparison_cost_s: float, *, seconds: float, shelf: ModelShelf) -> list[Heard]:
    listener = Listener(shelf.get("mel"))
    listener._comparison = LiveComparison(
        Comparator(BOTH, shelf=shelf), clock=HandClock(comparison_cost_s)
    )
    sound = tune(seconds, rate=SAMPLE_RATE_HZ)
    starts = range(0, len(sound), PREVIEW_SAMPLES)
    return [listener.hear(sound[at : at + PREVIEW_SAMPLES]) for at in starts]


def test_cheap_comparisons_are_made_for_every_preview(shelf: ModelShelf) -> None:
    heard = _hear(0.01, seconds=2.0, shelf=shelf)
    assert all(each.comparison is not None for each in heard)
    assert heard[-1].comparison is not None
    assert heard[-1].comparison.skipped == 0


def test_dear_comparisons_are_skipped_and_counted_never_queued(shelf: ModelShelf) -> None:
    # At 0.4 s each, one a second may be made: four of five previews go without.
    heard = _hear(0.4, seconds=4.0, shelf=shelf)
    made = [number for number, each in enumerate(heard) if each.comparison is not None]
    assert made == [0, 5, 10, 15]
    last = heard[15].comparison
    assert last is not None
    assert last.skipped == 12
    # Each is of the newest window at its time, not of one that waited.
    for number in made:
        comparison, preview = heard[number].comparison, heard[number].preview
        assert comparison is not None
        assert preview is not None
        assert comparison.start_s == preview.start_s
    # The answer itself goes on.
    assert all(each.preview is not None for each in heard)


def test_of_several_verdicts_at_once_only_the_newest_is_compared(shelf: ModelShelf) -> None:
    listener = Listener(shelf.get("mel"), comparator=Comparator(BOTH, shelf=shelf))
    heard = listener.hear(tune(9.5, rate=SAMPLE_RATE_HZ))
    assert [verdict.start_s for verdict in heard.verdicts] == [0.0, 3.0, 6.0]
    (compared,) = heard.compared_verdicts
    assert (compared.start_s, compared.skipped) == (6.0, 2)
    np.testing.assert_array_equal(
        compared.answers[0].probabilities, heard.verdicts[-1].probabilities
    )


def test_with_no_model_left_there_are_only_problems(shelf: ModelShelf) -> None:
    listener = Listener(shelf.get("mel"), comparator=Comparator(("gone.onnx",), shelf=shelf))
    heard = listener.hear(tune(3.2, rate=SAMPLE_RATE_HZ))
    assert heard.comparison is not None
    assert [bool(answer.problem) for answer in heard.comparison.answers] == [True]
    assert heard.comparison.agreement.asked == 0


def test_a_files_results_are_those_of_each_model_alone(shelf: ModelShelf, tmp_path: Path) -> None:
    path = tmp_path / "tune.wav"
    soundfile.write(path, tune(7.0, rate=SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    results = compare_file(path, comparator=Comparator((*BOTH, "gone.onnx"), shelf=shelf))
    assert [result.model for result in results] == ["mel", "mfcc", "gone.onnx"]
    for result in results[:2]:
        alone = classify_file(path, classifier=shelf.get(result.model), model=result.model)
        np.testing.assert_array_equal(result.probabilities, alone.probabilities)
        assert result.windows == alone.windows
    assert results[2].status == "error"


def test_a_file_that_cannot_be_read_is_an_error_for_all(shelf: ModelShelf, tmp_path: Path) -> None:
    path = tmp_path / "words.wav"
    path.write_text("no sound")
    results = compare_file(path, comparator=Comparator(BOTH, shelf=shelf))
    assert {result.status for result in results} == {"error"}


def test_a_model_without_evidence_takes_part(shelf: ModelShelf, tmp_path: Path) -> None:
    own = str(write_stand_in(tmp_path / "own.onnx", says="Trumpet"))
    comparison = Comparator(("mel", own), shelf=shelf).compare(WINDOW, start_s=0.0)
    assert comparison.answers[1].instrument == "Trumpet"


def test_a_model_file_written_again_is_loaded_again_one_that_has_gone_stays(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    path = write_stand_in(tmp_path / "own.onnx", says="Trumpet")
    first = shelf.get(str(path))
    assert shelf.get(str(path)) is first
    write_stand_in(path, says="Violin", name="own again")
    os.utime(path, ns=(1, 1))
    again = shelf.get(str(path))
    assert again.sidecar.name == "own again"
    path.unlink()
    assert shelf.get(str(path)) is again
    with pytest.raises(ModelFileError):
        shelf.get(str(tmp_path / "never.onnx"))


@pytest.mark.parametrize(
    ("claims", "guesses", "expected"),
    [
        (["Violin", "Violin", None], [None, None, "Violin"], Agreement("Violin", 2, 1, 2, 3)),
        (["Violin", None, None], [None, "Flute", "Flute"], Agreement("Violin", 1, 0, 1, 3)),
        (["Violin", "Flute"], [], Agreement(None, 1, 0, 2, 2)),
        (["Violin", "Flute", "Flute", "Violin"], [], Agreement(None, 2, 0, 4, 4)),
        ([None, None, None], ["Horn", "Horn", "Flute"], Agreement("Horn", 0, 2, 0, 3)),
        ([None, None], ["Horn", "Flute"], Agreement(None, 0, 0, 0, 2)),
        ([None, None], [None, None], Agreement(None, 0, 0, 0, 2)),
        ([], [], Agreement(None, 0, 0, 0, 0)),
    ],
)
def test_agreement(
    claims: list[str | None], guesses: list[str | None], expected: Agreement
) -> None:
    assert agreement(claims, guesses) == expected
