"""What may be claimed of probabilities at a level: quiet, not sure, or an instrument; and why.

Two limits stand between a sound and a name, both chosen on held-out sounds. All instruments
together have to be as likely as `Thresholds.least_known`: much of what is none of the 28 resembles
one of them, so that this limit is high. And one of them has to be as likely as
`Thresholds.not_sure`. A likely instrument can fail the first one, which is why a `Doubt` states
what was found and what is needed in the same unit.
"""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import Doubt, Reason, State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.probabilities import known_log_odds

# Below these odds "none of the 28" is likelier than all instruments together.
NONE_BELOW = 0.5


def judge(
    probabilities: NDArray[np.floating],
    *,
    level_dbfs: float,
    thresholds: Thresholds,
    log_odds: float | None = None,
) -> State:
    """Return the state of one window or of one pooled answer.

    The level decides first: the front end normalises each window, so below the gate the
    network would name an instrument for the noise floor just as readily.

    Parameters
    ----------
    probabilities : ndarray, shape (classes,)
    level_dbfs : float
    thresholds : Thresholds
    log_odds : float, optional
        That the sound is one of the instruments; without it, those of `probabilities`. A
        pooled answer has its own, the mean over its windows.
    """
    if level_dbfs < thresholds.quiet_dbfs:
        return State.QUIET
    known = known_share(probabilities, log_odds)
    if known < thresholds.least_known:
        return State.NONE_OF_THEM if known < NONE_BELOW else State.NOT_SURE
    if float(np.max(probabilities)) < thresholds.not_sure:
        return State.NOT_SURE
    return State.INSTRUMENT


def known_share(probabilities: NDArray[np.floating], log_odds: float | None = None) -> float:
    """Return the probability that decides whether a sound is one of the instruments at all."""
    # See `models.tables.filterbank`.
    from scipy.special import expit

    return float(expit(known_log_odds(probabilities) if log_odds is None else log_odds))


def doubt_of(
    state: State,
    probabilities: NDArray[np.floating],
    *,
    thresholds: Thresholds,
    log_odds: float | None = None,
) -> Doubt | None:
    """Return why `judge` names no instrument; None where it does, and where nothing is heard.

    Where both limits are missed, the reason is the likelier alternative: none of the 28, or the
    second instrument.
    """
    if state not in (State.NOT_SURE, State.NONE_OF_THEM):
        return None
    second, best = (float(each) for each in np.sort(probabilities)[-2:])
    none = 1.0 - known_share(probabilities, log_odds)
    is_torn = best < thresholds.not_sure
    if state is State.NONE_OF_THEM or (
        none > 1.0 - thresholds.least_known and not (is_torn and second > none)
    ):
        return Doubt(Reason.PERHAPS_NONE, none, 1.0 - thresholds.least_known)
    if is_torn:
        return Doubt(Reason.UNLIKELY, best, thresholds.not_sure)
    return Doubt(Reason.CHANGING, best, thresholds.not_sure)
