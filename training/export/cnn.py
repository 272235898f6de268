"""Exports a trained network, heatmaps included, as ONNX with its sidecar.

Nothing is written before the graph has passed `training.export.parity`: a file in ``models/``
either says what the trained network says, or is the one that was there before.
"""

from pathlib import Path

import keras
import numpy as np
import onnx
import tf2onnx
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind, feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.training.export.grad_cam import (
    HEATMAPS,
    OUTPUT_NAMES,
    explained_function,
    features_signature,
)
from timbrescope.training.export.held_out import ComparedGraph, HeldOutAnswers, ship
from timbrescope.training.export.normalisations import with_fast_normalisations
from timbrescope.training.export.parity import ParityReport, check_parity
from timbrescope.training.export.sidecar import BATCH_AXIS, OPSET, VERSION, Provenance
from timbrescope.training.fit.cnn import EMBEDDING, EMBEDDING_UNITS, LOGITS, PROBABILITIES

FAMILY = "cnn"


def build_graph(
    model: keras.Model, *, kind: FeatureKind, name: str | None = None
) -> onnx.ModelProto:
    """Convert a network to ONNX with the contract's names and shapes.

    Returns
    -------
    onnx.ModelProto
        Input ``features`` (batch, h, w); outputs ``logits``, ``probabilities``, ``embedding``
        and ``heatmaps`` in that order; metadata name, version and kind. Checked by
        `onnx.checker` with shape inference.
    """
    graph, _ = tf2onnx.convert.from_function(
        explained_function(model, kind=kind),
        input_signature=[features_signature(kind)],
        opset=OPSET,
    )
    return finish_graph(
        with_fast_normalisations(graph),
        kind=kind,
        name=name or model_name(kind),
        map_shape=_map_shape(kind),
        embedding_units=EMBEDDING_UNITS,
    )


def finish_graph(
    graph: onnx.ModelProto,
    *,
    kind: FeatureKind,
    name: str,
    map_shape: tuple[int, int],
    embedding_units: int,
) -> onnx.ModelProto:
    """Give a converted graph the contract's shapes and its identity, and check it."""
    _name_axes(graph, kind=kind, map_shape=map_shape, embedding_units=embedding_units)
    onnx.helper.set_model_props(graph, {"name": name, "version": VERSION, "kind": str(kind)})
    onnx.checker.check_model(graph, full_check=True)
    return graph


def model_name(kind: FeatureKind) -> str:
    """Return the name under which a model presents itself."""
    return f"timbrescope-cnn-{kind}"


def _map_shape(kind: FeatureKind) -> tuple[int, int]:
    rows, frames = feature_shape(kind)
    return rows // 4, frames // 4


def _name_axes(
    graph: onnx.ModelProto, *, kind: FeatureKind, map_shape: tuple[int, int], embedding_units: int
) -> None:
    """Give every input and output its exact shape, and the outputs the contract's order.

    The converter leaves ``unk__70`` as the batch axis, a different number in every run, and
    sorts outputs by the alphabet.
    """
    shapes = {
        "features": feature_shape(kind),
        LOGITS: (len(NAMES),),
        PROBABILITIES: (len(NAMES),),
        EMBEDDING: (embedding_units,),
        HEATMAPS: (len(NAMES), *map_shape),
    }
    outputs = {entry.name: entry for entry in graph.graph.output}
    del graph.graph.output[:]
    graph.graph.output.extend(outputs[name] for name in OUTPUT_NAMES)
    for entry in (*graph.graph.input, *graph.graph.output):
        axes = (BATCH_AXIS, *shapes[entry.name])
        entry.CopyFrom(onnx.helper.make_tensor_value_info(entry.name, onnx.TensorProto.FLOAT, axes))


def export_model(
    model: keras.Model,
    path: Path,
    *,
    kind: FeatureKind,
    features: NDArray[np.float32],
    provenance: Provenance,
    answers: HeldOutAnswers | None = None,
) -> ParityReport:
    """Convert, check and write a network as ``<path>.onnx`` with its sidecar beside it.

    Parameters
    ----------
    model : keras.Model
        From `training.fit.cnn.build_cnn`, trained.
    path : Path
        The ONNX file, as a rule ``models/<kind>.onnx``.
    kind : {"mel", "mfcc"}
    features : ndarray, shape (N, h, w)
        Real windows on which parity is checked.
    provenance : Provenance
    answers : HeldOutAnswers, optional
        See `training.export.held_out.ship`.

    Raises
    ------
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    graph = build_graph(model, kind=kind, name=provenance.name).SerializeToString()
    parity = check_parity(graph, model, features, kind=kind)
    compared = ComparedGraph(graph, model_name(kind), kind, FAMILY, parity)
    return ship(compared, path, provenance=provenance, answers=answers)
