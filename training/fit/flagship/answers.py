"""What a flagship answers for windows of the cache: averages of its maps, logits, scores."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.flagship.network import AVERAGES
from timbrescope.training.labels import BACKGROUND_LABEL
from timbrescope.training.measures.calibration import (
    fit_temperature,
    negative_log_likelihood,
)

BATCH_WINDOWS = 64


def map_averages(model: keras.Model, features: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the averages of a flagship's maps for many windows: all that its head sees.

    Parameters
    ----------
    model : keras.Model
        From `training.fit.flagship.network.build_flagship`.
    features : ndarray, shape (N, 64, 256)
        Read a batch at a time.

    Returns
    -------
    ndarray, shape (N, channels of all maps)
    """
    inner = keras.Model(model.input, model.get_layer(AVERAGES).output)
    run = tf.function(lambda x: inner(x, training=False))
    found = [
        run(np.asarray(features[start : start + BATCH_WINDOWS], np.float32)).numpy()
        for start in range(0, len(features), BATCH_WINDOWS)
    ]
    units = model.get_layer(AVERAGES).output.shape[-1]
    return np.concatenate([np.empty((0, units), np.float32), *found])


def window_scores(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> dict[str, float]:
    """Return figures of labelled windows; larger labels than the background's are left out.

    Accuracy and macro recall are over the instruments, ``refused`` is the share of what is none
    of them that gets no instrument, ``log_loss`` is over all at the best temperature, each label
    weighing the same.
    """
    labelled = labels <= BACKGROUND_LABEL
    logits, labels = logits[labelled], labels[labelled]
    known = labels < len(NAMES)
    best = logits.argmax(axis=1)
    right = best[known] == labels[known]
    present = np.unique(labels[known])
    recalls = [right[labels[known] == label].mean() for label in present]
    best_temperature = fit_temperature(logits, labels, background=True)
    losses = [
        negative_log_likelihood(
            logits[labels == label],
            labels[labels == label],
            temperature=best_temperature,
            background=True,
        )
        for label in np.unique(labels)
    ]
    scores = {"accuracy": float(right.mean()), "macro_recall": float(np.mean(recalls))}
    if not known.all():
        scores["refused"] = float((logits[~known].max(axis=1) < 0).mean())
    return scores | {"log_loss": float(np.mean(losses))}
