"""Confidence intervals by resampling whole groups of clips.

Clips of one recording are right or wrong together. Resampled one by one they would pretend to
be independent and give intervals that are far too narrow; so whole groups are drawn.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
# Of an evaluation; a study and the experiments choose their own.
RESAMPLES = 2_000
SEED = 22
# With fewer groups than this, the resamples are too alike to say anything.
FEWEST_GROUPS = 5
# Resamples are drawn in blocks of so many numbers, to bound the memory.
_NUMBERS_PER_BLOCK = 4_000_000


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of a figure over the resamples."""

    low: float
    high: float


@dataclass(frozen=True)
class Outcomes:
    """What became of every clip; all that a resample needs to know.

    Attributes
    ----------
    labels, answered : ndarray of int, shape (N,)
        True class, and the likeliest class of the answer.
    in_top3 : ndarray of bool, shape (N,)
    groups : ndarray of str, shape (N,)
    """

    labels: NDArray[np.integer]
    answered: NDArray[np.integer]
    in_top3: NDArray[np.bool_]
    groups: NDArray[np.str_]


def group_intervals(
    outcomes: Outcomes, *, classes: int, seed: int, resamples: int
) -> dict[str, Interval]:
    """Return 95 % percentile intervals of accuracy, macro F1, macro recall and top-3.

    Every resample draws as many groups as there are, with replacement. Its macro figures are
    over the classes that occur in it.

    Parameters
    ----------
    outcomes : Outcomes
    classes : int
        Number of classes there can be.
    seed, resamples : int

    Returns
    -------
    dict
        Empty with fewer than `FEWEST_GROUPS` groups: there is no meaningful interval then.
    """
    names, group = np.unique(outcomes.groups, return_inverse=True)
    if len(names) < FEWEST_GROUPS:
        return {}
    counts = _count(outcomes, group, groups=len(names), classes=classes)
    rng = np.random.default_rng(seed)
    drawn = [
        _figures(times @ counts, classes=classes)
        for times in _drawn_blocks(rng, groups=len(names), resamples=resamples)
    ]
    found = {name: np.concatenate([block[name] for block in drawn]) for name in drawn[0]}
    return {name: _middle(of) for name, of in found.items()}


def ratio_interval(
    counted: NDArray[Any],
    of: NDArray[Any],
    groups: NDArray[np.str_],
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """Return the 95 % percentile interval of ``counted.sum() / of.sum()`` over whole groups.

    Parameters
    ----------
    counted, of : ndarray, shape (N,)
        Of each clip, what is counted and what it is a share of; numbers or booleans.
    groups : ndarray of str, shape (N,)
    seed, resamples : int

    Returns
    -------
    Interval or None
        None with fewer than `FEWEST_GROUPS` groups. Resamples in which there is nothing to
        divide by are left out.
    """
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < FEWEST_GROUPS:
        return None
    sums = np.stack(
        [np.bincount(group, weights=values, minlength=len(names)) for values in (counted, of)],
        axis=1,
    )
    blocks = _drawn_blocks(np.random.default_rng(seed), groups=len(names), resamples=resamples)
    drawn = np.concatenate([times @ sums for times in blocks])
    drawn = drawn[drawn[:, 1] > 0]
    return _middle(drawn[:, 0] / drawn[:, 1]) if len(drawn) else None


def _middle(found: NDArray[np.floating]) -> Interval:
    tail = 100 * (1 - LEVEL) / 2
    return Interval(*(round(float(edge), 6) for edge in np.percentile(found, [tail, 100 - tail])))


def _count(
    outcomes: Outcomes, group: NDArray[np.integer], *, groups: int, classes: int
) -> NDArray[np.float64]:
    """Count each group's clips by class: true, answered, right; and its clips in the top 3."""
    right = outcomes.labels == outcomes.answered
    shape = (groups, classes)

    def by_class(chosen: NDArray[np.integer], of: NDArray[np.integer]) -> NDArray[np.integer]:
        cells = np.bincount(of * classes + chosen, minlength=groups * classes)
        return cells.reshape(shape)

    top3 = np.bincount(group, weights=outcomes.in_top3, minlength=groups)
    columns = [
        by_class(outcomes.labels, group),
        by_class(outcomes.answered, group),
        by_class(outcomes.labels[right], group[right]),
        top3[:, np.newaxis],
    ]
    return np.concatenate(columns, axis=1).astype(np.float64)


def _drawn_blocks(
    rng: np.random.Generator, *, groups: int, resamples: int
) -> list[NDArray[np.float64]]:
    """Return how often each group is drawn in each resample, arrays of shape (block, groups)."""
    block = max(1, _NUMBERS_PER_BLOCK // groups)
    sizes = [min(block, resamples - start) for start in range(0, resamples, block)]
    chances = np.full(groups, 1 / groups)
    return [rng.multinomial(groups, chances, size=size).astype(np.float64) for size in sizes]


def _figures(counted: NDArray[np.float64], *, classes: int) -> dict[str, NDArray[np.float64]]:
    """Return the figures of every resample from its counts, shape (block, 3 * classes + 1)."""
    support, answered, right = (
        counted[:, number * classes : (number + 1) * classes] for number in range(3)
    )
    clips = support.sum(axis=1)
    occurs = support > 0
    # F1 is twice the right answers over the clips of the class plus the answers for it.
    f1 = np.divide(2 * right, support + answered, out=np.zeros_like(right), where=occurs)
    recall = np.divide(right, support, out=np.zeros_like(right), where=occurs)
    return {
        "accuracy": right.sum(axis=1) / clips,
        "macro_f1": f1.sum(axis=1) / occurs.sum(axis=1),
        "macro_recall": recall.sum(axis=1) / occurs.sum(axis=1),
        "top3": counted[:, -1] / clips,
    }


def difference_interval(
    first: float, of_first: Interval, second: float, of_second: Interval
) -> Interval:
    """Return the interval of ``first - second`` from the intervals of both.

    The square-and-add method (Zou & Donner 2008), which needs no symmetry. It takes the two as
    independent; where they share recordings it is too wide rather than too narrow.
    """
    gap = first - second
    low = gap - float(np.hypot(first - of_first.low, of_second.high - second))
    high = gap + float(np.hypot(of_first.high - first, second - of_second.low))
    return Interval(round(low, 6), round(high, 6))
