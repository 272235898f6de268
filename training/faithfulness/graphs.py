"""Other forms of a model's graph: its answers alone, its Grad-CAM, and what randomising leaves."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper
from onnx.utils import Extractor

from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.session import session_options
from timbrescope.training.export.contributions import without_contributions

FEATURES, LOGITS, PROBABILITIES = "features", "logits", "probabilities"
_PASSED_ON = ("Cast", "Transpose", "Slice", "Identity")


class GraphError(TimbrescopeError):
    """A graph lacks what a test of it needs."""


def opened(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """Return a session of a graph."""
    return onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )


def answering(model: onnx.ModelProto, *further: str) -> onnx.ModelProto:
    """Return the part of a graph that gives its probabilities, and further tensors."""
    inferred = onnx.shape_inference.infer_shapes(without_contributions(model))
    return Extractor(inferred).extract_model([FEATURES], [LOGITS, PROBABILITIES, *further])


def last_map(model: onnx.ModelProto) -> str:
    """Return the name of the last feature map before the logits, shape (batch, k, h, w)."""
    part = answering(model)
    convolutions = {node.output[0] for node in part.graph.node if node.op_type == "Conv"}
    shown = [
        node.output[0]
        for node in part.graph.node
        if node.op_type == "Relu" and convolutions.intersection(node.input)
    ]
    if not shown:
        raise GraphError("the graph has no convolution with a ReLU behind it")
    return str(shown[-1])


def head_weights(model: onnx.ModelProto) -> list[str]:
    """Return the stored matrices that give the logits."""
    return _stored(answering(model), operators=("MatMul", "Gemm"), classes=True)


def last_convolution(model: onnx.ModelProto) -> list[str]:
    """Return the stored kernel of the last convolution before the logits."""
    return _stored(answering(model), operators=("Conv",), classes=False)[-1:]


def _stored(part: onnx.ModelProto, *, operators: Sequence[str], classes: bool) -> list[str]:
    graph = part.graph
    shapes = {entry.name: tuple(entry.dims) for entry in graph.initializer}
    made = {node.output[0]: node for node in graph.node}
    count = graph.output[0].type.tensor_type.shape.dim[1].dim_value
    found = []
    for node in graph.node:
        if node.op_type not in operators or len(node.input) < 2:
            continue
        name = node.input[1]
        while name in made and made[name].op_type in _PASSED_ON:
            name = made[name].input[0]
        if name in shapes and (not classes or count in shapes[name]):
            found.append(name)
    return found


def randomised(model: onnx.ModelProto, names: Sequence[str], *, seed: int) -> onnx.ModelProto:
    """Return the graph with some stored weights drawn anew, from a normal of their own spread."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for entry in _stored_in(copy.graph):
        if entry.name in names:
            # Branches may hold the same weights once more, and are to go on agreeing.
            rng = np.random.default_rng(seed + list(names).index(entry.name))
            weights = numpy_helper.to_array(entry)
            # In half precision the sums of a deviation overflow.
            spread = float(weights.astype(np.float64).std())
            drawn = rng.normal(0.0, spread, weights.shape)
            entry.CopyFrom(numpy_helper.from_array(drawn.astype(weights.dtype), entry.name))
    return copy


def _stored_in(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _stored_in(attribute.g)


class GradCam:
    """Grad-CAM of a graph's last map (Selvaraju et al. 2017), for graphs that are linear in it.

    The weight of a channel is the mean of the logit's gradient over the positions; it is found by
    differences, one channel after the other at once.
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        self._map = last_map(model)
        self._session = opened(answering(model, self._map))
        behind = _behind(model, self._map)
        self._behind = opened(behind)
        self._inputs = [entry.name for entry in behind.graph.input]
        self._forward = opened(answering(model, *self._inputs)) if len(self._inputs) > 1 else None

    def of(self, features: NDArray[np.float32], label: int) -> NDArray[np.float64]:
        """Return the map (h, w) of one class for one window, not below zero."""
        feed: dict[str, Any] = {FEATURES: features[np.newaxis]}
        session = self._forward or self._session
        given = dict(zip(self._inputs, session.run(self._inputs, feed), strict=True))
        values = given[self._map]
        base = self._behind.run([LOGITS], given)[0][0, label]
        weights = np.empty(values.shape[1])
        for channel in range(values.shape[1]):
            moved = values.copy()
            moved[0, channel] += 1.0
            weights[channel] = self._behind.run([LOGITS], given | {self._map: moved})[0][0, label]
        found = np.tensordot(weights - base, values[0].astype(np.float64), axes=1)
        return np.maximum(found, 0.0)


def _behind(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """Return the part of a graph from a map to the logits, with whatever else it needs."""
    part = answering(model)
    needed = [name, *_beside(part.graph, name)]
    inferred = onnx.shape_inference.infer_shapes(part)
    return Extractor(inferred).extract_model(needed, [LOGITS])


def _beside(graph: onnx.GraphProto, name: str) -> list[str]:
    """Return the tensors beside `name` that its dependants read and that are not stored."""
    stored = {entry.name for entry in graph.initializer}
    constant = set(stored)
    for node in graph.node:
        if node.op_type != "Shape" and all(given in constant or not given for given in node.input):
            constant.update(node.output)
    dependent = {name}
    found: list[str] = []
    for node in graph.node:
        if not dependent.intersection(node.input):
            continue
        dependent.update(node.output)
        found += [
            given
            for given in node.input
            if given and given not in dependent and given not in constant and given not in found
        ]
    return found
