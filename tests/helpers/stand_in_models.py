"""Model files built on the spot: a classical model on mean MFCCs with no evidence, and folders."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timbrescope.models.catalogue import CLASSICAL_NAMES, CNN_NAMES, FLAGSHIP_NAME, MODELS_FOLDER
from timbrescope.models.frontend import MFCC_COUNT, settings
from timbrescope.models.instruments import NAMES, index_of

FIGURES = {"accuracy": 0.61, "macro_recall": 0.57, "n": 123}


def write_stand_in(
    path: Path,
    *,
    says: str = "Violin",
    name: str | None = None,
    metrics: dict[str, Any] | None = None,
) -> Path:
    """Write a model that always says `says`, without heatmaps or embedding, with its sidecar."""
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    weights = np.zeros((MFCC_COUNT, len(NAMES)), np.float32)
    bias = np.zeros(len(NAMES), np.float32)
    bias[index_of(says)] = 6.0
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["features"], ["means"], axes=[2], keepdims=0),
            helper.make_node("Gemm", ["means", "weights", "bias"], ["logits"]),
            helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        ],
        "stand-in",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", MFCC_COUNT, 130])],
        [
            helper.make_tensor_value_info(each, TensorProto.FLOAT, ["n", len(NAMES)])
            for each in ("logits", "probabilities")
        ],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    name = name or path.stem
    helper.set_model_props(model, {"name": name, "version": "1", "kind": "mfcc"})
    onnx.save(model, str(path))
    sidecar = {
        "name": name,
        "kind": "mfcc",
        "version": "1",
        "classes": list(NAMES),
        "front_end": settings("mfcc"),
        "temperature": 1.0,
        "thresholds": {"quiet_dbfs": -60.0, "not_sure": 0.4},
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "created": "2026-01-01T00:00:00+00:00",
        "metrics": {"dev": FIGURES} if metrics is None else metrics,
        "family": "stand-in",
    }
    path.with_suffix(".json").write_text(json.dumps(sidecar), "utf-8")
    return path


def fill_models_folder(folder: Path, *, absent: tuple[str, ...] = ()) -> Path:
    """Fill `folder` with the shipped networks and a stand-in for every classical model."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FLAGSHIP_NAME, *CNN_NAMES):
        for suffix in (".onnx", ".json"):
            (folder / f"{name}{suffix}").symlink_to(MODELS_FOLDER / f"{name}{suffix}")
    for name in CLASSICAL_NAMES:
        if name not in absent:
            write_stand_in(folder / f"{name}.onnx")
    return folder
