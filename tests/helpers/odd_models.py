"""Model files that are wrong in one way each, with a sidecar that fits them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timbrescope.models.frontend import settings
from timbrescope.models.instruments import NAMES

FEATURES = ("features", "FLOAT", ["n", 40, 130])
LOGITS = ("logits", "FLOAT", ["n", len(NAMES)])
PROBABILITIES = ("probabilities", "FLOAT", ["n", len(NAMES)])
ENDLESS = 2**62


def write_odd(
    path: Path,
    nodes: Sequence[Any],
    constants: dict[str, Any],
    *,
    inputs: Sequence[tuple[str, str, list[Any]]] = (FEATURES,),
    outputs: Sequence[tuple[str, str, list[Any]]] = (LOGITS, PROBABILITIES),
) -> Path:
    """Write a graph: ``first`` is 28 numbers of the window, and `nodes` go on from there."""
    from onnx import TensorProto, helper, numpy_helper

    def described(entries: Sequence[tuple[str, str, list[Any]]]) -> list[Any]:
        return [
            helper.make_tensor_value_info(name, getattr(TensorProto, kind), shape)
            for name, kind, shape in entries
        ]

    start = [
        helper.make_node("Flatten", ["features"], ["flat"]),
        helper.make_node("Slice", ["flat", "from", "to", "axis"], ["first"]),
    ]
    known = {"from": [0], "to": [len(NAMES)], "axis": [1]} | constants
    graph = helper.make_graph(
        [*start, *nodes],
        "odd",
        described(inputs),
        described(outputs),
        [numpy_helper.from_array(np.asarray(value), name) for name, value in known.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"name": path.stem, "version": "1", "kind": "mfcc"})
    path.write_bytes(model.SerializeToString())
    write_sidecar_beside(path)
    return path


def write_sidecar_beside(path: Path) -> None:
    """Write the sidecar of the graph at `path`, whose names it states."""
    sidecar = {
        "name": path.stem,
        "kind": "mfcc",
        "version": "1",
        "classes": list(NAMES),
        "front_end": settings("mfcc"),
        "temperature": 1.0,
        "thresholds": {"quiet_dbfs": -60.0, "not_sure": 0.4},
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "created": "2026-01-01T00:00:00+00:00",
    }
    path.with_suffix(".json").write_text(json.dumps(sidecar), "utf-8")


def write_named(folder: Path, name: str) -> Path:
    """Write the odd model of this name into `folder`; see `ODD`."""
    pytest.importorskip("onnx")
    return write_odd(folder / f"{name}.onnx", **ODD[name]())


def _node(*arguments: Any, **attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(*arguments, **attributes)


def _softmax() -> Any:
    return _node("Softmax", ["first"], ["probabilities"])


def _plain() -> dict[str, Any]:
    return {"nodes": [_node("Identity", ["first"], ["logits"]), _softmax()], "constants": {}}


def _scalar() -> dict[str, Any]:
    nodes = [_node("ReduceMax", ["first"], ["logits"], keepdims=0), _softmax()]
    return {
        "nodes": nodes,
        "constants": {},
        "outputs": [("logits", "FLOAT", []), PROBABILITIES],
    }


def _rank_three() -> dict[str, Any]:
    nodes = [_node("Unsqueeze", ["first", "axis"], ["logits"]), _softmax()]
    return {
        "nodes": nodes,
        "constants": {},
        "outputs": [("logits", "FLOAT", ["n", 1, 28]), PROBABILITIES],
    }


def _half_precision() -> dict[str, Any]:
    nodes = [_node("Cast", ["first"], ["logits"], to=10), _softmax()]
    return {
        "nodes": nodes,
        "constants": {},
        "outputs": [("logits", "FLOAT16", ["n", 28]), PROBABILITIES],
    }


def _text() -> dict[str, Any]:
    nodes = [_node("Cast", ["first"], ["logits"], to=8), _softmax()]
    return {
        "nodes": nodes,
        "constants": {},
        "outputs": [("logits", "STRING", ["n", 28]), PROBABILITIES],
    }


def _batch_of_seven() -> dict[str, Any]:
    return _plain() | {"inputs": [("features", "FLOAT", [7, 40, 130])]}


def _two_inputs() -> dict[str, Any]:
    return _plain() | {"inputs": [FEATURES, ("more", "FLOAT", ["n"])]}


def _not_a_number() -> dict[str, Any]:
    nodes = [_node("Div", ["first", "nothing"], ["logits"]), _softmax()]
    return {"nodes": nodes, "constants": {"nothing": np.zeros(1, np.float32)}}


def _map_of_three() -> dict[str, Any]:
    nodes = [
        _node("Identity", ["first"], ["logits"]),
        _softmax(),
        _node("Identity", ["maps"], ["heatmaps"]),
    ]
    return {
        "nodes": nodes,
        "constants": {"maps": np.ones((1, 3, 8, 8), np.float32)},
        "outputs": [LOGITS, PROBABILITIES, ("heatmaps", "FLOAT", [1, 3, 8, 8])],
    }


def _endless() -> dict[str, Any]:
    """Counts nearly for ever before it answers."""
    from onnx import TensorProto, helper, numpy_helper

    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go_on"], ["still"]),
            helper.make_node("Add", ["x", "one"], ["more"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("number", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [1]),
        ],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]),
        ],
        [numpy_helper.from_array(np.ones(1, np.float32), "one")],
    )
    nodes = [
        _node("Loop", ["times", "true", "zero"], ["counted"], body=body),
        _node("Add", ["first", "counted"], ["logits"]),
        _softmax(),
    ]
    constants = {"times": ENDLESS, "true": True, "zero": np.zeros(1, np.float32)}
    return {"nodes": nodes, "constants": constants}


def _greedy() -> dict[str, Any]:
    """Wants 12 GB for one sum."""
    nodes = [
        _node("ConstantOfShape", ["size"], ["many"]),
        _node("ReduceSum", ["many"], ["sum"], keepdims=0),
        _node("Add", ["first", "sum"], ["logits"]),
        _softmax(),
    ]
    return {"nodes": nodes, "constants": {"size": np.array([3_000_000_000])}}


ODD = {
    "plain": _plain,
    "scalar": _scalar,
    "rank-three": _rank_three,
    "half-precision": _half_precision,
    "text": _text,
    "batch-of-seven": _batch_of_seven,
    "two-inputs": _two_inputs,
    "not-a-number": _not_a_number,
    "map-of-three": _map_of_three,
    "endless": _endless,
    "greedy": _greedy,
}
