"""The losses of the flagship: labels with an implicit background, and the teacher's answers."""

import tensorflow as tf

from timbrescope.models.instruments import NAMES
from timbrescope.training.labels import BACKGROUND_LABEL

CLASSES_WITH_BACKGROUND = len(NAMES) + 1


def label_loss(
    logits: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor, *, smoothing: float
) -> tf.Tensor:
    """Return the weighted mean cross-entropy over the labelled windows.

    Parameters
    ----------
    logits : Tensor, shape (N, 28)
        The logit of "none of the 28" is always zero.
    labels : Tensor of int, shape (N,)
        28 is "none of the 28"; larger ones are unlabelled and do not count.
    weights : Tensor, shape (N,)
        Of the windows.
    smoothing : float
        Share of each target that is spread over all classes (Szegedy et al. 2016).
    """
    labelled = tf.cast(labels <= BACKGROUND_LABEL, tf.float32) * weights
    whole = tf.concat([logits, tf.zeros_like(logits[:, :1])], axis=1)
    targets = tf.one_hot(tf.minimum(labels, BACKGROUND_LABEL), CLASSES_WITH_BACKGROUND)
    targets = targets * (1 - smoothing) + smoothing / CLASSES_WITH_BACKGROUND
    each = tf.nn.softmax_cross_entropy_with_logits(targets, whole)
    return tf.reduce_sum(each * labelled) / tf.maximum(tf.reduce_sum(labelled), 1.0)


def teacher_loss(embedding: tf.Tensor, logits: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Return the mean squared distance to the teacher's scaled answers.

    The embedding and the logits count alike, however many numbers each has.
    """
    split = embedding.shape[1]
    of_embedding = tf.reduce_mean(tf.square(embedding - targets[:, :split]))
    return of_embedding + tf.reduce_mean(tf.square(logits - targets[:, split:]))
