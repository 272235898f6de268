"""An exported network together with what every cell of its input adds to an answer.

The graph has two branches: one answers and explains, the other only answers, and so is as fast as
the network alone. Both give the same answer. Added to a graph from ``features`` to ``logits``:

- inputs ``explained`` and ``against``, class numbers, one a window;
- output ``contributions``, of the shape of ``features``: how much each cell adds to what is
  explained, in the logits' unit, beside what the same cell adds in silence (`reverse`);
- if asked for, output ``difference``: what is explained of the window minus the same of silence,
  which is what the contributions add up to. It costs a live step about 3 %.

``explained`` is 0-27, `models.evidence.BEST` for the likeliest class of the window, or
`models.evidence.NOTHING`: then the other branch answers, and all is zero. ``against``
is a class, `BACKGROUND` for "none of the 28" (the logit alone, since that class has logit zero),
or `OTHERS`: all other classes, each by its share of what is not the explained class. That is the
gradient of the class's log-odds, so the contributions then say what makes it likelier. All three
are linear in the logits: maps of two classes subtract to the map of one against the other.
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor

from timbrescope.models.evidence import BEST
from timbrescope.training.export.reverse import REFERENCE, Reverse, dependent

FEATURES = "features"
LOGITS = "logits"
EXPLAINED = "explained"
AGAINST = "against"
CONTRIBUTIONS = "contributions"
DIFFERENCE = "difference"
_WEIGHTS = "explained_weights"
_EXCLUDED = -1e9
_LEAST = "explained_least"
_NO_EVIDENCE = "no_evidence/"


def with_contributions(
    model: onnx.ModelProto,
    *,
    silence: float,
    background: bool,
    at: str = FEATURES,
    held: Sequence[str] = (),
    frames_first: bool = False,
    difference: bool = False,
) -> onnx.ModelProto:
    """Return a graph with the inputs and outputs of this module added.

    Parameters
    ----------
    model : onnx.ModelProto
        From ``features`` (batch, rows, frames) to ``logits`` (batch, classes) by operators that
        `reverse` knows, and to whatever else.
    silence : float
        The value of every cell of the features of silence.
    background : bool
        Whether there is a further class with logit zero.
    at : str
        Tensor (batch, channels, rows, frames) whose positions the contributions are counted at,
        or the features themselves. Everything has to pass through it.
    held : sequence of str
        Tensors that weigh what is heard without saying anything themselves, such as how much a
        frame counts: silence is heard with the weights of the window.
    frames_first : bool
        Whether `at` has frames before rows.
    difference : bool
        Whether there is an output for what the contributions add up to.

    Raises
    ------
    ReverseError
        If the path from features to logits holds another operator.
    """
    forward = _forward_of_one(model)
    graph = forward.graph
    changing = dependent(graph, FEATURES, held=held, shapes=True)
    reverse = Reverse(forward, source=FEATURES, at=at, output=LOGITS, target=_WEIGHTS, held=held)
    rows, frames = (axis.dim_value for axis in graph.input[0].type.tensor_type.shape.dim[1:])
    classes = graph.output[0].type.tensor_type.shape.dim[1].dim_value
    quiet = np.full((1, rows, frames), silence, np.float32)
    cells = _shape(forward, at)
    explaining = [*_in_silence(graph, changing), *_weights(background=background), *reverse.nodes]
    explaining += _outputs(reverse.multipliers, at=at, turned=frames_first)
    constants = [numpy_helper.from_array(quiet, REFERENCE + FEATURES), *reverse.constants]
    shown = cells[-2:][::-1] if frames_first else cells[-2:]
    constants += [*_weight_constants(classes), *_cell_constants(cells)]
    return _joined(model, explaining, constants, cells=shown, difference=difference)


def without_contributions(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return what `with_contributions` was given, of a graph that it made; any other as it is."""
    asked = next((node for node in model.graph.node if node.op_type == "If"), None)
    if asked is None or not {LOGITS, CONTRIBUTIONS}.issubset(asked.output):
        return model
    plain = next(each.g for each in asked.attribute if each.name == "else_branch")
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    bare.graph.ClearField("node")
    bare.graph.node.extend(node for node in plain.node if not node.name.startswith(_NO_EVIDENCE))
    shared = [entry for entry in bare.graph.initializer if entry.name != _LEAST]
    bare.graph.ClearField("initializer")
    bare.graph.initializer.extend([*shared, *plain.initializer])
    added = (EXPLAINED, AGAINST, CONTRIBUTIONS, DIFFERENCE)
    for entries in (bare.graph.input, bare.graph.output):
        kept = [entry for entry in entries if entry.name not in added]
        del entries[:]
        entries.extend(kept)
    return bare


