"""Checks that an exported graph says what the Keras network says, and explains it truly.

Logits, probabilities and embedding are compared with Keras. The heatmaps are compared with
the paper's Grad-CAM taken literally: `tf.GradientTape` on the softmax probability with
respect to the last convolution's output, averaged over the map, weighted sum, ReLU, divided by
the maximum. The tape runs on the same Keras layers in float64, where p (1 - p) keeps its
digits although p is within 1e-10 of one; in float32 that gradient is zero there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import onnxruntime
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.models.graph_check import INPUT_NAME
from timbrescope.models.session import session_options
from timbrescope.training.export.grad_cam import HEATMAPS, OUTPUT_NAMES
from timbrescope.training.fit.cnn import (
    EMBEDDING,
    LAST_CONVOLUTION,
    LOGITS,
    PROBABILITIES,
    layer_output,
    with_precision,
)

OUTPUT_TOLERANCE = 1e-4
HEATMAP_TOLERANCE = 1e-3


@dataclass(frozen=True)
class ParityReport:
    """Largest absolute differences found between a graph and its references.

    Attributes
    ----------
    windows : int
        Number of windows compared, with all 28 classes each for the heatmaps.
    logits, probabilities, embedding : float
        Against Keras.
    heatmaps : float
        Between maps that are each divided by their own maximum, against the gradient tape.
    largest_logit, highest_probability : float
        The range in which these differences were met.
    """

    windows: int
    logits: float
    probabilities: float
    embedding: float
    heatmaps: float
    largest_logit: float
    highest_probability: float

    @property
    def ok(self) -> bool:
        """Whether every difference is within its tolerance; False for NaN."""
        outputs = (self.logits, self.probabilities, self.embedding)
        return (
            all(difference <= OUTPUT_TOLERANCE for difference in outputs)
            and self.heatmaps <= HEATMAP_TOLERANCE
        )

    def stated(self) -> dict[str, float]:
        """Return what sidecars state of the check."""
        return {
            "windows": self.windows,
            "logits_max_abs": self.logits,
            "probabilities_max_abs": self.probabilities,
            "embedding_max_abs": self.embedding,
            "heatmaps_max_abs_of_normalised": self.heatmaps,
        }

    def __str__(self) -> str:
        return (
            f"{self.windows} windows: logits {self.logits:.1e} (of up to "
            f"{self.largest_logit:.1f}), probabilities {self.probabilities:.1e} (up to "
            f"{self.highest_probability:.6f}), embedding {self.embedding:.1e}, "
            f"heatmaps {self.heatmaps:.1e}"
        )


def check_parity(
    graph: bytes,
    model: keras.Model,
    features: NDArray[np.float32],
    *,
    kind: FeatureKind,
) -> ParityReport:
    """Run an ONNX graph and its references on the same windows and compare.

    Parameters
    ----------
    graph : bytes
        The serialised ONNX model.
    model : keras.Model
        The network it was exported from.
    features : ndarray, shape (N, h, w)
        In dB. Every class of every window costs one gradient: keep N below about 50.
    kind : {"mel", "mfcc"}
    """
    ours = run_graph(graph, features)
    exact = with_precision(model, kind=kind, precision="float32")
    theirs = layer_output(exact, LOGITS, PROBABILITIES, EMBEDDING)(features, training=False)
    maps = gradient_heatmaps(model, features, kind=kind)
    return compared(ours, theirs, maps=maps)


def compared(
    ours: Mapping[str, NDArray[np.floating]],
    theirs: Mapping[str, tf.Tensor],
    *,
    maps: NDArray[np.floating],
) -> ParityReport:
    """Compare a graph's outputs with a network's, and its heatmaps with `maps`."""
    return ParityReport(
        windows=len(ours[LOGITS]),
        logits=largest_difference(ours[LOGITS], theirs[LOGITS]),
        probabilities=largest_difference(ours[PROBABILITIES], theirs[PROBABILITIES]),
        embedding=largest_difference(ours[EMBEDDING], theirs[EMBEDDING]),
        heatmaps=largest_difference(normalised_maps(ours[HEATMAPS]), normalised_maps(maps)),
        largest_logit=float(np.abs(ours[LOGITS]).max()),
        highest_probability=float(ours[PROBABILITIES].max()),
    )


def run_graph(
    graph: bytes, features: NDArray[np.float32], *, names: Sequence[str] = OUTPUT_NAMES
) -> dict[str, NDArray[np.float32]]:
    """Return outputs of a serialised graph by name, with the product's options."""
    session = onnxruntime.InferenceSession(
        graph, session_options(), providers=["CPUExecutionProvider"]
    )
    found = session.run(list(names), {INPUT_NAME: np.asarray(features, np.float32)})
    return dict(zip(names, found, strict=True))


def gradient_heatmaps(
    model: keras.Model, features: NDArray[np.floating], *, kind: FeatureKind
) -> NDArray[np.float64]:
    """Return the paper's Grad-CAM of every class by automatic differentiation.

    Returns
    -------
    ndarray, shape (N, 28, h, w)
        After the ReLU, before the division by the maximum.
    """
    exact = with_precision(model, kind=kind, precision="float64")
    names = [layer.name for layer in exact.layers]
    behind = exact.layers[names.index(LAST_CONVOLUTION) + 1 :]
    feature_map = layer_output(exact, LAST_CONVOLUTION)(
        tf.constant(features, tf.float64), training=False
    )[LAST_CONVOLUTION]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(feature_map)
        x = feature_map
        for layer in behind:
            x = layer(x, training=False)
        by_class = tf.unstack(x, axis=-1)
    maps = [
        _grad_cam(feature_map, tape.gradient(probability, feature_map)) for probability in by_class
    ]
    return np.stack(maps, axis=1)


def _grad_cam(feature_map: tf.Tensor, gradient: tf.Tensor) -> NDArray[np.float64]:
    weights = tf.reduce_mean(gradient, axis=(1, 2))
    found: NDArray[np.float64] = tf.nn.relu(tf.einsum("nhwk,nk->nhw", feature_map, weights)).numpy()
    return found


def normalised_maps(maps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return maps (N, 28, h, w), each divided by its own maximum; black ones stay black."""
    tops = maps.max(axis=(2, 3), keepdims=True).astype(np.float64)
    found: NDArray[np.float64] = np.divide(maps, tops, out=np.zeros(maps.shape), where=tops > 0)
    return found


def largest_difference(
    ours: NDArray[np.floating], theirs: tf.Tensor | NDArray[np.floating]
) -> float:
    """Return the largest absolute difference between two arrays of one shape."""
    return float(np.abs(np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)).max())
