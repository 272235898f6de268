"""The start of a flagship's training: the published trunk, and heads fitted on it as it is.

A head that begins with random weights sends gradients through the trunk that spoil it before
the head has learned to use it (Kumar et al., "Fine-Tuning can Distort Pretrained Features and
Underperform Out-of-Distribution", ICLR 2022). So the heads are fitted first, in closed form or
nearly: a logistic regression for the labels, a ridge regression for the teacher's answers.
"""

import warnings

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge

from timbrescope.models.instruments import NAMES
from timbrescope.training.features.cache import WindowSet
from timbrescope.training.fit.flagship.answers import map_averages
from timbrescope.training.fit.flagship.batches import TargetScaling, raw_targets
from timbrescope.training.fit.flagship.network import (
    LOGITS,
    STANDARDISED,
    TEACHER_EMBEDDING,
    TEACHER_LOGITS,
)
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.labels import BACKGROUND_LABEL
from timbrescope.training.teacher.answers import EMBEDDING_UNITS

LEAST_SPREAD = 1e-3
RIDGE_PENALTY = 1e3
MOST_ITERATIONS = 80


def fit_heads(
    model: keras.Model,
    windows: WindowSet,
    *,
    settings: FlagshipSettings,
    scaling: TargetScaling,
    weights: NDArray[np.floating],
) -> None:
    """Fit scaling and heads of `model` on its trunk, on the first variant of each window.

    Parameters
    ----------
    model : keras.Model
    windows : WindowSet
    settings : FlagshipSettings
    scaling : TargetScaling
        Of the teacher's answers; without a teacher its heads stay as they are.
    weights : ndarray
        Of the windows.
    """
    averages = map_averages(model, windows.features[:: windows.variants])
    labels = windows.labels[:: windows.variants]
    mean, spread = mean_and_spread(averages)
    model.get_layer(STANDARDISED).set_weights([mean, spread])
    standardised = (averages - mean) / spread
    labelled = labels <= BACKGROUND_LABEL
    kernel, bias = fit_labels(
        standardised[labelled],
        labels[labelled],
        strength=settings.head_strength,
        weights=weights[labelled],
    )
    model.get_layer(LOGITS).set_weights([kernel, bias])
    if windows.teacher_logits is None:
        return
    targets = scaling.scaled(raw_targets(windows, np.arange(len(labels))))
    ridge = Ridge(alpha=RIDGE_PENALTY).fit(standardised, targets)
    kernels, biases = ridge.coef_.T, ridge.intercept_
    split = EMBEDDING_UNITS
    model.get_layer(TEACHER_EMBEDDING).set_weights([kernels[:, :split], biases[:split]])
    model.get_layer(TEACHER_LOGITS).set_weights([kernels[:, split:], biases[split:]])


def mean_and_spread(
    averages: NDArray[np.floating],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return what standardises averages, each of shape (units,); the spread is never zero."""
    return averages.mean(axis=0), np.maximum(averages.std(axis=0), LEAST_SPREAD)


def fit_labels(
    averages: NDArray[np.floating],
    labels: NDArray[np.integer],
    *,
    strength: float,
    weights: NDArray[np.floating],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return kernel (units, 28) and bias (28,) of logits beside which the background's is zero.

    An instrument without a window gets the least bias of all and no weights.
    """
    regression = LogisticRegression(C=strength, max_iter=MOST_ITERATIONS)
    with warnings.catch_warnings():
        # It is a start that training goes on from, so it is as good before it has converged.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(averages, labels, sample_weight=weights)
    found, coefficients = regression.classes_, regression.coef_
    intercepts = regression.intercept_
    if len(found) == 2:
        coefficients, intercepts = (
            np.vstack([-coefficients, coefficients]) / 2,
            np.array([-intercepts[0], intercepts[0]]) / 2,
        )
    kernel = np.zeros((averages.shape[1], len(NAMES)))
    bias = np.full(len(NAMES), float(intercepts.min()))
    known = found < len(NAMES)
    kernel[:, found[known]] = coefficients[known].T
    bias[found[known]] = intercepts[known]
    if not known.all():
        kernel -= coefficients[~known].T
        bias -= intercepts[~known]
    return kernel, bias
