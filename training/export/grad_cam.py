"""The network together with its exact Grad-CAM for every class, as one forward graph.

The paper's Grad-CAM weighs the channels of the last convolution's output A (after its ReLU,
before BatchNormalization) by the gradient of the class probability, averaged over the map,
and keeps the positive part of the weighted sum (Selvaraju et al. 2017, as Senatori & Nardone
use it). In this network that gradient has a closed form:

- Behind A come a scale per channel (BatchNormalization: s_k = gamma_k / sqrt(var_k + eps)),
  max-pooling and an average over all positions. Every pooling cell passes its gradient to one
  position, whichever it picked, so the gradients over a map of H x W add up to that of the
  average times s_k, and their mean is for the logit c exactly
  ``s_k * sum_j W1[k, j] [h_j > 0] W2[j, c] / (H W)``, with h the Dense-128 output.
- For the probability, d p_c = p_c (1 - p_c) d(z_c - sum_{j != c} q_j z_j), with q the softmax
  over the classes other than c. The factor in front is positive and the same at all
  positions, so the graph uses the bracket alone: at p_c = 1 the factor is zero, and the
  naive form would draw a black map exactly where the network is surest.

No gradient is taken at run time, so the graph exports to ONNX.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from timbrescope.models.frontend import FeatureKind, feature_shape
from timbrescope.training.fit.cnn import (
    EMBEDDING,
    LAST_CONVOLUTION,
    LAST_NORMALISATION,
    LOGITS,
    PROBABILITIES,
    layer_output,
)

HEATMAPS = "heatmaps"
OUTPUT_NAMES = (LOGITS, PROBABILITIES, EMBEDDING, HEATMAPS)

# Added to a class's own logit before the softmax over the others; far below any logit, yet
# finite, so that no runtime can turn it into infinity minus infinity.
_EXCLUDED = -1e9


def probability_bracket(logits: tf.Tensor, *, background: bool = False) -> tf.Tensor:
    """Return the weights of d z in d p_c / (p_c (1 - p_c)) for every class c.

    Parameters
    ----------
    logits : Tensor, shape (N, C)
    background : bool
        Whether one more class is among the others, whose logit is zero wherever one looks:
        it takes its share of the softmax and has no gradient.

    Returns
    -------
    Tensor, shape (N, C, C)
        Row c is one at c and minus the softmax over the other classes elsewhere.
    """
    classes = logits.shape[-1]
    diagonal = tf.eye(classes, dtype=logits.dtype)
    each = logits[:, tf.newaxis, :] + _EXCLUDED * diagonal
    if background:
        each = tf.concat([each, tf.zeros_like(each[:, :, :1])], axis=-1)
    return diagonal - tf.nn.softmax(each, axis=-1)[:, :, :classes]


def channel_weights(
    model: keras.Model, *, logits: tf.Tensor, embedding: tf.Tensor, positions: int
) -> tf.Tensor:
    """Return Grad-CAM's weight of every channel for every class, shape (N, 28, 128).

    Parameters
    ----------
    model : keras.Model
        From `training.fit.cnn.build_cnn`; only its weights are read.
    logits : Tensor, shape (N, 28)
    embedding : Tensor, shape (N, 128)
    positions : int
        Number of positions of the last convolution's map (H x W).
    """
    norm = model.get_layer(LAST_NORMALISATION)
    scale = norm.gamma / tf.sqrt(norm.moving_variance + norm.epsilon)
    behind = tf.matmul(
        probability_bracket(logits), model.get_layer(LOGITS).kernel, transpose_b=True
    )
    active = tf.cast(embedding > 0, behind.dtype)[:, tf.newaxis, :]
    to_average = tf.matmul(behind * active, model.get_layer(EMBEDDING).kernel, transpose_b=True)
    return to_average * (scale / positions)


def class_heatmaps(weights: tf.Tensor, feature_map: tf.Tensor) -> tf.Tensor:
    """Return ReLU of the weighted channel sums, shape (N, 28, h, w), not normalised."""
    _, height, width, channels = feature_map.shape
    flat = tf.reshape(feature_map, (-1, height * width, channels))
    maps = tf.nn.relu(tf.matmul(weights, flat, transpose_b=True))
    return tf.reshape(maps, (-1, weights.shape[1], height, width))


def features_signature(kind: FeatureKind) -> tf.TensorSpec:
    """Return name, type and shape of the graph's input, its batch axis open."""
    return tf.TensorSpec((None, *feature_shape(kind)), tf.float32, name="features")


def explained_function(
    model: keras.Model, *, kind: FeatureKind
) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
    """Return a tf.function from ``features`` to the four named outputs of the contract.

    Parameters
    ----------
    model : keras.Model
        A float32 network from `training.fit.cnn.build_cnn`.
    kind : {"mel", "mfcc"}
    """
    inner = layer_output(model, LAST_CONVOLUTION, EMBEDDING, LOGITS, PROBABILITIES)

    def explained(features: tf.Tensor) -> dict[str, tf.Tensor]:
        found = inner(features, training=False)
        feature_map = found.pop(LAST_CONVOLUTION)
        weights = channel_weights(
            model,
            logits=found[LOGITS],
            embedding=found[EMBEDDING],
            positions=feature_map.shape[1] * feature_map.shape[2],
        )
        result: dict[str, tf.Tensor] = found | {HEATMAPS: class_heatmaps(weights, feature_map)}
        return result

    traced: Callable[[tf.Tensor], dict[str, tf.Tensor]] = tf.function(
        explained, input_signature=[features_signature(kind)]
    )
    return traced
