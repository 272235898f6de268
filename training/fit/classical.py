"""The paper's classical models: logistic regression, k nearest neighbours, random forest.

They read the mean of a window's 40 MFCCs over time, standardised with mean and deviation of the
training windows (Senatori & Nardone, Information 2025, 16, 864).
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from skl2onnx.sklapi import CastTransformer
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from timbrescope.models.catalogue import CLASSICAL_NAMES
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import MFCC_COUNT
from timbrescope.models.instruments import NAMES

if TYPE_CHECKING:
    from timbrescope.training.fit.examples import Rows

SCALER, SINGLE, MODEL = "scaler", "single", "model"
_ROWS_AT_ONCE = 512


class ClassicalModelError(TimbrescopeError):
    """A classical model cannot be built, fitted or found."""


@dataclass(frozen=True)
class Fitted:
    """A fitted classical model.

    Attributes
    ----------
    name : str
        One of `models.catalogue.CLASSICAL_NAMES`.
    pipeline : Pipeline
        Scaler and classifier; its columns are those of `classes`.
    classes : ndarray of int, shape (C,)
        The classes that it was fitted on, ascending.
    settings : dict
        Estimator and its parameters, and the number of windows, for JSON.
    seconds : float
        How long fitting took.
    """

    name: str
    pipeline: Pipeline
    classes: NDArray[np.int64]
    settings: dict[str, Any]
    seconds: float

    @property
    def estimator(self) -> Any:
        """The classifier behind the scaler."""
        return self.pipeline.named_steps[MODEL]


def _logistic_regression(seed: int) -> ClassifierMixin:
    return LogisticRegression(max_iter=1000, class_weight="balanced", random_state=seed)


def _neighbours(_seed: int) -> ClassifierMixin:
    # A tree finds the neighbours that brute force finds, but with differences instead of
    # products: only so is the distance to an equal vector zero and not some rounding error,
    # whose reciprocal would be the weight.
    return KNeighborsClassifier(n_neighbors=5, weights="distance", algorithm="ball_tree")


def _forest(seed: int) -> ClassifierMixin:
    return RandomForestClassifier(n_estimators=200, n_jobs=-1, random_state=seed)


_ESTIMATORS: dict[str, Callable[[int], ClassifierMixin]] = dict(
    zip(CLASSICAL_NAMES, (_logistic_regression, _neighbours, _forest), strict=True)
)


def build(name: str, *, seed: int) -> Pipeline:
    """Return an unfitted model with the paper's settings.

    Neighbours and forest read the standardised vectors in single precision, as their exported
    graphs do (a forest of scikit-learn does so anyway).

    Raises
    ------
    ClassicalModelError
        If there is no classical model of this name.
    """
    if name not in _ESTIMATORS:
        raise ClassicalModelError(
            f"there is no classical model {name!r}; known are {', '.join(CLASSICAL_NAMES)}"
        )
    estimator = _ESTIMATORS[name](seed)
    single = [] if name == "logistic-regression" else [(SINGLE, CastTransformer(dtype=np.float32))]
    return Pipeline([(SCALER, StandardScaler()), *single, (MODEL, estimator)])


def mean_vectors(features: "Rows") -> NDArray[np.float32]:
    """Return the mean over time of many windows' MFCCs.

    Parameters
    ----------
    features : Rows, shape (N, 40, 130)
        An array, a memory map or a table on disk; a few hundred windows are read at a time.

    Returns
    -------
    ndarray, shape (N, 40), float32
        Summed in double precision.
    """
    blocks = [
        np.asarray(features[start : start + _ROWS_AT_ONCE], np.float64).mean(axis=2)
        for start in range(0, len(features), _ROWS_AT_ONCE)
    ]
    return np.concatenate([np.empty((0, MFCC_COUNT)), *blocks]).astype(np.float32)


def fit_classical(
    name: str, vectors: NDArray[np.floating], labels: NDArray[np.integer], *, seed: int
) -> Fitted:
    """Fit one classical model to mean vectors.

    Parameters
    ----------
    name : str
    vectors : ndarray, shape (N, 40)
        From `mean_vectors`, not standardised.
    labels : ndarray of int, shape (N,)
        Class indices; classes may be missing.
    seed : int

    Raises
    ------
    ClassicalModelError
        If the name is unknown, the shapes do not fit, or there are fewer than two classes or
        fewer windows than neighbours.
    """
    labels = np.asarray(labels, np.int64)
    if vectors.shape != (len(labels), MFCC_COUNT):
        raise ClassicalModelError(
            f"{len(labels)} labels need vectors of shape ({len(labels)}, {MFCC_COUNT}), "
            f"not {vectors.shape}"
        )
    classes = np.unique(labels)
    if len(classes) < 2:
        raise ClassicalModelError(
            f"{name} cannot be fitted to {len(classes)} class(es); use a corpus with two or more"
        )
    pipeline = build(name, seed=seed)
    needed = getattr(pipeline.named_steps[MODEL], "n_neighbors", 0)
    if len(labels) < needed:
        raise ClassicalModelError(f"{name} needs {needed} windows or more, not {len(labels)}")
    began = perf_counter()
    pipeline.fit(_exact(vectors), labels)
    seconds = perf_counter() - began
    estimator = pipeline.named_steps[MODEL]
    settings = {
        "estimator": type(estimator).__name__,
        "parameters": estimator.get_params(),
        "seed": seed,
        "windows": len(labels),
    }
    return Fitted(name, pipeline, classes, settings, round(seconds, 2))


def probabilities(fitted: Fitted, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return scikit-learn's probabilities with a column for each of the 28 classes.

    Parameters
    ----------
    fitted : Fitted
    vectors : ndarray, shape (N, 40)

    Returns
    -------
    ndarray, shape (N, 28), float32
        Zero where a class was missing in training.
    """
    found = np.zeros((len(vectors), len(NAMES)), np.float32)
    if len(vectors):
        found[:, fitted.classes] = fitted.pipeline.predict_proba(_exact(vectors))
    return found


def _exact(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return vectors as the exported graphs read them: rounded to single, reckoned in double."""
    return np.asarray(vectors, np.float32).astype(np.float64)
