"""What the teacher answers: an embedding, and a yes or no to each of AudioSet's labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EMBEDDING_UNITS = 384
LABELS = 527


@dataclass(frozen=True)
class TeacherAnswers:
    """What the teacher says of some windows: half precision is enough for targets.

    Attributes
    ----------
    embedding : ndarray, shape (N, 384), float16
    logits : ndarray, shape (N, 527), float16
        Of AudioSet's labels, each a yes or no of its own.
    """

    embedding: NDArray[np.float16]
    logits: NDArray[np.float16]
