"""Temperature and the thresholds of *not sure*, all from the held-out groups of the corpus."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax

from timbrescope.models.instruments import NAMES
from timbrescope.models.probabilities import calibrated, known_log_odds

TEMPERATURE_BOUNDS = (0.25, 10.0)
# Of claims about held-out windows, which are degraded: of whole clean files more are right. A
# model with a background leaves it to that class what is none of them, and claims more surely:
# nine in ten of the held-out recordings that are named are right then (the command `held-out`).
WANTED_PRECISION = 0.75
WANTED_PRECISION_WITH_BACKGROUND = 0.86
LEAST_ACCEPTED_SHARE = 0.1
FALLBACK_NOT_SURE = 0.5
WINDOWS_PER_MINUTE = 20
# At most one in two minutes is wanted on any noise or speech: half of it is a margin for what was
# never heard.
FALSE_ANSWERS_PER_MINUTE = 0.25
# Other instruments sound like ours: so many windows a minute may pass the limit on all instruments
# together; that on the likeliest leaves about 1.5 of them.
PASSING_OTHERS_PER_MINUTE = 3.0
# Nothing is claimed that is less likely than not.
_THRESHOLDS = np.round(np.arange(0.50, 0.96, 0.01), 2)
# From as likely as not to 1 in 1,800.
_LOG_ODDS = np.round(np.arange(0.0, 7.6, 0.1), 1)


@dataclass(frozen=True)
class Calibration:
    """How logits become claims, and how well that went on the windows it was fitted to.

    Attributes
    ----------
    temperature : float
        Logits are divided by it before the softmax.
    not_sure : float
        Least probability with which an instrument is claimed.
    least_known : float
        Least probability of all instruments together with which one is claimed.
    nll_before, nll_after : float
        Mean of -log p of the true class at temperature 1 and at `temperature`, in nats.
    accepted_share, accepted_precision : float
        Share of windows of instruments with a claim, and of claims that are right (0 without).
    false_answers_per_minute, false_answers_others_per_minute : float or None
        On held-out noise and speech, and on other instruments, at both limits; None where none
        were given.
    windows : int
        Of instruments.
    """

    temperature: float
    not_sure: float
    least_known: float
    nll_before: float
    nll_after: float
    accepted_share: float
    accepted_precision: float
    false_answers_per_minute: float | None
    false_answers_others_per_minute: float | None
    windows: int

    def as_dict(self) -> dict[str, Any]:
        """Return the figures, rounded, and the rule behind the threshold, for JSON."""
        rounded = {
            name: value if value is None else round(value, 4)
            for name, value in asdict(self).items()
        }
        rule = (
            f"with a background, least_known is the least share of all instruments together that "
            f"at most {FALSE_ANSWERS_PER_MINUTE} windows a minute of held-out noise and speech "
            f"and {PASSING_OTHERS_PER_MINUTE} of other held-out instruments reach; not_sure "
            f"is the least probability, {_THRESHOLDS[0]} or more, from which on "
            f"{WANTED_PRECISION:.0%} ({WANTED_PRECISION_WITH_BACKGROUND:.0%} with a background) of "
            f"the remaining claims are right, with at least "
            f"{LEAST_ACCEPTED_SHARE:.0%} of the windows claimed ({FALLBACK_NOT_SURE} if there is "
            f"none), and no more of held-out noise and speech are called an instrument "
            f"({_THRESHOLDS[-1]} if there is none)"
        )
        return rounded | {"rule": rule}


def calibrate(
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    background: bool = False,
    silence: NDArray[np.floating] | None = None,
    others: NDArray[np.floating] | None = None,
) -> Calibration:
    """Fit temperature and threshold to held-out windows.

    Parameters
    ----------
    logits : ndarray, shape (N, 28)
    labels : ndarray of int, shape (N,)
        28 stands for what is none of the instruments; such rows count for the temperature of a
        model with a background and are left out for one without. Rows of larger labels, whose
        class nobody knows, are left out for both.
    background : bool
        Whether the model knows a class "none of the 28", see `models.probabilities`.
    silence : ndarray, shape (M, 28), optional
        Logits for held-out noise and speech: what must not be called an instrument.
    others : ndarray, shape (K, 28), optional
        Logits for held-out instruments that are none of ours; with a background only.
    """
    known = labels < len(NAMES)
    fitted = labels <= len(NAMES) if background else known
    wanted = WANTED_PRECISION_WITH_BACKGROUND if background else WANTED_PRECISION
    temperature = fit_temperature(logits[fitted], labels[fitted], background=background)
    found = calibrated(logits[known], temperature=temperature, background=background)
    right = found.argmax(axis=1) == labels[known]
    least_known, rate = 0.0, None
    foreign = None if others is None or not background or not len(others) else others
    if foreign is not None:
        foreign = calibrated(foreign, temperature=temperature, background=True)
        least_known = choose_least_known(foreign, per_minute=PASSING_OTHERS_PER_MINUTE)
    if silence is not None and len(silence):
        heard = calibrated(silence, temperature=temperature, background=background)
        if background:
            least_known = max(least_known, choose_least_known(heard))
        best = claimable(found, least_known=least_known)
        of_silence = claimable(heard, least_known=least_known)
        not_sure = max(
            choose_not_sure(best, right, precision=wanted), quietest_threshold(of_silence)
        )
        rate = false_answers_per_minute(of_silence, threshold=not_sure)
    else:
        best = claimable(found, least_known=least_known)
        not_sure = choose_not_sure(best, right, precision=wanted)
    accepted = best >= not_sure
    before, after = (
        negative_log_likelihood(
            logits[fitted], labels[fitted], temperature=value, background=background
        )
        for value in (1.0, temperature)
    )
    return Calibration(
        temperature=temperature,
        not_sure=not_sure,
        least_known=least_known,
        nll_before=before,
        nll_after=after,
        accepted_share=float(accepted.mean()),
        accepted_precision=float(right[accepted].mean()) if accepted.any() else 0.0,
        false_answers_per_minute=rate,
        false_answers_others_per_minute=None
        if foreign is None
        else false_answers_per_minute(
            claimable(foreign, least_known=least_known), threshold=not_sure
        ),
        windows=int(np.count_nonzero(known)),
    )


def negative_log_likelihood(
    logits: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    temperature: float,
    background: bool = False,
) -> float:
    """Return the mean of -log p of the true class at a temperature, in nats."""
    scaled = np.asarray(logits, np.float64) / temperature
    if background:
        scaled = np.pad(scaled, ((0, 0), (0, 1)))
    logs = log_softmax(scaled, axis=1)
    return float(-logs[np.arange(len(labels)), labels].mean())


def fit_temperature(
    logits: NDArray[np.floating], labels: NDArray[np.integer], *, background: bool = False
) -> float:
    """Return the temperature with the least negative log-likelihood (Guo et al. 2017)."""
    low, high = np.log(TEMPERATURE_BOUNDS)
    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(
            logits, labels, temperature=float(np.exp(log_t)), background=background
        ),
        bounds=(low, high),
        method="bounded",
    )
    return round(float(np.exp(found.x)), 4)


def claimable(probabilities: NDArray[np.floating], *, least_known: float) -> NDArray[np.float64]:
    """Return the probability of the likeliest instrument, 0 where none may be claimed.

    Parameters
    ----------
    probabilities : ndarray, shape (N, 28)
    least_known : float
        Least sum of a window's probabilities.
    """
    known = expit(known_log_odds(probabilities)) >= least_known
    return np.asarray(np.where(known, probabilities.max(axis=1), 0.0))


def choose_least_known(
    silence: NDArray[np.floating], *, per_minute: float = FALSE_ANSWERS_PER_MINUTE
) -> float:
    """Return the least share of all instruments together that hardly any silence reaches.

    Sounds that are no instrument are told from instruments by this sum, not by the likeliest
    one: that is small for a sound between two instruments, too.

    Parameters
    ----------
    silence : ndarray, shape (M, 28)
        Calibrated probabilities in windows that hold no instrument.
    per_minute : float
        So many of them may reach it.
    """
    share = expit(known_log_odds(silence))
    for least in np.round(expit(_LOG_ODDS), 4):
        if false_answers_per_minute(share, threshold=float(least)) <= per_minute:
            return float(least)
    return float(np.round(expit(_LOG_ODDS[-1]), 4))


def choose_not_sure(
    best: NDArray[np.floating], right: NDArray[np.bool_], *, precision: float = WANTED_PRECISION
) -> float:
    """Return the least probability from which on enough claims are right.

    At least a tenth of the windows must be claimed there, as the
    precision of a handful means nothing; where no threshold does both, 0.5 is returned.

    Parameters
    ----------
    best : ndarray, shape (N,)
        Probability of the likeliest class of each window.
    right : ndarray of bool, shape (N,)
    precision : float
        The share of claims that has to be right.
    """
    for threshold in _THRESHOLDS:
        accepted = best >= threshold
        if accepted.mean() < LEAST_ACCEPTED_SHARE:
            break
        if right[accepted].mean() >= precision:
            return float(threshold)
    return FALLBACK_NOT_SURE


def quietest_threshold(
    best: NDArray[np.floating], *, per_minute: float = FALSE_ANSWERS_PER_MINUTE
) -> float:
    """Return the least threshold with at most so many false answers a minute, to 0.01.

    Parameters
    ----------
    best : ndarray, shape (N,)
        Probability of the likeliest instrument in windows that hold none.
    per_minute : float
    """
    for threshold in _THRESHOLDS:
        if false_answers_per_minute(best, threshold=float(threshold)) <= per_minute:
            return float(threshold)
    return float(_THRESHOLDS[-1])


def false_answers_per_minute(best: NDArray[np.floating], *, threshold: float) -> float:
    """Return how many windows a minute are called an instrument, of windows that hold none."""
    return float((np.asarray(best) >= threshold).mean()) * WINDOWS_PER_MINUTE
