"""The flagship as an ONNX graph, built node by node from its folded weights.

Batch normalisation is folded into the convolutions, whose weights are stored in half precision
and cast to single precision as the model is loaded: the file is half as large, and the numbers
are those that a network with the same rounded weights has (`rounded`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from timbrescope.models.frontend import feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.models.logmel import FRAMES
from timbrescope.training.export.sidecar import BATCH_AXIS, OPSET, VERSION
from timbrescope.training.fit.flagship.head import LinearHead
from timbrescope.training.fit.flagship.network import (
    FULL_BELOW_DB,
    LEAST_WEIGHT,
    LOUDEST,
    NEPERS_PER_DB,
    NOTHING_BELOW_DB,
    SILENCE,
)
from timbrescope.training.fit.flagship.trunk import BLOCKS, NORM_EPSILON, convolution_names

FEATURES, LOGITS, PROBABILITIES, EMBEDDING = "features", "logits", "probabilities", "embedding"
GATE = "gate"
# What ONNX Runtime 1.17 and newer read.
IR_VERSION = 8
# Smaller kernels, and all biases, are kept in single precision: nothing is won by less.
LEAST_HALVED = 1_024


@dataclass(frozen=True)
class Convolution:
    """One convolution with its normalisation folded in.

    Attributes
    ----------
    name : str
    kernel : ndarray, shape (filters, channels of a group, bands, frames)
    bias : ndarray, shape (filters,)
    stride, groups : int
    """

    name: str
    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    stride: int
    groups: int


def rounded(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return values as half precision holds them, in single precision."""
    return np.asarray(values, np.float16).astype(np.float32)


def convolutions(model: keras.Model) -> Iterator[Convolution]:
    """Yield the trunk's convolutions, folded and rounded, in order."""
    strides = {f"block{number}_depthwise": s for number, (_, s) in enumerate(BLOCKS, start=2)}
    strides["block1"] = 2
    for name in convolution_names():
        (kernel,) = (np.asarray(w, np.float64) for w in model.get_layer(name).get_weights())
        beta, mean, variance = (
            np.asarray(w, np.float64) for w in model.get_layer(f"{name}_norm").get_weights()
        )
        scale = 1.0 / np.sqrt(variance + NORM_EPSILON)
        depthwise = name.endswith("_depthwise")
        # Keras has (bands, frames, channels, filters or multiplier).
        turned = kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        folded = turned * scale[:, np.newaxis, np.newaxis, np.newaxis]
        yield Convolution(
            name,
            rounded(folded),
            np.asarray(beta - mean * scale, np.float32),
            strides.get(name, 1),
            len(scale) if depthwise else 1,
        )


