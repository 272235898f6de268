"""k nearest neighbours as an ONNX graph that agrees with scikit-learn on equal vectors too.

skl2onnx's own graph reckons all distances in single precision and limits the weights to 1e6:
on recordings its probabilities were found up to 0.1 off. Here a product of matrices in single
precision only nominates candidates; their distances are then reckoned as differences in double
precision, as scikit-learn's tree does, so that the distance to an equal vector is zero.
"""

from typing import Any

import numpy as np
import onnx
import onnx.parser
from numpy.typing import NDArray
from onnx import numpy_helper
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline

from timbrescope.training.export.forest_graph import IR_VERSION
from timbrescope.training.export.sidecar import OPSET

# How many vectors are looked at closely: enough that rounding in the nomination, about 1e-5 of
# a squared distance, cannot leave out one of the nearest five.
CANDIDATES = 32

_TEXT = """
<ir_version: {ir}, opset_import: ["": {opset}]>
neighbours (float[batch, inputs] standardised) => (double[batch, classes] answers)
{{
    product = Gemm <alpha = -2.0, transB = 1> (standardised, stored_vectors, squared_norms)
    rough, place = TopK <axis = 1, largest = 0> (product, candidates)
    near = Gather (stored_vectors, place)
    exact_near = Cast <to = 11> (near)
    exact = Cast <to = 11> (standardised)
    exact_row = Unsqueeze (exact, one)
    difference = Sub (exact_near, exact_row)
    square = Mul (difference, difference)
    squared = ReduceSum <keepdims = 0> (square, two)
    distance = Sqrt (squared)
    nearest, rank = TopK <axis = 1, largest = 0> (distance, k)
    nearest_place = GatherElements <axis = 1> (place, rank)
    label_short = Gather (labels, nearest_place)
    label = Cast <to = 7> (label_short)
    equal = LessOrEqual (nearest, nothing)
    equal_weight = Cast <to = 11> (equal)
    some_equal_weight = ReduceMax <axes = [1], keepdims = 1> (equal_weight)
    some_equal = Cast <to = 9> (some_equal_weight)
    divisor = Where (equal, unit, nearest)
    usual_weight = Div (unit, divisor)
    weight = Where (some_equal, equal_weight, usual_weight)
    label_column = Unsqueeze (label, two)
    of_class = Equal (label_column, class_row)
    member = Cast <to = 11> (of_class)
    weight_column = Unsqueeze (weight, two)
    vote = Mul (member, weight_column)
    votes = ReduceSum <keepdims = 0> (vote, one)
    all_votes = ReduceSum <keepdims = 1> (votes, one)
    answers = Div (votes, all_votes)
}}
"""


def neighbours_graph(model: KNeighborsClassifier) -> onnx.ModelProto:
    """Return the graph of a fitted classifier with distance weights.

    Returns
    -------
    onnx.ModelProto
        Input ``standardised`` (batch, 40) float32, output ``answers`` (batch, C) float64: the
        probabilities of the model's classes.
    """
    graph = onnx.parser.parse_model(_TEXT.format(ir=IR_VERSION, opset=OPSET))
    graph.graph.initializer.extend(
        numpy_helper.from_array(array, name) for name, array in _arrays(model).items()
    )
    return graph


def stored(model: KNeighborsClassifier) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the vectors (N, 40) that a fitted classifier remembers and their class columns."""
    # scikit-learn offers both under these names only.
    return np.asarray(model._fit_X, np.float32), np.asarray(model._y, np.int64)


def _arrays(model: KNeighborsClassifier) -> dict[str, Any]:
    vectors, labels = stored(model)
    norms = (vectors.astype(np.float64) ** 2).sum(axis=1)
    count = len(model.classes_)
    return {
        "stored_vectors": vectors,
        "squared_norms": norms.astype(np.float32),
        "labels": labels.astype(np.uint8),
        "class_row": np.arange(count, dtype=np.int64).reshape(1, 1, count),
        "candidates": np.array([min(CANDIDATES, len(vectors))], np.int64),
        "k": np.array([model.n_neighbors], np.int64),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "nothing": np.array(0.0),
        "unit": np.array(1.0),
    }


def undecided(pipeline: Pipeline, vectors: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return for which vectors (N, 40) the answer is a matter of chance, shape (N,).

    So it is where neighbours of several classes are exactly as far as the last one that counts,
    and not all of them can count. Never for other models than nearest neighbours.
    """
    model = pipeline[-1]
    k = getattr(model, "n_neighbors", 0)
    if not isinstance(model, KNeighborsClassifier) or model.n_samples_fit_ <= k:
        return np.zeros(len(vectors), bool)
    exact = np.asarray(vectors, np.float32).astype(np.float64)
    looked_at = min(CANDIDATES, model.n_samples_fit_)
    distances, rows = model.kneighbors(pipeline[:-1].transform(exact), n_neighbors=looked_at)
    level = distances == distances[:, [k - 1]]
    labels = stored(model)[1][rows]
    last = np.take_along_axis(labels, np.full((len(labels), 1), k - 1), axis=1)
    # Where the level ones reach the end of the list, there may be more of any class.
    mixed = (level & (labels != last)).any(axis=1) | level[:, -1]
    found: NDArray[np.bool_] = level[:, k] & mixed
    return found
