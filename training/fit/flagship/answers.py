"""What a flagship answers for windows of the cache: averages of its maps, logits, scores."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.flagship.network import COARSE_MAP, FINE_MAP, LOGITS
from timbrescope.training.labels import BACKGROUND_LABEL

BATCH_WINDOWS = 64


def map_averages(
    model: keras.Model, features: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the averages of the fine and the coarse map of many windows.

    Parameters
    ----------
    model : keras.Model
        From `training.fit.flagship.network.build_flagship`.
    features : ndarray, shape (N, 128, 130)
        Read a batch at a time.
    """
    maps = keras.Model(model.input, [model.get_layer(n).output for n in (FINE_MAP, COARSE_MAP)])
    run = tf.function(lambda x: [tf.reduce_mean(m, axis=(1, 2)) for m in maps(x, training=False)])
    found = [
        [
            average.numpy()
            for average in run(np.asarray(features[i : i + BATCH_WINDOWS], np.float32))
        ]
        for i in range(0, len(features), BATCH_WINDOWS)
    ]
    fine, coarse = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return fine, coarse


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
