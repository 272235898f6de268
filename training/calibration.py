"""Temperature and the *not sure* threshold, both from the held-out groups of the corpus."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

TEMPERATURE_BOUNDS = (0.25, 10.0)
WANTED_PRECISION = 0.7
LEAST_ACCEPTED_SHARE = 0.1
FALLBACK_NOT_SURE = 0.5
_THRESHOLDS = np.round(np.arange(0.10, 0.96, 0.01), 2)


@dataclass(frozen=True)
class Calibration:
    """How logits become claims, and how well that went on the windows it was fitted to.

    Attributes
    ----------
    temperature : float
        Logits are divided by it before the softmax.
    not_sure : float
        Least probability with which an instrument is claimed.
    nll_before, nll_after : float
        Mean of -log p of the true class at temperature 1 and at `temperature`, in nats.
    accepted_share, accepted_precision : float
        Share of windows with a claim, and of claims that are right (0 without a claim).
    windows : int
    """

    temperature: float
    not_sure: float
    nll_before: float
    nll_after: float
    accepted_share: float
    accepted_precision: float
    windows: int

    def as_dict(self) -> dict[str, Any]:
        """Return the figures, rounded, and the rule behind the threshold, for JSON."""
        rounded = {name: round(value, 4) for name, value in asdict(self).items()}
        rule = (
            f"not_sure is the least probability from which on {WANTED_PRECISION:.0%} of the "
            f"claims are right, with at least {LEAST_ACCEPTED_SHARE:.0%} of the windows "
            f"claimed; {FALLBACK_NOT_SURE} if there is none"
        )
        return rounded | {"rule": rule}


def calibrate(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> Calibration:
    """Fit temperature and threshold to held-out windows.

    Parameters
    ----------
    logits : ndarray, shape (N, 28)
    labels : ndarray of int, shape (N,)
    """
    temperature = fit_temperature(logits, labels)
    not_sure = choose_not_sure(logits, labels, temperature=temperature)
    best, right = _best(logits, labels, temperature=temperature)
    accepted = best >= not_sure
    return Calibration(
        temperature=temperature,
        not_sure=not_sure,
        nll_before=negative_log_likelihood(logits, labels, temperature=1.0),
        nll_after=negative_log_likelihood(logits, labels, temperature=temperature),
        accepted_share=float(accepted.mean()),
        accepted_precision=float(right[accepted].mean()) if accepted.any() else 0.0,
        windows=len(labels),
    )


def negative_log_likelihood(
    logits: NDArray[np.floating], labels: NDArray[np.integer], *, temperature: float
) -> float:
    """Return the mean of -log p of the true class at a temperature, in nats."""
    logs = log_softmax(np.asarray(logits, np.float64) / temperature, axis=1)
    return float(-logs[np.arange(len(labels)), labels].mean())


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Return the temperature with the least negative log-likelihood (Guo et al. 2017)."""
    low, high = np.log(TEMPERATURE_BOUNDS)
    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits, labels, temperature=float(np.exp(log_t))),
        bounds=(low, high),
        method="bounded",
    )
    return round(float(np.exp(found.x)), 4)


def choose_not_sure(
    logits: NDArray[np.floating], labels: NDArray[np.integer], *, temperature: float
) -> float:
    """Return the least probability from which on claims are right 7 times in 10.

    At least a tenth of the windows must be claimed there, as the precision of a handful
    means nothing; where no threshold does both, 0.5 is returned.
    """
    best, right = _best(logits, labels, temperature=temperature)
    for threshold in _THRESHOLDS:
        accepted = best >= threshold
        if accepted.mean() < LEAST_ACCEPTED_SHARE:
            break
        if right[accepted].mean() >= WANTED_PRECISION:
            return float(threshold)
    return FALLBACK_NOT_SURE


def _best(
    logits: NDArray[np.floating], labels: NDArray[np.integer], *, temperature: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    probabilities = softmax(np.asarray(logits, np.float64) / temperature, axis=1)
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
