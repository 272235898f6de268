"""What one training step sees: rows of the cache, their labels and the teacher's targets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.frontend import feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.training.features.cache import WindowSet
from timbrescope.training.fit.flagship.window_weights import window_weights
from timbrescope.training.labels import BACKGROUND_LABEL, UNLABELLED
from timbrescope.training.teacher.answers import EMBEDDING_UNITS, LABELS

TARGET_UNITS = EMBEDDING_UNITS + LABELS
CLASSES_WITH_BACKGROUND = len(NAMES) + 1
# How much of a student's target is what its ensemble believes, beside the label that is known.
ENSEMBLE_SHARE = 0.5


@dataclass(frozen=True)
class TargetScaling:
    """Mean and spread of the teacher's answers over the training windows, shape (911,)."""

    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def of(cls, windows: WindowSet) -> "TargetScaling":
        """Measure the training part of a set; a set without a teacher gives zero and one."""
        targets = raw_targets(windows, np.arange(len(windows.labels) // windows.variants))
        spread = targets.std(axis=0) + 1e-3 if windows.teacher_logits is not None else 1.0
        return cls(targets.mean(axis=0), np.broadcast_to(np.float32(spread), (TARGET_UNITS,)))

    def scaled(self, targets: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return targets with mean 0 and spread 1 over the training windows."""
        return ((targets - self.mean) / self.spread).astype(np.float32)


def raw_targets(windows: WindowSet, which: NDArray[np.integer]) -> NDArray[np.float32]:
    """Return the teacher's embedding and logits of some windows, (n, 911); zeros without one."""
    if windows.teacher_embedding is None or windows.teacher_logits is None:
        return np.zeros((len(which), TARGET_UNITS), np.float32)
    parts = (windows.teacher_embedding[which], windows.teacher_logits[which])
    return np.concatenate(parts, axis=1).astype(np.float32)


def beliefs_of(
    labels: NDArray[np.integer], ensemble: NDArray[np.floating] | None
) -> NDArray[np.float32]:
    """Return what windows are held to be: their label, or label and an ensemble's belief mixed.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    ensemble : ndarray, shape (n, 29), or None
        Probabilities, the last of "none of the 28".

    Returns
    -------
    ndarray, shape (n, 29)
        Rows add up to 1. Unlabelled windows are what the ensemble believes, or all zero without.
    """
    known = (labels <= BACKGROUND_LABEL)[:, np.newaxis]
    certain = np.eye(CLASSES_WITH_BACKGROUND, dtype=np.float32)
    labelled = certain[np.minimum(labels, BACKGROUND_LABEL)]
    if ensemble is None:
        return np.where(known, labelled, np.float32(0.0))
    mixed = (1 - ENSEMBLE_SHARE) * labelled + ENSEMBLE_SHARE * ensemble
    return np.where(known, mixed, ensemble).astype(np.float32)


class FlagshipBatches:
    """Batches of a training part, in an order that only seed and epoch decide.

    Each epoch shows every window once, in the variant whose turn it is.

    Parameters
    ----------
    windows : WindowSet
    scaling : TargetScaling
    batch_size : int
    seed : int
    with_music : bool
        Whether unlabelled windows are shown: only a teacher gives them a meaning.
    realism : float
        See `training.fit.flagship.window_weights.window_weights`.
    ensemble : ndarray, shape (rows, 29), optional
        What several networks believe of each row, for a student of them, see `beliefs_of`.
    """

    def __init__(
        self,
        windows: WindowSet,
        *,
        scaling: TargetScaling,
        batch_size: int,
        seed: int,
        with_music: bool,
        realism: float = 0.0,
        ensemble: NDArray[np.floating] | None = None,
    ) -> None:
        self._windows = windows
        self._scaling = scaling
        self._batch_size = batch_size
        self._seed = seed
        self._ensemble = ensemble
        self._weights = window_weights(windows, power=realism)
        labels = windows.labels[:: windows.variants]
        self._count = int(len(labels) if with_music else np.searchsorted(labels, UNLABELLED))

    def __len__(self) -> int:
        """Return the number of batches of an epoch."""
        return self._count // self._batch_size

    def epoch(self, number: int) -> Iterator[tuple[NDArray[np.floating], ...]]:
        """Yield (features, beliefs, weights, scaled targets) of each batch of an epoch."""
        order = np.random.default_rng((self._seed, number)).permutation(self._count)
        for start in range(0, len(self) * self._batch_size, self._batch_size):
            # Ascending positions, because a memory map is read far faster in file order.
            which = np.sort(order[start : start + self._batch_size])
            turn = (which + number) % self._windows.variants
            rows = which * self._windows.variants + turn
            believed = None if self._ensemble is None else self._ensemble[rows]
            shuffle = np.random.default_rng((self._seed, number, start)).permutation(len(which))
            yield (
                np.asarray(self._windows.features[rows], np.float32)[shuffle],
                beliefs_of(self._windows.labels[rows], believed)[shuffle],
                self._weights[which][shuffle],
                self._scaling.scaled(raw_targets(self._windows, which))[shuffle],
            )

    def dataset(self, number: int) -> tf.data.Dataset:
        """Return an epoch as a tf.data pipeline that reads ahead of the training step."""
        signature = (
            tf.TensorSpec((None, *feature_shape("logmel")), tf.float32),
            tf.TensorSpec((None, CLASSES_WITH_BACKGROUND), tf.float32),
            tf.TensorSpec((None,), tf.float32),
            tf.TensorSpec((None, TARGET_UNITS), tf.float32),
        )
        whole = tf.data.Dataset.from_generator(
            lambda: self.epoch(number), output_signature=signature
        )
        options = tf.data.Options()
        # Nothing is left to tune, and the tuner holds up the end of an epoch for up to a minute.
        options.autotune.enabled = False
        return whole.prefetch(3).with_options(options)
