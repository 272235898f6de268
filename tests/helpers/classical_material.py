"""Mean vectors and MFCCs of invented instruments for the tests of the classical models."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from timbrescope.training.fit.classical import Fitted, fit_classical


def vectors_of(
    classes: Sequence[int], *, each: int = 12, seed: int = 3, spread: float = 6.0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return overlapping clouds of vectors (N, 40) on the scale of MFCCs, and their labels."""
    scale = np.concatenate([[120.0], np.linspace(40, 3, 39)])
    centres = np.random.default_rng(0).normal(0, 1, (28, 40)) * scale
    centres[:, 0] -= 250
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.asarray(classes, np.int64), each)
    noise = rng.normal(0, spread / 4, (len(labels), 40)) * scale
    return (centres[labels] + noise).astype(np.float32), labels


def features_of(vectors: NDArray[np.float32], *, seed: int = 5) -> NDArray[np.float32]:
    """Return MFCCs (N, 40, 130) that vary in time around the vectors."""
    rng = np.random.default_rng(seed)
    return (vectors[:, :, np.newaxis] + rng.normal(0, 15, (*vectors.shape, 130))).astype("f4")


def steady(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return MFCCs (N, 40, 130) whose mean over time is exactly the vector."""
    return np.repeat(vectors[:, :, np.newaxis], 130, axis=2)


@cache
def fitted_to(name: str, classes: Sequence[int], *, each: int = 12) -> Fitted:
    """Return a model fitted to these classes, the same one every time."""
    return fit_classical(name, *vectors_of(classes, each=each), seed=22)
