"""The averages of a flagship's two maps: all that its head sees."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.training.fit.flagship.network import COARSE_MAP, FINE_MAP

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
