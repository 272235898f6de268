"""Changes graphs as forgers do: files that the runtime opens, with something wrong in them."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from mutations import mutated
from onnx import TensorProto, helper, numpy_helper

MOST_CHANGES = 3
_OPERATORS = (
    *("Identity", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Softmax", "Transpose", "Shape"),
    *("Flatten", "Cast", "Not", "Size", "ReduceMax", "ReduceSum", "Tile", "Expand", "Reshape"),
    *("Pad", "Div", "MatMul", "ConstantOfShape", "Range", "Gather", "Slice", "NoSuchOperator"),
)
_WHOLE_NUMBERS = (-(2**63), -(2**31), -2, -1, 0, 1, 2, 3, 7, 28, 1_024, 2**31 - 1, 2**40, 2**62)
_VALUES = (np.nan, np.inf, -np.inf, 0.0, 1e-45, 3e38, -3e38, 1e20)
_TYPES = (1, 2, 3, 6, 7, 8, 9, 10, 11, 13, 14, 16, 999)

_Change = Callable[[onnx.ModelProto, random.Random], None]


def mutated_graph(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """Return one of the seeds with changes to its graph, or now and then to its bytes."""
    if rng.random() < 0.3:
        return mutated(seeds, rng)
    model = onnx.load_model_from_string(rng.choice(seeds))
    for _ in range(rng.randint(1, MOST_CHANGES)):
        rng.choice(_CHANGES)(model, rng)
    return bytes(model.SerializeToString())


def _operator(model: onnx.ModelProto, rng: random.Random) -> None:
    if model.graph.node:
        rng.choice(model.graph.node).op_type = rng.choice(_OPERATORS)


def _drop(model: onnx.ModelProto, rng: random.Random) -> None:
    if model.graph.node:
        del model.graph.node[rng.randrange(len(model.graph.node))]


def _rewire(model: onnx.ModelProto, rng: random.Random) -> None:
    graph = model.graph
    if not graph.node:
        return
    names = [name for node in graph.node for name in (*node.input, *node.output)]
    names += [entry.name for entry in (*graph.input, *graph.initializer)] + ["", "nowhere"]
    node = rng.choice(graph.node)
    ends = rng.choice((node.input, node.output))
    if ends:
        ends[rng.randrange(len(ends))] = rng.choice(names)


def _insert(model: onnx.ModelProto, rng: random.Random) -> None:
    """Put an operator between a node and what it reads."""
    if not model.graph.node:
        return
    node = rng.choice(model.graph.node)
    if not node.input:
        return
    at, new = rng.randrange(len(node.input)), f"new_{rng.randrange(10**6)}"
    model.graph.node.insert(0, helper.make_node(rng.choice(_OPERATORS), [node.input[at]], [new]))
    node.input[at] = new


def _attribute(model: onnx.ModelProto, rng: random.Random) -> None:
    known = [attribute for node in model.graph.node for attribute in node.attribute]
    if known:
        rng.choice(known).i = rng.choice(_WHOLE_NUMBERS)


def _described(model: onnx.ModelProto, rng: random.Random) -> Any:
    return rng.choice([*model.graph.input, *model.graph.output]).type.tensor_type


def _axis(model: onnx.ModelProto, rng: random.Random) -> None:
    axes = _described(model, rng).shape.dim
    if axes and rng.random() < 0.7:
        rng.choice(axes).dim_value = rng.choice(_WHOLE_NUMBERS)
    else:
        axes.add().dim_value = rng.choice(_WHOLE_NUMBERS)


def _type(model: onnx.ModelProto, rng: random.Random) -> None:
    _described(model, rng).elem_type = rng.choice(_TYPES)


def _rename(model: onnx.ModelProto, rng: random.Random) -> None:
    entry = rng.choice([*model.graph.input, *model.graph.output])
    entry.name = rng.choice(("", "features", "logits", "heatmaps", "embedding", "contributions"))


def _output(model: onnx.ModelProto, rng: random.Random) -> None:
    name = rng.choice(("heatmaps", "embedding", "contributions", "difference", "more"))
    shape = [rng.choice((1, 28, 32, "n")) for _ in range(rng.randrange(5))]
    model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    if model.graph.node:
        model.graph.node.append(
            helper.make_node(rng.choice(_OPERATORS), [model.graph.node[-1].output[0]], [name])
        )


def _constant(model: onnx.ModelProto, rng: random.Random) -> None:
    """Put other numbers into a constant: not finite, huge, tiny, or sizes that nothing can have."""
    if not model.graph.initializer:
        return
    stored = rng.choice(model.graph.initializer)
    try:
        array = np.array(numpy_helper.to_array(stored))
    except (ValueError, TypeError):
        # An earlier change has left it without a meaning.
        return
    if array.size:
        is_float = np.issubdtype(array.dtype, np.floating)
        value = rng.choice(_VALUES if is_float else _WHOLE_NUMBERS)
        with np.errstate(over="ignore"):
            array.reshape(-1)[rng.randrange(array.size)] = (
                np.clip(value, np.iinfo(array.dtype).min, np.iinfo(array.dtype).max)
                if np.issubdtype(array.dtype, np.integer)
                else value
            )
    stored.CopyFrom(numpy_helper.from_array(array, stored.name))


def _stored_shape(model: onnx.ModelProto, rng: random.Random) -> None:
    if model.graph.initializer:
        rng.choice(model.graph.initializer).dims.append(rng.choice(_WHOLE_NUMBERS))


def _versions(model: onnx.ModelProto, rng: random.Random) -> None:
    if model.opset_import and rng.random() < 0.5:
        model.opset_import[0].version = rng.choice(_WHOLE_NUMBERS)
    else:
        model.ir_version = rng.choice(_WHOLE_NUMBERS)


def _properties(model: onnx.ModelProto, rng: random.Random) -> None:
    if model.metadata_props:
        rng.choice(model.metadata_props).value = rng.choice(
            ("", "mel", "logmel", "\x1b[2J", "x" * 9_999)
        )


_CHANGES: tuple[_Change, ...] = (
    *(_operator, _operator, _drop, _rewire, _rewire, _insert, _insert, _attribute, _attribute),
    *(_axis, _type, _rename, _output, _output, _constant, _constant, _stored_shape),
    *(_versions, _properties),
)
