"""What the arrays of stored features hold: the shape and the type of their rows."""

import math

import numpy as np

from timbrescope.models.frontend import KINDS, FeatureKind, feature_shape
from timbrescope.training.teacher.answers import EMBEDDING_UNITS, LABELS

# Half precision holds decibels between -80 and 0 to 0.03 dB; MFCCs reach into the hundreds.
STORED_TYPES: dict[FeatureKind, type[np.floating]] = {
    "mel": np.float16,
    "mfcc": np.float32,
    "logmel": np.float16,
}
TEACHER_ARRAYS = {"teacher-embedding": EMBEDDING_UNITS, "teacher-logits": LABELS}


def row_format(name: str) -> tuple[tuple[int, ...], type[np.floating]]:
    """Return the shape and the type of a row of the array called `name`.

    The name is of a kind of features or of one of the teacher's answers.
    """
    if name in TEACHER_ARRAYS:
        return (TEACHER_ARRAYS[name],), np.float16
    kind = next(kind for kind in KINDS if kind == name)
    return feature_shape(kind), STORED_TYPES[kind]


def row_bytes(name: str) -> int:
    """Return how many bytes a row of the array called `name` takes."""
    shape, dtype = row_format(name)
    return math.prod(shape) * np.dtype(dtype).itemsize
