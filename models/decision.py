"""What may be claimed of probabilities at a level: quiet, not sure, or an instrument."""

import numpy as np
from numpy.typing import NDArray

from models.analysis import State
from models.artefact import Thresholds


def judge(
    probabilities: NDArray[np.floating], *, level_dbfs: float, thresholds: Thresholds
) -> State:
    """Return the state of one window or of one pooled answer.

    The level decides first: the front end normalises each window, so below the gate the
    network would name an instrument for the noise floor just as readily.
    """
    if level_dbfs < thresholds.quiet_dbfs:
        return State.QUIET
    if float(np.max(probabilities)) < thresholds.not_sure:
        return State.NOT_SURE
    return State.INSTRUMENT
