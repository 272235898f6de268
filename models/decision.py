"""What may be claimed of probabilities at a level: quiet, not sure, or an instrument."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from timbrescope.models.analysis import State
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
    known = float(expit(known_log_odds(probabilities) if log_odds is None else log_odds))
    if known < thresholds.least_known:
        return State.NONE_OF_THEM if known < NONE_BELOW else State.NOT_SURE
    if float(np.max(probabilities)) < thresholds.not_sure:
        return State.NOT_SURE
    return State.INSTRUMENT
