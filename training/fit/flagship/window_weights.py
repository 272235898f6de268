"""Weights of windows: one that the teacher takes for its instrument counts for more.

A performance put together of single notes can sound like nothing on earth. The teacher has
heard the instrument played, so its belief in the window's own label tells how far to trust it.
"""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.features.cache import WindowSet
from timbrescope.training.teacher.audioset import instrument_shares

LEAST_SHARE = 0.02
LEAST_WEIGHT, LARGEST_WEIGHT = 0.3, 3.0


def window_weights(windows: WindowSet, *, power: float) -> NDArray[np.float32]:
    """Return a weight for each window (not row), of mean about 1 within each label.

    Parameters
    ----------
    windows : WindowSet
        Without a teacher every weight is 1, as it is for what is no instrument.
    power : float
        Of the teacher's share of belief; 0 gives every window the weight 1.
    """
    labels = windows.labels[:: windows.variants]
    weights = np.ones(len(labels), np.float32)
    if windows.teacher_logits is None or power == 0:
        return weights
    count = int(np.searchsorted(labels, len(NAMES)))
    shares = instrument_shares(windows.teacher_logits[:count])
    own = np.maximum(shares[np.arange(count), labels[:count]], LEAST_SHARE) ** power
    for label in np.unique(labels[:count]):
        of_class = own[labels[:count] == label]
        own[labels[:count] == label] = of_class / of_class.mean()
    weights[:count] = np.clip(own, LEAST_WEIGHT, LARGEST_WEIGHT)
    return weights
