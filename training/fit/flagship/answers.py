"""Scores of a flagship on windows of the cache."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.flagship.network import LOGITS
from timbrescope.training.labels import BACKGROUND_LABEL

BATCH_WINDOWS = 64


def window_logits(model: keras.Model, features: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the logits of many windows, (N, 28), reading a batch of them at a time."""
    run = tf.function(lambda x: model(x, training=False)[LOGITS])
    found = [
        run(np.asarray(features[start : start + BATCH_WINDOWS], np.float32)).numpy()
        for start in range(0, len(features), BATCH_WINDOWS)
    ]
    return np.concatenate(found)


def window_scores(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> dict[str, float]:
    """Return accuracy and macro recall over the instruments, and the share of others refused."""
    known = labels < len(NAMES)
    best = logits.argmax(axis=1)
    right = best[known] == labels[known]
    recalls = [right[labels[known] == label].mean() for label in np.unique(labels[known])]
    scores = {"accuracy": float(right.mean()), "macro_recall": float(np.mean(recalls))}
    others = labels == BACKGROUND_LABEL
    if others.any():
        scores["refused"] = float((logits[others].max(axis=1) < 0).mean())
    return scores
