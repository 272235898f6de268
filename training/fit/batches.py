"""Feeds features from memory maps to Keras, a batch at a time, shuffled anew each epoch."""

from collections.abc import Iterator

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.training.fit.examples import Rows


class EpochBatches:
    """Batches of one part of the corpus, in an order that only seed and epoch decide.

    `epoch` is set by `training.fit.checkpoints.ResumableEarlyStopping` at the start of each epoch,
    so that a resumed run sees the order that the unbroken run would have seen.

    Parameters
    ----------
    features : Rows, shape (N, h, w)
        Only the rows of one batch at a time are read into memory.
    labels : ndarray of int, shape (N,)
    batch_size : int
    seed : int or None
        None keeps the stored order (validation).
    """

    def __init__(
        self,
        features: Rows,
        labels: NDArray[np.integer],
        *,
        batch_size: int,
        seed: int | None,
    ) -> None:
        if len(features) != len(labels):
            raise ValueError(f"{len(features)} windows but {len(labels)} labels")
        self._features = features
        self._labels = labels
        self._batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        """Return the number of batches of an epoch."""
        return -(-len(self._labels) // self._batch_size)

    def order(self) -> NDArray[np.intp]:
        """Return the order of the windows in the current epoch."""
        count = len(self._labels)
        if self.seed is None:
            return np.arange(count)
        return np.random.default_rng((self.seed, self.epoch)).permutation(count)

    def __iter__(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
        """Yield (features, labels) of each batch of the current epoch."""
        order = self.order()
        for start in range(0, len(order), self._batch_size):
            # Ascending positions, because a memory map is read far faster in file order.
            rows = np.sort(order[start : start + self._batch_size])
            yield (
                np.asarray(self._features[rows], dtype=np.float32),
                np.asarray(self._labels[rows], dtype=np.int32),
            )

    def dataset(self) -> tf.data.Dataset:
        """Return the batches as a tf.data pipeline that reads ahead of the training step."""
        shape = self._features.shape[1:]
        signature = (
            tf.TensorSpec((None, *shape), tf.float32),
            tf.TensorSpec((None,), tf.int32),
        )
        batches = tf.data.Dataset.from_generator(lambda: iter(self), output_signature=signature)
        known = batches.apply(tf.data.experimental.assert_cardinality(len(self)))
        return known.prefetch(2)
