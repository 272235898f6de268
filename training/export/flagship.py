"""Exports a flagship with its exact evidence for every class as ONNX, parity checked."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.models.instruments import NAMES
from timbrescope.training.export.cnn import finish_graph
from timbrescope.training.export.grad_cam import HEATMAPS, features_signature, probability_bracket
from timbrescope.training.export.parity import ParityReport, compared, run_graph
from timbrescope.training.export.sidecar import (
    OPSET,
    ParityError,
    Provenance,
    describe,
    write_model,
)
from timbrescope.training.fit.flagship.head import LinearHead, class_maps
from timbrescope.training.fit.flagship.network import (
    COARSE_MAP,
    COARSE_PROJECTION,
    EMBEDDING,
    EMBEDDING_UNITS,
    FINE_MAP,
    FINE_PROJECTION,
    LOGITS,
)

KIND: FeatureKind = "mel"
FAMILY = "flagship"
NAME = "timbrescope-flagship"
PROBABILITIES = "probabilities"


def explained_flagship(
    model: keras.Model, *, head: LinearHead
) -> Callable[[tf.Tensor], dict[str, tf.Tensor]]:
    """Return a tf.function from ``features`` to the four named outputs of the contract.

    ``probabilities`` are those of the 28 classes beside an implicit background whose logit is
    zero: they add up to less than one.
    """
    maps = keras.Model(model.input, {n: model.get_layer(n).output for n in (FINE_MAP, COARSE_MAP)})
    projections = {
        FINE_MAP: model.get_layer(FINE_PROJECTION).kernel,
        COARSE_MAP: model.get_layer(COARSE_PROJECTION).kernel,
    }

    @tf.function(input_signature=[features_signature(KIND)])
    def explained(features: tf.Tensor) -> dict[str, tf.Tensor]:
        found = maps(features, training=False)
        averages = {name: _average(found[name]) for name in found}
        logits = tf.constant(head.bias, tf.float32)
        for name, kernel in ((FINE_MAP, head.fine), (COARSE_MAP, head.coarse)):
            logits += averages[name] @ tf.constant(kernel, tf.float32)
        brackets = probability_bracket(logits, background=True)
        evidence = class_maps(brackets, found[FINE_MAP], found[COARSE_MAP], head=head)
        whole = tf.concat([logits, tf.zeros_like(logits[:, :1])], axis=1)
        return {
            LOGITS: logits,
            PROBABILITIES: tf.nn.softmax(whole)[:, : len(NAMES)],
            EMBEDDING: sum(averages[name] @ projections[name] for name in found),
            HEATMAPS: tf.nn.relu(evidence),
        }

    return explained


def _average(feature_map: tf.Tensor) -> tf.Tensor:
    # One axis after the other: see the paper's networks in `training.fit.cnn`.
    return tf.reduce_mean(tf.reduce_mean(feature_map, axis=2), axis=1)


def export_flagship(
    model: keras.Model,
    path: Path,
    *,
    head: LinearHead,
    features: NDArray[np.float32],
    provenance: Provenance,
) -> ParityReport:
    """Convert, check and write a flagship as ``<path>.onnx`` with its sidecar beside it.

    Parameters
    ----------
    model : keras.Model
        In float32, trained.
    path : Path
    head : LinearHead
    features : ndarray, shape (N, 128, 130)
        Real windows on which parity is checked; N below about 50.
    provenance : Provenance

    Raises
    ------
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    graph = flagship_graph(model, head=head, name=provenance.name).SerializeToString()
    report = check_flagship(graph, model, features, head=head)
    if not report.ok:
        raise ParityError(f"the exported flagship differs from the network ({report})")
    sidecar = describe(
        graph,
        own_name=NAME,
        kind=KIND,
        family=FAMILY,
        provenance=provenance,
        parity=report.stated(),
    )
    write_model(graph, sidecar, path)
    return report


def flagship_graph(
    model: keras.Model, *, head: LinearHead, name: str | None = None
) -> onnx.ModelProto:
    """Convert a flagship to ONNX with the contract's names and shapes."""
    graph, _ = tf2onnx.convert.from_function(
        explained_flagship(model, head=head),
        input_signature=[features_signature(KIND)],
        opset=OPSET,
    )
    _, height, width, _ = model.get_layer(FINE_MAP).output.shape
    return finish_graph(
        graph,
        kind=KIND,
        name=name or NAME,
        map_shape=(height, width),
        embedding_units=EMBEDDING_UNITS,
    )


def check_flagship(
    graph: bytes, model: keras.Model, features: NDArray[np.float32], *, head: LinearHead
) -> ParityReport:
    """Compare a graph with Keras, and its maps with the gradient of the probability."""
    ours = run_graph(graph, features)
    theirs = explained_flagship(model, head=head)(tf.constant(features, tf.float32))
    maps = gradient_maps(model, features, head=head)
    return compared(ours, theirs, maps=maps)


def gradient_maps(
    model: keras.Model, features: NDArray[np.floating], *, head: LinearHead
) -> NDArray[np.float64]:
    """Return the Grad-CAM of every class over both maps by automatic differentiation.

    Grad-CAM of each map as the paper has it, in float64; the coarse one is laid under the
    fine one cell by cell before the ReLU. Shape (N, 28, h, w).
    """
    inner = keras.Model(model.input, [model.get_layer(n).output for n in (FINE_MAP, COARSE_MAP)])
    found = inner(tf.constant(features, tf.float32), training=False)
    maps = [tf.cast(feature_map, tf.float64) for feature_map in found]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(maps)
        logits = tf.constant(head.bias)
        for feature_map, kernel in zip(maps, (head.fine, head.coarse), strict=True):
            logits += tf.reduce_mean(feature_map, axis=(1, 2)) @ tf.constant(kernel)
        whole = tf.concat([logits, tf.zeros_like(logits[:, :1])], axis=1)
        by_class = tf.unstack(tf.nn.softmax(whole), axis=-1)[: len(NAMES)]
    return np.stack([_grad_cam(maps, tape.gradient(p, maps)) for p in by_class], axis=1)


def _grad_cam(maps: list[tf.Tensor], gradients: list[tf.Tensor]) -> NDArray[np.float64]:
    fine, coarse = (
        tf.einsum("nhwk,nk->nhw", feature_map, tf.reduce_mean(gradient, axis=(1, 2)))
        for feature_map, gradient in zip(maps, gradients, strict=True)
    )
    return tf.nn.relu(fine + tf.repeat(coarse, 2, axis=1) / 2.0).numpy()
