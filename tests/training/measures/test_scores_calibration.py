import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.instruments import NAMES
from timbrescope.models.probabilities import calibrated
from timbrescope.training.measures.calibration import (
    FALSE_ANSWERS_PER_MINUTE,
    PASSING_OTHERS_PER_MINUTE,
    calibrate,
    choose_not_sure,
    claimable,
    false_answers_per_minute,
    fit_temperature,
)
from timbrescope.training.measures.scores import in_top3, score


def answers_for(labels: list[int], *, right: list[bool]) -> np.ndarray:
    probabilities = np.full((len(labels), 28), 0.01)
    for row, (label, is_right) in enumerate(zip(labels, right, strict=True)):
        probabilities[row, label if is_right else (label + 1) % 28] = 0.7
    return probabilities


def test_macro_recall_is_over_the_classes_that_occur() -> None:
    labels = [0, 0, 0, 5]
    found = score(answers_for(labels, right=[True, True, True, False]), np.array(labels))
    assert (found.n, found.classes) == (4, 2)
    assert found.accuracy == 0.75
    assert found.macro_recall == 0.5
    assert found.per_class == {
        NAMES[0]: {"recall": 1.0, "top3": 1.0, "n": 3},
        NAMES[5]: {"recall": 0.0, "top3": 0.0, "n": 1},
    }


@given(st.lists(st.integers(0, 27), min_size=1, max_size=40), st.integers(0, 2**32 - 1))
def test_top3_is_never_below_accuracy(labels: list[int], seed: int) -> None:
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(28), size=len(labels))
    found = score(probabilities, np.array(labels))
    assert 0 <= found.accuracy <= found.top3 <= 1


def test_classes_that_are_no_likelier_than_all_others_are_in_no_top3() -> None:
    found = score(np.zeros((2, 28)), np.array([0, 1]))
    assert (found.accuracy, found.top3) == (0.5, 0.5)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_classes_decides_nothing_among_equals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.integers(0, 4, (20, 28)).astype(float)
    answers[np.arange(20), rng.integers(0, 28, 20)] = 9.0
    labels, order = rng.integers(0, 28, 20), rng.permutation(28)
    found = in_top3(answers, labels)
    assert np.array_equal(found, in_top3(answers[:, order], np.argsort(order)[labels]))


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="cannot score 0 answers"):
        score(np.zeros((0, 28)), np.zeros(0, int))


@settings(deadline=None, max_examples=20)
@given(st.floats(0.5, 5.0), st.integers(0, 2**32 - 1))
def test_the_temperature_that_distorted_the_logits_is_found(true_t: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2.0, (4_000, 28))
    chances = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) > rng.random((4_000, 1))).argmax(axis=1)
    assert fit_temperature(honest * true_t, labels) == pytest.approx(true_t, rel=0.1)


def test_not_sure_is_where_claims_become_right_often_enough() -> None:
    """Half the answers have p 0.66 and are right 7 times in 10, half p 0.95 and always right."""
    best = np.where(np.arange(400) < 200, 0.66, 0.95)
    right = np.arange(400) >= 60
    assert choose_not_sure(best, right) == pytest.approx(0.5)
    right[:200] = False
    assert choose_not_sure(best, right) == pytest.approx(0.67, abs=0.001)


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_threshold_keeps_noise_from_being_called_an_instrument(
    seed: int, background: bool
) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 28, 200)
    logits = 4.0 * np.eye(28)[labels] + rng.normal(0, 1, (200, 28))
    silence = rng.normal(-2, 0.2, (100, 28))
    found = calibrate(logits, labels, background=background, silence=silence)
    assert found.false_answers_per_minute is not None
    assert found.false_answers_per_minute <= FALSE_ANSWERS_PER_MINUTE
    heard = calibrated(silence, temperature=found.temperature, background=background)
    best = claimable(heard, least_known=found.least_known)
    rate = false_answers_per_minute(best, threshold=found.not_sure)
    assert rate == found.false_answers_per_minute
    assert (found.least_known > 0) is background


@given(st.integers(0, 2**32 - 1))
def test_noise_that_is_as_sure_as_an_instrument_is_counted_not_hidden(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 28, 200)
    logits = 8.0 * np.eye(28)[labels] + rng.normal(0, 0.5, (200, 28))
    found = calibrate(logits, labels, silence=logits[:100])
    assert found.not_sure == 0.95
    assert found.false_answers_per_minute is not None
    assert found.false_answers_per_minute > FALSE_ANSWERS_PER_MINUTE


def test_a_sound_between_two_instruments_is_told_from_noise_by_both_together() -> None:
    """Half the sounds are torn between two instruments, the noise is as near to one as they."""
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 14, 400)
    logits = 6.0 * np.eye(28)[labels] - 2.0
    logits[:200] += 5.5 * np.eye(28)[labels[:200] + 14]
    logits += rng.normal(0, 0.3, logits.shape)
    silence = rng.normal(-2, 0.3, (200, 28))
    silence[:, 0] += 2.5
    found = calibrate(
        np.concatenate([logits, silence]),
        np.concatenate([labels, np.full(200, 28)]),
        background=True,
        silence=silence,
    )
    assert found.accepted_share > 0.95
    assert found.not_sure < 0.6
    assert found.false_answers_per_minute == pytest.approx(0, abs=FALSE_ANSWERS_PER_MINUTE)


def test_what_is_none_of_the_instruments_counts_for_a_model_that_knows_it() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat([3, 28], 50)
    logits = np.where(labels[:, np.newaxis] == 28, -3.0, 0.0) + 3.0 * np.eye(29)[labels][:, :28]
    logits += rng.normal(0, 0.5, logits.shape)
    with_it = calibrate(logits, labels, background=True)
    without = calibrate(logits, labels)
    assert with_it.windows == without.windows == 50
    assert with_it.nll_before < without.nll_before + 1.0


def test_unlabelled_windows_count_for_nothing() -> None:
    rng = np.random.default_rng(5)
    labels = np.repeat([3, 28, 29], 50)
    logits = rng.normal(0, 1, (150, 28)) + 3.0 * np.eye(30)[labels][:, :28]
    assert calibrate(logits, labels, background=True) == calibrate(
        logits[:100], labels[:100], background=True
    )


def test_where_no_threshold_helps_it_is_one_half() -> None:
    rng = np.random.default_rng(4)
    found = calibrate(rng.normal(0, 1, (300, 28)), rng.integers(0, 28, 300))
    assert found.not_sure == 0.5
    assert found.nll_after <= found.nll_before
    assert found.as_dict()["windows"] == 300


def test_other_instruments_raise_the_limit_until_few_pass_it() -> None:
    rng = np.random.default_rng(9)
    labels = np.repeat(np.arange(28), 20)
    logits = rng.normal(-4, 1, (len(labels), 28))
    logits[np.arange(len(labels)), labels] = rng.normal(5, 2, len(labels))
    silence, others = rng.normal(-6, 1, (200, 28)), rng.normal(-4, 2, (400, 28))
    without = calibrate(logits, labels, background=True, silence=silence)
    with_them = calibrate(logits, labels, background=True, silence=silence, others=others)
    assert without.false_answers_others_per_minute is None
    assert with_them.least_known > without.least_known
    assert with_them.false_answers_others_per_minute is not None
    assert with_them.false_answers_others_per_minute <= PASSING_OTHERS_PER_MINUTE
    assert with_them.temperature == without.temperature
