import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="needs the train extra")
from sklearn.metrics import f1_score, recall_score

from timbrescope.training.measures import intervals as bootstrap
from timbrescope.training.measures.intervals import (
    Interval,
    Outcomes,
    difference_interval,
    group_intervals,
)

CLASSES = 28


def outcomes(*, groups: int, per_group: int, seed: int, share: float = 0.7) -> Outcomes:
    """Clips of a group have one class and are mostly right or wrong together."""
    rng = np.random.default_rng(seed)
    n = groups * per_group
    group = np.repeat(np.arange(groups), per_group)
    labels = np.repeat(rng.integers(0, 4, groups), per_group)
    right = np.repeat(rng.random(groups) < share, per_group) ^ (rng.random(n) < 0.05)
    answered = np.where(right, labels, (labels + 1) % 5)
    return Outcomes(labels, answered, right | (rng.random(n) < 0.3), group.astype(str))


def intervals(of: Outcomes, *, seed: int = 22, resamples: int = 300) -> dict[str, Interval]:
    return group_intervals(of, classes=CLASSES, seed=seed, resamples=resamples)


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(20, 60))
def test_the_interval_contains_the_figure(seed: int, groups: int) -> None:
    of = outcomes(groups=groups, per_group=8, seed=seed)
    found = intervals(of)
    accuracy = (of.labels == of.answered).mean()
    assert found["accuracy"].low <= accuracy <= found["accuracy"].high
    assert found["top3"].low <= of.in_top3.mean() <= found["top3"].high
    for interval in found.values():
        assert 0 <= interval.low <= interval.high <= 1


def test_resamples_have_the_figures_of_the_clips_that_they_hold() -> None:
    """The vectorised figures are scikit-learn's on the clips written out one by one."""
    of = outcomes(groups=12, per_group=5, seed=3)
    names, group = np.unique(of.groups, return_inverse=True)
    counts = bootstrap._count(of, group, groups=len(names), classes=CLASSES)
    times = np.random.default_rng(0).multinomial(12, np.full(12, 1 / 12), size=6)
    found = bootstrap._figures(times @ counts, classes=CLASSES)
    for row, drawn in enumerate(times):
        clips = np.repeat(np.arange(len(group)), drawn[group])
        true, answered = of.labels[clips], of.answered[clips]
        present = np.unique(true)
        options = {"labels": present, "average": "macro", "zero_division": 0}
        assert found["accuracy"][row] == pytest.approx((true == answered).mean())
        assert found["macro_f1"][row] == pytest.approx(f1_score(true, answered, **options))
        assert found["macro_recall"][row] == pytest.approx(recall_score(true, answered, **options))
        assert found["top3"][row] == pytest.approx(of.in_top3[clips].mean())


def test_a_seed_repeats_and_another_differs() -> None:
    of = outcomes(groups=30, per_group=4, seed=1)
    assert intervals(of, seed=5) == intervals(of, seed=5)
    assert intervals(of, seed=5) != intervals(of, seed=6)


def test_groups_give_a_wider_interval_than_clips_that_go_together() -> None:
    of = outcomes(groups=40, per_group=25, seed=2)
    apart = Outcomes(of.labels, of.answered, of.in_top3, np.arange(1000).astype(str))
    grouped, single = intervals(of)["accuracy"], intervals(apart)["accuracy"]
    assert grouped.high - grouped.low > 2.5 * (single.high - single.low)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of 60 samples with a true accuracy of 0.68 nearly all intervals should contain it."""
    truth = 0.7 * 0.95 + 0.3 * 0.05
    inside = [
        found.low <= truth <= found.high
        for seed in range(60)
        for found in [intervals(outcomes(groups=50, per_group=4, seed=seed))["accuracy"]]
    ]
    assert sum(inside) >= 52


def test_blocks_change_nothing_but_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    of = outcomes(groups=30, per_group=4, seed=1)
    whole = intervals(of)
    monkeypatch.setattr(bootstrap, "_NUMBERS_PER_BLOCK", 30 * 7)
    assert intervals(of) == whole


def test_too_few_groups_have_no_interval() -> None:
    assert intervals(outcomes(groups=4, per_group=50, seed=0)) == {}
    assert intervals(outcomes(groups=5, per_group=50, seed=0))


def test_the_interval_of_a_difference() -> None:
    """Symmetrical intervals give the root of the sum of squares on both sides."""
    found = difference_interval(0.9, Interval(0.87, 0.93), 0.5, Interval(0.46, 0.54))
    assert (found.low, found.high) == (0.35, 0.45)
    lopsided = difference_interval(0.9, Interval(0.9, 0.9), 0.5, Interval(0.4, 0.51))
    assert (lopsided.low, lopsided.high) == (0.39, 0.5)
