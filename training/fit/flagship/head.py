"""The flagship's linear head as two matrices and a bias, folded from its layers."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.fit.flagship.batches import TargetScaling
from timbrescope.training.fit.flagship.network import (
    COARSE_PROJECTION,
    FINE_PROJECTION,
    LOGITS,
    TEACHER_LOGITS,
)
from timbrescope.training.teacher.audioset import averaging_matrix
from timbrescope.training.teacher.tagger import EMBEDDING_UNITS


@dataclass(frozen=True)
class LinearHead:
    """Logits are ``average(fine map) @ fine + average(coarse map) @ coarse + bias``.

    Attributes
    ----------
    fine, coarse : ndarray, shape (channels of the map, 28)
    bias : ndarray, shape (28,)
    """

    fine: NDArray[np.float64]
    coarse: NDArray[np.float64]
    bias: NDArray[np.float64]

    @classmethod
    def of(cls, model: keras.Model) -> "LinearHead":
        """Fold projections and logits of a network of `training.fit.flagship.network`."""
        kernel, bias = (np.asarray(w, np.float64) for w in model.get_layer(LOGITS).get_weights())
        fine, coarse = (
            np.asarray(model.get_layer(name).get_weights()[0], np.float64)
            for name in (FINE_PROJECTION, COARSE_PROJECTION)
        )
        return cls(fine @ kernel, coarse @ kernel, bias)

    @classmethod
    def heard(cls, model: keras.Model, scaling: TargetScaling) -> "LinearHead":
        """Fold the layers that give the teacher's logits into one that names instruments.

        It answers for each instrument with the mean logit of its AudioSet labels, as the
        network believes that the teacher would; centred over the training windows, so that
        its logits are about zero for what the corpus holds.
        """
        kernel, bias = (
            np.asarray(w, np.float64) for w in model.get_layer(TEACHER_LOGITS).get_weights()
        )
        spread = np.asarray(scaling.spread[EMBEDDING_UNITS:], np.float64)
        matrix = averaging_matrix()
        coarse = (kernel * spread) @ matrix
        centre = np.asarray(scaling.mean[EMBEDDING_UNITS:], np.float64) @ matrix
        bias = (bias * spread) @ matrix + centre - centre.mean()
        (fine,) = model.get_layer(FINE_PROJECTION).get_weights()
        return cls(np.zeros((fine.shape[0], len(NAMES))), coarse, bias)

    def plus(self, other: "LinearHead", *, share: float) -> "LinearHead":
        """Return the head whose logits are this one's plus a share of the other's."""
        return LinearHead(
            self.fine + share * other.fine,
            self.coarse + share * other.coarse,
            self.bias + share * other.bias,
        )

    def logits(
        self, fine_average: NDArray[np.floating], coarse_average: NDArray[np.floating]
    ) -> NDArray[np.float64]:
        """Return the logits, (N, 28), for averages (N, channels) of both maps."""
        return fine_average @ self.fine + coarse_average @ self.coarse + self.bias


def class_maps(
    brackets: tf.Tensor, fine_map: tf.Tensor, coarse_map: tf.Tensor, *, head: LinearHead
) -> tf.Tensor:
    """Return, for every class, the map whose sum is its bracketed logit without the bias.

    Parameters
    ----------
    brackets : Tensor, shape (N, 28, 28)
        From `training.export.grad_cam.probability_bracket`: row c weighs the logits.
    fine_map : Tensor, shape (N, 2h, w, k)
    coarse_map : Tensor, shape (N, h, w, m)
        Its cells cover two rows of the fine map each.
    head : LinearHead

    Returns
    -------
    Tensor, shape (N, 28, 2h, w)
        Signed; its positive part is the paper's Grad-CAM up to a positive factor, since the
        gradient of a linear head is the same at all positions.
    """
    dtype = brackets.dtype
    of_fine = _summed(brackets @ tf.constant(head.fine.T, dtype), fine_map)
    of_coarse = _summed(brackets @ tf.constant(head.coarse.T, dtype), coarse_map)
    return of_fine + tf.repeat(of_coarse, 2, axis=2) / 2.0


def _summed(weights: tf.Tensor, feature_map: tf.Tensor) -> tf.Tensor:
    _, height, width, channels = feature_map.shape
    flat = tf.reshape(feature_map, (-1, height * width, channels))
    maps = tf.matmul(weights, flat, transpose_b=True) / float(height * width)
    return tf.reshape(maps, (-1, weights.shape[1], height, width))
