"""How well a model knows what it does not know: sounds that are none of the 28 instruments.

The product cuts sound into windows of 3 s and claims an instrument for some of them. Of noise,
speech and other instruments every claim is a *false answer*; they are counted per minute of
sound. Independent of any threshold, AUROC and the false positive rate say how far the score
that decides about a claim tells windows of the 28 from others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from timbrescope.models.probabilities import known_log_odds
from timbrescope.training.labels import BACKGROUND_KINDS
from timbrescope.training.measures.calibration import WINDOWS_PER_MINUTE
from timbrescope.training.measures.intervals import ratio_interval
from timbrescope.training.measures.reliability import expected_calibration_error, reliability_bins
from timbrescope.training.measures.scores import rounded

TRUE_POSITIVE_RATE = 0.95
# What the 28 are told from, as one: what no instrument plays, and other instruments.
OPPONENTS = {"noise_speech": ("noise", "speech"), "other": ("other",)}


@dataclass(frozen=True)
class WindowAnswers:
    """What a model says of windows.

    Attributes
    ----------
    probabilities : ndarray, shape (N, 28)
        Calibrated.
    labels : ndarray of int, shape (N,)
        True class; 28 for none of them.
    kinds : ndarray of str, shape (N,)
        Of the windows' recordings: ``note``, ``phrase``, ``noise``, ``speech`` or ``other``.
    sources : ndarray of str, shape (N,)
        Where these recordings come from.
    quiet, claimed : ndarray of bool, shape (N,)
        Whether the product calls the window quiet, or an instrument.
    """

    probabilities: NDArray[np.floating]
    labels: NDArray[np.integer]
    kinds: NDArray[np.str_]
    sources: NDArray[np.str_]
    quiet: NDArray[np.bool_]
    claimed: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which windows hold one of the 28, shape (N,)."""
        return ~np.isin(self.kinds, BACKGROUND_KINDS)

    @property
    def scores(self) -> NDArray[np.floating]:
        """How sure it is that each is one of the 28, shape (N,).

        The odds of all instruments together; where these are the same for any sound, because
        the model knows no background, the probability of the likeliest one.
        """
        odds = known_log_odds(self.probabilities)
        return odds if np.ptp(odds) > 0 else self.probabilities.max(axis=1)


def open_set_figures(windows: WindowAnswers) -> dict[str, Any]:
    """Return all figures of windows, for JSON; None where there is nothing to measure.

    Returns
    -------
    dict
        ``ece`` (over windows of instruments that are not quiet); ``answered``, see
        `answered_figures`; ``auroc`` and ``fpr95``, for each of `OPPONENTS`; and ``unknown``,
        for each kind that occurs `false_answers`.
    """
    sounding = ~windows.quiet
    known = windows.known & sounding
    scores = windows.scores
    against = {
        name: scores[np.isin(windows.kinds, kinds) & sounding] for name, kinds in OPPONENTS.items()
    }
    right = windows.probabilities.argmax(axis=1) == windows.labels
    return {
        "ece": calibration_error(windows.probabilities[known], windows.labels[known]),
        "answered": answered_figures(
            windows.claimed[known], right[known], groups=windows.sources[known]
        ),
        "auroc": {name: auroc(scores[known], of) for name, of in against.items()},
        "fpr95": {name: false_positive_rate(scores[known], of) for name, of in against.items()},
        "unknown": {
            kind: false_answers(windows.claimed[of_kind], groups=windows.sources[of_kind])
            for kind in BACKGROUND_KINDS
            if (of_kind := windows.kinds == kind).any()
        },
    }


def false_answers(claimed: NDArray[np.bool_], *, groups: NDArray[np.str_]) -> dict[str, Any]:
    """Return how often windows that hold no instrument are called one.

    Parameters
    ----------
    claimed : ndarray of bool, shape (N,)
    groups : ndarray of str, shape (N,)
        What is resampled as a whole for the interval.

    Returns
    -------
    dict
        ``windows``, ``sources``, ``false_answers_per_minute`` and, of enough sources,
        ``intervals``.
    """
    every = np.ones(len(claimed))
    return {
        "windows": len(claimed),
        "sources": len(np.unique(groups)),
        "false_answers_per_minute": rounded(claimed.mean() * WINDOWS_PER_MINUTE),
        "intervals": stated_intervals(
            {"false_answers_per_minute": (claimed * WINDOWS_PER_MINUTE, every)}, groups=groups
        ),
    }


def answered_figures(
    claimed: Sequence[bool] | NDArray[np.bool_], right: Any, *, groups: NDArray[np.str_]
) -> dict[str, Any]:
    """Return which share of items gets an instrument's name, and which share of these is right.

    Parameters
    ----------
    claimed, right : array-like of bool, shape (N,)
    groups : ndarray of str, shape (N,)
        What is resampled as a whole for the intervals.

    Returns
    -------
    dict
        ``n``, ``share`` and ``precision``, None where nothing is there to divide by; and
        ``intervals`` of these, empty with too few groups.
    """
    claimed, right = np.asarray(claimed, bool), np.asarray(right, bool)
    return {
        "n": len(claimed),
        "share": rounded(claimed.mean()) if len(claimed) else None,
        "precision": rounded(right[claimed].mean()) if claimed.any() else None,
        "intervals": stated_intervals(
            {
                "share": (claimed, np.ones(len(claimed))),
                "precision": (claimed & right, claimed),
            },
            groups=groups,
        ),
    }


def stated_intervals(
    ratios: Mapping[str, tuple[NDArray[Any], NDArray[Any]]],
    *,
    groups: NDArray[np.str_],
) -> dict[str, list[float]]:
    """Return lower and upper edges of ratios by name, those that have an interval."""
    found = {name: ratio_interval(*ratio, groups) for name, ratio in ratios.items()}
    return {
        name: [rounded(edges.low), rounded(edges.high)]
        for name, edges in found.items()
        if edges is not None
    }


def calibration_error(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> float | None:
    """Return the expected calibration error, None without windows."""
    if not len(labels):
        return None
    return rounded(expected_calibration_error(reliability_bins(probabilities, labels)))


def auroc(known: NDArray[np.floating], unknown: NDArray[np.floating]) -> float | None:
    """Return the chance that a known window scores above an unknown one; equals count half.

    The area under the ROC curve, by Mann and Whitney's statistic. None if either is empty.
    """
    if not len(known) or not len(unknown):
        return None
    ranks = rankdata(np.concatenate([known, unknown]))[: len(known)]
    above = ranks.sum() - len(known) * (len(known) + 1) / 2
    return rounded(above / (len(known) * len(unknown)))


def false_positive_rate(
    known: NDArray[np.floating],
    unknown: NDArray[np.floating],
    *,
    true_positive_rate: float = TRUE_POSITIVE_RATE,
) -> float | None:
    """Return the share of unknown windows that pass where this share of the known ones does.

    The threshold is the highest that lets the share pass. None if either is empty.
    """
    if not len(known) or not len(unknown):
        return None
    needed = int(np.ceil(true_positive_rate * len(known) - 1e-9))
    threshold = np.sort(known)[len(known) - needed]
    return rounded((unknown >= threshold).mean())
