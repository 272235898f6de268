"""Contributions add up, need no gradient, and vanish where there is no sound."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from timbrescope.models.evidence import BACKGROUND, BEST, NOTHING, OTHERS  # noqa: E402
from timbrescope.training.export.contributions import (  # noqa: E402
    with_contributions,
    without_contributions,
)
from timbrescope.training.export.reverse import ReverseError  # noqa: E402
from timbrescope.training.faithfulness.graphs import randomised  # noqa: E402

SILENCE = -2.0
CLASSES = 28


def network(*, extra: str | None = None) -> "onnx.ModelProto":
    """A small network with every kind of layer that ours have."""
    rng = np.random.default_rng(7)
    made: dict[str, np.ndarray] = {
        "stem": rng.normal(size=(4, 1, 5, 5)),
        "stem_bias": rng.normal(size=4),
        "deep": rng.normal(size=(4, 1, 3, 3)),
        "point": rng.normal(size=(6, 4, 1, 1)),
        "same": rng.normal(size=(6, 6, 3, 3)) / 3,
        "head": rng.normal(size=(6, CLASSES)),
        "bias": rng.normal(size=CLASSES),
        "middle": np.array(0.5),
    }
    node = helper.make_node
    conv = {"kernel_shape": [3, 3]}
    nodes = [
        node("Sub", ["features", "middle"], ["centred"]),
        node("Unsqueeze", ["centred", "one"], ["image"]),
        node(
            "Conv",
            ["image", "stem", "stem_bias"],
            ["s"],
            kernel_shape=[5, 5],
            strides=[2, 2],
            pads=[1, 1, 2, 2],
        ),
        node("Relu", ["s"], ["s_out"]),
        node("Conv", ["s_out", "deep"], ["d"], group=4, strides=[2, 2], pads=[0, 1, 1, 1], **conv),
        node("Relu", ["d"], ["d_out"]),
        node("Conv", ["d_out", "point"], ["p"], kernel_shape=[1, 1]),
        node(
            "AveragePool",
            ["s_out"],
            ["pooled"],
            kernel_shape=[2, 2],
            strides=[2, 2],
            pads=[0, 0, 0, 1],
        ),
        node("Conv", ["pooled", "point"], ["q"], kernel_shape=[1, 1]),
        node("Add", ["p", "q"], ["r"]),
        node("Relu", ["r"], ["cut"]),
        node("Conv", ["cut", "same"], ["t"], pads=[1, 1, 1, 1], **conv),
        node("Add", ["t", "cut"], ["u"]),
        node("Relu", ["u"], ["map"]),
        node(extra or "Identity", ["map"], ["last"]),
        node("ReduceMean", ["last"], ["by_row"], axes=[3], keepdims=0),
        node("ReduceMean", ["by_row"], ["average"], axes=[2], keepdims=0),
        node("MatMul", ["average", "head"], ["product"]),
        node("Add", ["product", "bias"], ["logits"]),
    ]
    constants = [numpy_helper.from_array(v.astype(np.float32), k) for k, v in made.items()]
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 16, 18])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", CLASSES])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def explained_network(*, at: str = "features") -> "onnx.ModelProto":
    return with_contributions(network(), silence=SILENCE, background=True, at=at, difference=True)


def run(model: "onnx.ModelProto", features: np.ndarray, explained: int, against: int) -> dict:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = ["logits", "contributions", "difference"]
    feed = {
        "features": features,
        "explained": np.array([explained]),
        "against": np.array([against]),
    }
    return dict(zip(names, session.run(names, feed), strict=True))


def sound() -> np.ndarray:
    found = np.full((1, 16, 18), SILENCE, np.float32)
    found[0, 3:9, 10:16] = np.random.default_rng(1).normal(size=(6, 6))
    return found


@pytest.mark.parametrize("at", ["features", "s_out", "cut", "map"])
@pytest.mark.parametrize(("explained", "against"), [(BEST, OTHERS), (4, BACKGROUND), (4, 9)])
def test_they_add_up_to_what_is_explained_at_every_depth(
    at: str, explained: int, against: int
) -> None:
    made = explained_network(at=at)
    found = run(made, sound(), explained, against)
    np.testing.assert_allclose(
        found["contributions"].sum(axis=(1, 2)), found["difference"], atol=1e-4
    )
    quiet = run(made, np.full_like(sound(), SILENCE), explained, against)
    assert np.abs(quiet["contributions"]).max() < 1e-5
    logits = found["logits"][0] - quiet["logits"][0]
    if against == BACKGROUND:
        assert found["difference"][0] == pytest.approx(logits[explained], abs=1e-4)
    if against == 9:
        assert found["difference"][0] == pytest.approx(logits[4] - logits[9], abs=1e-4)


def test_silent_cells_add_nothing() -> None:
    made = explained_network()
    found = run(made, sound(), BEST, OTHERS)["contributions"][0]
    assert not found[sound()[0] == SILENCE].any()
    assert found.any()


def test_the_best_class_is_the_networks_own() -> None:
    made = explained_network()
    found = run(made, sound(), BEST, BACKGROUND)
    named = run(made, sound(), int(found["logits"].argmax()), BACKGROUND)
    np.testing.assert_array_equal(found["contributions"], named["contributions"])


def test_evidence_for_nothing_is_zero_and_leaves_the_answer_as_it_is() -> None:
    made = explained_network(at="cut")
    found, asked = run(made, sound(), NOTHING, OTHERS), run(made, sound(), BEST, OTHERS)
    assert found["contributions"].shape == asked["contributions"].shape
    assert not found["contributions"].any()
    assert not found["difference"].any()
    np.testing.assert_array_equal(found["logits"], asked["logits"])


def test_the_weights_of_the_log_odds_are_their_gradient() -> None:
    made = explained_network()
    found = run(made, sound(), 4, OTHERS)
    silent = run(made, np.full_like(sound(), SILENCE), 4, OTHERS)["logits"][0].astype(float)
    logits = found["logits"][0].astype(float)
    powers = np.append(np.exp(np.delete(logits, 4)), 1.0)
    shares = np.insert(powers[:-1] / powers.sum(), 4, 0.0)
    weights = np.eye(CLASSES)[4] - shares
    assert found["difference"][0] == pytest.approx(weights @ (logits - silent), abs=1e-4)


def test_a_branch_holds_no_step_that_nobody_asks_for() -> None:
    made = with_contributions(network(), silence=SILENCE, background=True, at="cut")
    (asked,) = (node for node in made.graph.node if node.op_type == "If")
    assert "difference" not in asked.output
    for branch in (entry.g for entry in asked.attribute):
        read = {name for node in branch.node for name in node.input}
        assert all(read.union(asked.output).intersection(node.output) for node in branch.node)
    session = onnxruntime.InferenceSession(made.SerializeToString())
    feed = {"features": sound(), "explained": np.array([4]), "against": np.array([9])}
    np.testing.assert_array_equal(
        session.run(["contributions"], feed)[0],
        run(explained_network(at="cut"), sound(), 4, 9)["contributions"],
    )


def test_what_cannot_be_transposed_is_named() -> None:
    with pytest.raises(ReverseError, match="Tanh"):
        with_contributions(network(extra="Tanh"), silence=SILENCE, background=True)


def test_a_place_that_is_not_passed_by_everything_is_refused() -> None:
    with pytest.raises(ReverseError, match="not only through"):
        with_contributions(network(), silence=SILENCE, background=True, at="d_out")


def test_the_network_is_found_again_in_the_graph_that_explains() -> None:
    made = explained_network(at="cut")
    alone = without_contributions(made)
    assert without_contributions(alone) == alone
    onnx.checker.check_model(alone, full_check=True)
    session = onnxruntime.InferenceSession(alone.SerializeToString())
    assert [entry.name for entry in session.get_inputs()] == ["features"]
    np.testing.assert_array_equal(
        session.run(["logits"], {"features": sound()})[0],
        run(made, sound(), NOTHING, OTHERS)["logits"],
    )
    again = with_contributions(alone, silence=SILENCE, background=True, at="cut", difference=True)
    np.testing.assert_array_equal(
        run(again, sound(), 4, 9)["contributions"], run(made, sound(), 4, 9)["contributions"]
    )


def test_weights_drawn_anew_are_the_same_with_and_without_evidence() -> None:
    made = explained_network(at="cut")
    drawn = randomised(made, ["head", "same"], seed=3)
    found, asked = run(drawn, sound(), NOTHING, OTHERS), run(drawn, sound(), BEST, OTHERS)
    np.testing.assert_array_equal(found["logits"], asked["logits"])
    assert np.abs(found["logits"] - run(made, sound(), NOTHING, OTHERS)["logits"]).max() > 0.1
