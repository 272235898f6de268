"""Normalisations and poolings trade places where that changes no answer."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from timbrescope.training.export.normalisations import with_fast_normalisations  # noqa: E402

CHANNELS = 5


def network(scale: np.ndarray, *, also: str | None = None) -> "onnx.ModelProto":
    """A ReLU, a normalisation and a pooling; `also` reads what the normalisation gives."""
    rng = np.random.default_rng(2)
    constants = {
        "kernel": rng.normal(size=(CHANNELS, 1, 3, 3)),
        "scale": scale.reshape(1, CHANNELS, 1, 1),
        "shift": rng.normal(size=(1, CHANNELS, 1, 1)),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["image", "kernel"], ["found"], kernel_shape=[3, 3]),
        node("Relu", ["found"], ["active"]),
        node("Mul", ["active", "scale"], ["scaled"]),
        node("Add", ["scaled", "shift"], ["normal"]),
        node("MaxPool", ["normal"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Relu", ["pooled"], ["answer"]),
    ]
    outputs = {"answer": (6, 5)}
    if also is not None:
        nodes.append(node(also, ["normal"], ["beside"]))
        outputs["beside"] = (12, 10)
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 14, 12])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", CHANNELS, *cells])
            for name, cells in outputs.items()
        ],
        [numpy_helper.from_array(v.astype(np.float32), k) for k, v in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def answers(model: "onnx.ModelProto") -> np.ndarray:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    image = np.random.default_rng(4).normal(size=(3, 1, 14, 12)).astype(np.float32)
    return np.asarray(session.run(["answer"], {"image": image})[0])


@pytest.mark.parametrize(
    ("sign", "order"),
    [
        (1.0, ["Conv", "Relu", "MaxPool", "BatchNormalization", "Relu"]),
        # The largest becomes the smallest: it has to be chosen afterwards.
        (-1.0, ["Conv", "Relu", "BatchNormalization", "MaxPool", "Relu"]),
    ],
)
def test_answers_stay_and_pooling_comes_first_where_order_is_kept(
    sign: float, order: list[str]
) -> None:
    scale = np.linspace(0.2, 3.0, CHANNELS)
    scale[1] *= sign
    before = network(scale)
    after = with_fast_normalisations(before)
    onnx.checker.check_model(after, full_check=True)
    assert [node.op_type for node in after.graph.node] == order
    assert not {"scale", "shift"} & {entry.name for entry in after.graph.initializer}
    np.testing.assert_allclose(answers(after), answers(before), atol=1e-6)


def test_what_another_step_reads_stays_as_it_is() -> None:
    before = network(np.ones(CHANNELS), also="Sigmoid")
    assert with_fast_normalisations(before) == before
