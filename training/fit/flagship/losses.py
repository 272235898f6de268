"""The losses of the flagship: labels with an implicit background, and the teacher's answers."""

import tensorflow as tf


def label_loss(
    logits: tf.Tensor, beliefs: tf.Tensor, weights: tf.Tensor, *, smoothing: float
) -> tf.Tensor:
    """Return the weighted mean cross-entropy over the windows that have a label.

    Parameters
    ----------
    logits : Tensor, shape (N, 28)
        The logit of "none of the 28" is always zero.
    beliefs : Tensor, shape (N, 29)
        How much each window is held to be each instrument, the last "none of the 28"; rows of
        zeros have no label and do not count.
    weights : Tensor, shape (N,)
        Of the windows.
    smoothing : float
        Share of each target that is spread over all classes (Szegedy et al. 2016).
    """
    labelled = tf.reduce_sum(beliefs, axis=1) * weights
    whole = tf.concat([logits, tf.zeros_like(logits[:, :1])], axis=1)
    targets = beliefs * (1 - smoothing) + smoothing / whole.shape[1]
    each = tf.nn.softmax_cross_entropy_with_logits(targets, whole)
    return tf.reduce_sum(each * labelled) / tf.maximum(tf.reduce_sum(labelled), 1.0)


def teacher_loss(embedding: tf.Tensor, logits: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Return the mean squared distance to the teacher's scaled answers.

    The embedding and the logits count alike, however many numbers each has.
    """
    split = embedding.shape[1]
    of_embedding = tf.reduce_mean(tf.square(embedding - targets[:, :split]))
    return of_embedding + tf.reduce_mean(tf.square(logits - targets[:, split:]))
