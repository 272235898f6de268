"""Figures of what a model says to sounds that are none of the 28."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.training.measures.open_set import (
    WindowAnswers,
    answered_figures,
    auroc,
    calibration_error,
    false_answers,
    false_positive_rate,
    open_set_figures,
)

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=20)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order(known: list[float], unknown: list[float]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in known for b in unknown]
    found = auroc(np.array(known), np.array(unknown))
    assert found == pytest.approx(np.mean(pairs), abs=5.1e-5)


@given(SCORES, SCORES, st.sampled_from([0.5, 0.9, 0.95, 1.0]))
def test_the_false_positive_rate_is_the_least_at_which_enough_known_ones_pass(
    known: list[float], unknown: list[float], wanted: float
) -> None:
    passing = [
        np.mean(np.array(unknown) >= threshold)
        for threshold in known
        if np.mean(np.array(known) >= threshold) >= wanted
    ]
    found = false_positive_rate(np.array(known), np.array(unknown), true_positive_rate=wanted)
    assert found == pytest.approx(min(passing), abs=5.1e-5)


def test_nothing_to_compare_with_is_no_figure() -> None:
    nothing, something = np.zeros(0), np.ones(3)
    assert auroc(nothing, something) is auroc(something, nothing) is None
    assert false_positive_rate(something, nothing) is None
    assert calibration_error(np.zeros((0, 28)), np.zeros(0, int)) is None
    none = answered_figures(np.zeros(0, bool), np.zeros(0, bool), groups=np.zeros(0, str))
    assert none == {"n": 0, "share": None, "precision": None, "intervals": {}}
    assert answered_figures([False], [True], groups=np.array(["a"]))["precision"] is None


def windows() -> WindowAnswers:
    """Four windows of class 3, one of them quiet and one answered wrongly; six of other kinds."""
    best = np.array([0.9, 0.6, 0.8, 0.9, 0.7, 0.2, 0.1, 0.3, 0.5, 0.65])
    probabilities = np.zeros((10, 28))
    probabilities[np.arange(10), [3, 3, 4, 3, 0, 0, 0, 0, 0, 0]] = best
    quiet = np.arange(10) == 3
    return WindowAnswers(
        probabilities=probabilities,
        labels=np.array([3] * 4 + [28] * 6),
        kinds=np.array(["note", "phrase", "note", "note", *["noise"] * 4, "speech", "other"]),
        sources=np.array(["a"] * 6 + ["b"] * 4),
        quiet=quiet,
        claimed=(best >= 0.6) & ~quiet,
    )


def test_false_answers_are_counted_by_kind_in_windows_a_minute() -> None:
    found = open_set_figures(windows())["unknown"]
    assert {kind: row["windows"] for kind, row in found.items()} == {
        "noise": 4,
        "speech": 1,
        "other": 1,
    }
    assert {kind: row["false_answers_per_minute"] for kind, row in found.items()} == {
        "noise": 5.0,
        "speech": 0.0,
        "other": 20.0,
    }
    assert {kind: row["sources"] for kind, row in found.items()} == {
        "noise": 2,
        "speech": 1,
        "other": 1,
    }


def test_enough_sources_give_the_share_of_names_and_false_answers_an_interval() -> None:
    claimed = np.array([True, False, True, True, False, False, True])
    groups = np.array(list("aabcdef"))
    found = answered_figures(claimed, np.ones(7, bool), groups=groups)
    low, high = found["intervals"]["share"]
    assert low < found["share"] < high
    assert found["intervals"]["precision"] == [1.0, 1.0]
    rate = false_answers(claimed, groups=groups)
    low, high = rate["intervals"]["false_answers_per_minute"]
    assert low < rate["false_answers_per_minute"] < high


def test_known_windows_are_told_from_each_opponent_without_the_quiet_ones() -> None:
    found = open_set_figures(windows())
    assert found["answered"] == {"n": 3, "share": 1.0, "precision": 0.6667, "intervals": {}}
    assert found["auroc"] == {"noise_speech": pytest.approx(14 / 15, abs=1e-4), "other": 0.6667}
    assert found["fpr95"] == {"noise_speech": 0.2, "other": 1.0}
    assert found["ece"] == pytest.approx((0.1 + 0.4 + 0.8) / 3, abs=1e-3)


def test_without_other_sounds_the_figures_of_the_known_ones_remain() -> None:
    everything = windows()
    known = WindowAnswers(
        **{name: value[:4] for name, value in vars(everything).items()},
    )
    found = open_set_figures(known)
    assert found["unknown"] == {}
    assert found["auroc"] == {"noise_speech": None, "other": None}
    assert found["answered"]["n"] == 3