def flagship_graph(
    model: keras.Model, *, head: LinearHead, blocks: tuple[int, ...], name: str
) -> onnx.ModelProto:
    """Return the graph of a flagship, checked.

    Parameters
    ----------
    model : keras.Model
        From `training.fit.flagship.network.build_flagship`.
    head : LinearHead
    blocks : tuple of int
        Whose maps the head sees, in its order.
    name : str
        Under which the model presents itself.

    Returns
    -------
    onnx.ModelProto
        Input ``features`` (batch, 64, 256); outputs ``logits``, ``probabilities`` (both
        (batch, 28)) and ``embedding``, the average of the last map. ``probabilities`` stand beside
        an implicit background whose logit is zero: they add up to less than one. The tensor
        ``gate`` (batch, 256) says how much each frame counts.
    """
    built = _Builder()
    x = built.node("Max", [FEATURES, built.constant("silence", np.float32(SILENCE))], "audible")
    _gate(built)
    x = built.node("Unsqueeze", [x, built.constant("channel_axis", np.array([1]))], "one_channel")
    sums, cells = [], feature_shape("logmel")[1]
    for found in convolutions(model):
        x = _convolved(built, x, found)
        cells //= found.stride
        if found.name in {f"block{block}" for block in blocks}:
            shape = (len(found.bias), feature_shape("logmel")[0] * cells // FRAMES, cells)
            sums.append(_sounding_average(built, x, found.name, shape=shape))
    last = built.constant("last_axis", np.array([2]))
    joined = built.node("Concat", sums, "averages_in_columns", axis=1)
    joined = built.node("Squeeze", [joined, last], "averages")
    kernel = built.constant("head_kernel", rounded(head.kernel))
    bias = built.constant("head_bias", np.asarray(head.bias, np.float32))
    built.node("Gemm", [joined, kernel, bias], LOGITS)
    _probabilities(built)
    built.node("Squeeze", [sums[-1], last], EMBEDDING)
    units = int(model.get_layer(f"block{blocks[-1]}").filters)
    return _finished(built, name=name, units=units)


class _Builder:
    """Nodes and constants of a graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def has(self, tensor: str) -> bool:
        """Return whether a node makes this tensor already."""
        return any(tensor in node.output for node in self.nodes)

    def constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        """Add a constant; a large kernel lies in half precision in the file."""
        array = np.asarray(value)
        if array.dtype == np.float32 and array.ndim > 1 and array.size >= LEAST_HALVED:
            stored = f"{name}_half"
            self.constants.append(numpy_helper.from_array(array.astype(np.float16), stored))
            return self.node("Cast", [stored], name, to=TensorProto.FLOAT)
        self.constants.append(numpy_helper.from_array(array, name))
        return name


def _gate(built: _Builder) -> None:
    """Add the weights of the frames; see `training.fit.flagship.network.SoundingFrames`."""
    span_db = FULL_BELOW_DB - NOTHING_BELOW_DB
    slope = -1.0 / (NEPERS_PER_DB * span_db)
    offset = -NOTHING_BELOW_DB / span_db - slope * LOUDEST
    x = built.node("ReduceMax", [FEATURES], "loudest_bands", axes=[1], keepdims=0)
    x = built.node("Mul", [x, built.constant("gate_slope", np.float32(slope))], "gate_scaled")
    x = built.node("Add", [x, built.constant("gate_offset", np.float32(offset))], "gate_moved")
    zero, one = (built.constant(f"gate_{v}", np.float32(v)) for v in (0, 1))
    built.node("Clip", [x, zero, one], GATE)


def _convolved(built: _Builder, x: str, found: Convolution) -> str:
    kernel = built.constant(f"{found.name}_kernel", found.kernel)
    bias = built.constant(f"{found.name}_bias", found.bias)
    size = found.kernel.shape[2]
    # As TensorFlow pads: with stride 2 over an even number of cells only behind.
    before = (size - 1) // 2 if found.stride == 1 else 0
    x = built.node(
        "Conv",
        [x, kernel, bias],
        f"{found.name}_conv",
        strides=[found.stride] * 2,
        pads=[before, before, size - 1 - before, size - 1 - before],
        group=found.groups,
    )
    return built.node("Relu", [x], found.name)


def _sounding_average(built: _Builder, x: str, name: str, *, shape: tuple[int, int, int]) -> str:
    """Add the average over bands and sounding frames, (batch, channels, 1).

    `shape` is that of the map: channels, bands, frames. One product with the weights of all cells
    takes a tenth of the time of a mean over bands and another over frames.
    """
    channels, bands, cells = shape
    weights = f"cell_weights_{bands}x{cells}"
    if not built.has(weights):
        _cell_weights(built, weights, bands=bands, cells=cells)
    flat = built.constant(f"{name}_cells_flat", np.array([0, channels, bands * cells]))
    flattened = built.node("Reshape", [x, flat], f"{name}_by_cell")
    return built.node("MatMul", [flattened, weights], f"{name}_average")


def _cell_weights(built: _Builder, name: str, *, bands: int, cells: int) -> None:
    """Add how much every cell of a map counts in its average, (batch, bands * cells, 1)."""
    grouped = built.constant(f"{name}_cells", np.array([0, cells, FRAMES // cells]))
    gate = built.node("Reshape", [GATE, grouped], f"{name}_gates")
    gate = built.node("ReduceMax", [gate], f"{name}_gate", axes=[2], keepdims=1)
    axis = built.constant(f"{name}_axis", np.array([1]))
    total = built.node("ReduceSum", [gate, axis], f"{name}_total", keepdims=1)
    least = built.constant(f"{name}_least", np.float32(LEAST_WEIGHT))
    total = built.node("Add", [total, least], f"{name}_divisor")
    shares = built.node("Div", [gate, total], f"{name}_shares")
    times = built.constant(f"{name}_times", np.array([1, bands, 1]))
    by_band = built.node("Tile", [shares, times], f"{name}_by_band")
    part = built.constant(f"{name}_part", np.float32(1 / bands))
    built.node("Mul", [by_band, part], name)


def _probabilities(built: _Builder) -> None:
    pads = built.constant("background_pads", np.array([0, 0, 0, 1]))
    whole = built.node("Pad", [LOGITS, pads], "logits_with_background")
    shares = built.node("Softmax", [whole], "shares", axis=1)
    bounds = [
        built.constant(f"instruments_{name}", np.array([value]))
        for name, value in (("from", 0), ("to", len(NAMES)), ("axis", 1))
    ]
    built.node("Slice", [shares, *bounds], PROBABILITIES)


def _finished(built: _Builder, *, name: str, units: int) -> onnx.ModelProto:
    def value(title: str, *shape: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(title, TensorProto.FLOAT, (BATCH_AXIS, *shape))

    graph = helper.make_graph(
        built.nodes,
        name,
        [value(FEATURES, *feature_shape("logmel"))],
        [
            value(LOGITS, len(NAMES)),
            value(PROBABILITIES, len(NAMES)),
            value(EMBEDDING, units),
        ],
        built.constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    helper.set_model_props(model, {"name": name, "version": VERSION, "kind": "logmel"})
    onnx.checker.check_model(model, full_check=True)
    return model
