"""A fitted classical model as one ONNX graph from MFCCs to probabilities.

Four parts, joined by `onnx.compose`: the mean over time; the scaler, and logistic regression,
as skl2onnx writes them; forest or neighbours (`training.export.forest_graph`,
`training.export.neighbours_graph`); and the columns of the 28 classes.
"""

from typing import Any

import numpy as np
import onnx
import onnx.compose
import onnx.parser
from onnx import numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType
from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline

from timbrescope.models.frontend import MFCC_COUNT, FeatureKind
from timbrescope.models.instruments import NAMES
from timbrescope.training.export.forest_graph import IR_VERSION, forest_graph
from timbrescope.training.export.neighbours_graph import neighbours_graph
from timbrescope.training.export.sidecar import BATCH_AXIS, OPSET, VERSION
from timbrescope.training.fit.classical import Fitted

KIND: FeatureKind = "mfcc"
ML_OPSET = 3
# Probabilities below it count as it: a logit has to be finite. Costs at most 2.7e-5 elsewhere.
FLOOR = 1e-6
# Of a class that was missing in training: no temperature gives it a probability.
ABSENT_LOGIT = -10_000.0

# Twice to double: scikit-learn gets the mean as float32 and reckons with it in double.
_MEAN = """
<ir_version: {ir}, opset_import: ["": {opset}]>
mean (float[batch, 40, 130] features) => (double[batch, 40] mean_vectors)
{{
    exact_features = Cast <to = 11> (features)
    exact_mean = ReduceMean <axes = [2], keepdims = 0> (exact_features)
    single_mean = Cast <to = 1> (exact_mean)
    mean_vectors = Cast <to = 11> (single_mean)
}}
"""
_LOGARITHM = """
    floored = Max (of_present, floor)
    scores = Log (floored)
"""
_IDENTITY = """
    scores = Identity (of_present)
"""
_HEAD = """
<ir_version: {ir}, opset_import: ["": {opset}]>
head (double[batch, present] of_present)
=> (float[batch, 28] logits, float[batch, 28] probabilities)
{{
    {scores}
    with_absent = Pad (scores, one_column, absent)
    ordered = Gather <axis = 1> (with_absent, column_of_class)
    logits = Cast <to = 1> (ordered)
    probabilities = Softmax <axis = 1> (logits)
}}
"""


def build_graph(fitted: Fitted, *, name: str | None = None) -> onnx.ModelProto:
    """Return the graph of a fitted model, which presents itself as `name` or by its own name.

    Returns
    -------
    onnx.ModelProto
        Input ``features`` (batch, 40, 130); outputs ``logits`` and ``probabilities``, both
        (batch, 28), the second the softmax of the first; metadata name, version and kind.
        Checked by `onnx.checker` with shape inference.
    """
    graph = _text(_MEAN)
    for part in (*_parts(fitted), _head(fitted)):
        graph = _joined(graph, part)
    onnx.helper.set_model_props(
        graph, {"name": name or model_name(fitted.name), "version": VERSION, "kind": KIND}
    )
    onnx.checker.check_model(graph, full_check=True)
    return graph


def model_name(name: str) -> str:
    """Return the name under which a classical model presents itself."""
    return f"timbrescope-{name}"


def _parts(fitted: Fitted) -> list[onnx.ModelProto]:
    """Return the graphs from mean vectors to the answers for the classes that were present."""
    estimator = fitted.estimator
    if isinstance(estimator, LogisticRegression):
        options = {id(estimator): {"zipmap": False, "raw_scores": _gives_scores(fitted)}}
        width = len(fitted.classes)
        return [_converted(fitted.pipeline, width=width, options=options)]
    scaler = _converted(fitted.pipeline[:-1], width=MFCC_COUNT)
    if isinstance(estimator, KNeighborsClassifier):
        return [scaler, neighbours_graph(estimator)]
    return [scaler, forest_graph(estimator)]


def _gives_scores(fitted: Fitted) -> bool:
    """Whether the graph's answers are scores of a softmax rather than probabilities.

    Of two classes scikit-learn has one score only, which is no softmax's.
    """
    return isinstance(fitted.estimator, LogisticRegression) and len(fitted.classes) > 2


def _converted(
    pipeline: Pipeline, *, width: int, options: dict[int, Any] | None = None
) -> onnx.ModelProto:
    """Return skl2onnx's graph of a pipeline, reduced to its last output, (batch, width)."""
    whole = to_onnx(
        pipeline,
        initial_types=[("vectors", DoubleTensorType([None, MFCC_COUNT]))],
        options=options,
        target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
    )
    output = whole.graph.output[-1].name
    element = whole.graph.output[-1].type.tensor_type.elem_type
    part = select_model_inputs_outputs(whole, output)
    # Cut out so, an output has lost its type, and what led to others is left behind.
    part.graph.output[0].CopyFrom(
        onnx.helper.make_tensor_value_info(output, element, (BATCH_AXIS, width))
    )
    read = {name for node in part.graph.node for name in node.input}
    kept = [entry for entry in part.graph.initializer if entry.name in read]
    del part.graph.initializer[:]
    part.graph.initializer.extend(kept)
    part.ir_version = IR_VERSION
    return onnx.compose.add_prefix(part, "pipeline/")


def _head(fitted: Fitted) -> onnx.ModelProto:
    """Return the graph from answers for the present classes to the 28 of the contract."""
    present = len(fitted.classes)
    # A class that was missing takes the column that is put on behind the present ones.
    column = np.full(len(NAMES), present, np.int64)
    column[fitted.classes] = np.arange(present)
    constants = {
        "column_of_class": column,
        "one_column": np.array([0, 0, 0, 1], np.int64),
        "absent": np.array(ABSENT_LOGIT),
    }
    if not _gives_scores(fitted):
        constants["floor"] = np.array(FLOOR)
    head = _text(_HEAD, scores=_IDENTITY if _gives_scores(fitted) else _LOGARITHM)
    head.graph.initializer.extend(
        numpy_helper.from_array(array, name) for name, array in constants.items()
    )
    return head


def _text(text: str, *, scores: str = "") -> onnx.ModelProto:
    return onnx.parser.parse_model(text.format(ir=IR_VERSION, opset=OPSET, scores=scores))


def _joined(first: onnx.ModelProto, second: onnx.ModelProto) -> onnx.ModelProto:
    """Return a graph that gives the output of one to another."""
    [output] = first.graph.output
    [joint] = second.graph.input
    joined = onnx.compose.merge_models(first, second, io_map=[(output.name, joint.name)])
    # Every part here gets by with the standard operators; merging repeats the statement.
    del joined.opset_import[:]
    joined.opset_import.extend([onnx.helper.make_opsetid("", OPSET)])
    return joined