def _forward_of_one(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the part of a graph that gives the logits, its batch one, its shapes inferred."""
    inferred = onnx.shape_inference.infer_shapes(model)
    forward = Extractor(inferred).extract_model([FEATURES], [LOGITS])
    forward.graph.ClearField("value_info")
    for entry in (*forward.graph.input, *forward.graph.output):
        axis = entry.type.tensor_type.shape.dim[0]
        axis.ClearField("dim_param")
        axis.dim_value = 1
    return onnx.shape_inference.infer_shapes(forward, data_prop=True)


def _in_silence(graph: onnx.GraphProto, changing: set[str]) -> list[onnx.NodeProto]:
    """Return the graph's nodes once more, for silence.

    What does not read what is held is the same for every window: runtimes fold it when they load.
    """
    silent = []
    for node in graph.node:
        if not changing.intersection(node.output):
            continue
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = REFERENCE + node.output[0]
        for names in (copy.input, copy.output):
            for place, name in enumerate(names):
                if name in changing:
                    names[place] = REFERENCE + name
        silent.append(copy)
    return silent


def _weights(*, background: bool) -> list[onnx.NodeProto]:
    """Return the nodes that give the weight of every logit in what is explained."""
    node = helper.make_node
    others = "explained_among"
    nodes = [
        node("ArgMax", [LOGITS], ["explained_best"], axis=1, keepdims=0),
        node("Less", [EXPLAINED, "explained_zero"], ["explained_is_open"]),
        node("Where", ["explained_is_open", "explained_best", EXPLAINED], ["explained_class"]),
        node(
            "OneHot", ["explained_class", "explained_depth", "explained_values"], ["explained_one"]
        ),
        node("Mul", ["explained_one", "explained_excluded"], ["explained_less"]),
        node("Add", [LOGITS, "explained_less"], [others]),
        node("Less", [AGAINST, "explained_zero"], ["explained_is_others"]),
        node("Unsqueeze", ["explained_is_others", "explained_axis"], ["explained_is_others_2d"]),
        node("Max", [AGAINST, "explained_zero"], ["explained_rival"]),
        node("OneHot", ["explained_rival", "explained_depth", "explained_values"], ["against_one"]),
    ]
    if background:
        nodes += [
            node("Mul", ["explained_one", "explained_nothing"], ["explained_zeros"]),
            node(
                "Slice",
                ["explained_zeros", "explained_from", "explained_to", "explained_axis"],
                ["explained_background"],
            ),
            node("Concat", [others, "explained_background"], ["explained_whole"], axis=1),
            node("Softmax", ["explained_whole"], ["explained_shares_whole"], axis=1),
            node(
                "Slice",
                ["explained_shares_whole", "explained_from", "explained_end", "explained_axis"],
                ["explained_shares"],
            ),
        ]
    else:
        nodes += [node("Softmax", [others], ["explained_shares"], axis=1)]
    return [
        *nodes,
        node(
            "Where",
            ["explained_is_others_2d", "explained_shares", "against_one"],
            ["against_weights"],
        ),
        node("Sub", ["explained_one", "against_weights"], [_WEIGHTS]),
    ]


def _weight_constants(classes: int) -> list[onnx.TensorProto]:
    values = {
        "explained_zero": np.int64(0),
        "explained_depth": np.int64(classes),
        "explained_values": np.array([0.0, 1.0], np.float32),
        "explained_excluded": np.float32(_EXCLUDED),
        "explained_nothing": np.float32(0.0),
        "explained_axis": np.array([1], np.int64),
        "explained_from": np.array([0], np.int64),
        "explained_to": np.array([1], np.int64),
        "explained_end": np.array([classes], np.int64),
    }
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]


def _shape(forward: onnx.ModelProto, at: str) -> list[int]:
    """Return channels, if there are any, rows and frames of a tensor."""
    known = (*forward.graph.input, *forward.graph.value_info)
    shape = next(entry for entry in known if entry.name == at).type.tensor_type.shape
    return [axis.dim_value for axis in shape.dim[1:]]


def _cell_constants(shape: list[int]) -> list[onnx.TensorProto]:
    channels, (rows, frames) = int(np.prod(shape[:-2])), shape[-2:]
    values = {
        "explained_channels": np.ones((1, channels), np.float32),
        "explained_flat": np.array([0, channels, rows * frames]),
        "explained_cells": np.array([0, rows, frames]),
    }
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]


def _without_evidence(cells: Sequence[int]) -> list[onnx.NodeProto]:
    """Return the nodes that give zeros in place of contributions."""
    steps: list[tuple[str, list[str], str, dict[str, object]]] = [
        ("Shape", [EXPLAINED], "explained_batch", {}),
        ("Constant", [], "explained_map", {"value_ints": list(cells)}),
        ("Concat", ["explained_batch", "explained_map"], "explained_shape", {"axis": 0}),
        ("ConstantOfShape", ["explained_shape"], CONTRIBUTIONS, {}),
        ("ConstantOfShape", ["explained_batch"], DIFFERENCE, {}),
    ]
    return [
        helper.make_node(kind, read, [made], name=f"{_NO_EVIDENCE}{made}", **stated)
        for kind, read, made, stated in steps
    ]


def _results(
    cells: Sequence[int], batch: str | int, *, difference: bool
) -> list[onnx.ValueInfoProto]:
    made = helper.make_tensor_value_info
    found = [made(CONTRIBUTIONS, TensorProto.FLOAT, [batch, *cells])]
    if difference:
        found.append(made(DIFFERENCE, TensorProto.FLOAT, [batch]))
    return found


def _outputs(multipliers: str, *, at: str, turned: bool) -> list[onnx.NodeProto]:
    node = helper.make_node
    steps = [node("Mul", [multipliers, "sound_added"], ["contributions_by_channel"])]
    if at != FEATURES:
        # A product with ones adds channels up many times faster than a sum over that axis.
        steps += [
            node("Reshape", [steps[-1].output[0], "explained_flat"], ["by_channel"]),
            node("MatMul", ["explained_channels", "by_channel"], ["channels_added"]),
            node("Reshape", ["channels_added", "explained_cells"], ["by_cell"]),
        ]
    if turned:
        steps += [node("Transpose", [steps[-1].output[0]], ["by_cell_turned"], perm=[0, 2, 1])]
    steps[-1].output[0] = CONTRIBUTIONS
    return [
        node("Sub", [at, REFERENCE + at], ["sound_added"]),
        *steps,
        node("Sub", [LOGITS, REFERENCE + LOGITS], ["logits_added"]),
        node("Mul", [_WEIGHTS, "logits_added"], ["logits_weighted"]),
        node("ReduceSum", ["logits_weighted", "explained_axis"], [DIFFERENCE], keepdims=0),
    ]


def _joined(
    model: onnx.ModelProto,
    explaining: list[onnx.NodeProto],
    constants: list[onnx.TensorProto],
    *,
    cells: list[int],
    difference: bool,
) -> onnx.ModelProto:
    """Return the graph of which one branch answers and explains, and the other answers alone.

    Both branches hold the whole network: what one reads of the other is not brought into the
    runtime's fast layout, nor are constants from outside unless something is made of them inside.
    So weights in half precision, which are cast inside, are shared and lie outside; all other
    constants are small, and each branch has its own.
    """
    joined = onnx.ModelProto()
    joined.CopyFrom(model)
    graph = joined.graph
    batch = graph.input[0].type.tensor_type.shape.dim[0]
    batch_name = batch.dim_param or batch.dim_value
    graph.output.extend(_results(cells, batch_name, difference=difference))
    shared = [each for each in graph.initializer if each.data_type == TensorProto.FLOAT16]
    own = [each for each in graph.initializer if each.data_type != TensorProto.FLOAT16]
    answering = list(graph.node)
    names = [entry.name for entry in graph.output]
    evidence = _asked_for([*answering, *explaining], names)
    no_evidence = _asked_for([*answering, *_without_evidence(cells)], names)
    branches = {
        "then_branch": helper.make_graph(
            evidence, "evidence", [], graph.output, [*own, *constants]
        ),
        "else_branch": helper.make_graph(no_evidence, "no_evidence", [], graph.output, own),
    }
    for field in ("node", "initializer", "value_info"):
        graph.ClearField(field)
    graph.initializer.extend([*shared, numpy_helper.from_array(np.int64(BEST), _LEAST)])
    graph.node.extend(_if_asked(branches, names))
    graph.input.extend(
        helper.make_tensor_value_info(name, TensorProto.INT64, [batch_name])
        for name in (EXPLAINED, AGAINST)
    )
    onnx.checker.check_model(joined, full_check=True)
    return joined


def _asked_for(nodes: list[onnx.NodeProto], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """Return the nodes that outputs need; runtimes compute all there are in a branch."""
    needed, found = set(outputs), []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            found.append(node)
    return found[::-1]


def _if_asked(branches: dict[str, onnx.GraphProto], outputs: Sequence[str]) -> list[onnx.NodeProto]:
    node = helper.make_node
    return [
        node("ReduceMax", [EXPLAINED], ["explained_most"], keepdims=0),
        node("GreaterOrEqual", ["explained_most", _LEAST], ["explained_at_all"]),
        node("If", ["explained_at_all"], outputs, **branches),
    ]
