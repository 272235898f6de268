"""A random forest as a small ONNX graph that gives scikit-learn's probabilities exactly.

The standard operator (``TreeEnsembleClassifier``, which skl2onnx writes) states every node in
eight lists of text and numbers and every class of every leaf: 313 MB for 200 trees grown on
11,760 windows, which were 7.6 MB here. A split takes nine bytes and a leaf one or two, and all
trees are walked at once: in each step every tree's position moves to one of its two children.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnx.parser
from numpy.typing import NDArray
from onnx import numpy_helper
from sklearn.ensemble import RandomForestClassifier

from timbrescope.training.export.sidecar import OPSET

IR_VERSION = 8

# `code` holds each tree's position: a split's number in its tree or, from the tree's number of
# splits on, that of a leaf, where the position stays.
_TEXT = """
<ir_version: {ir}, opset_import: ["": {opset}]>
forest (float[batch, inputs] standardised) => (double[batch, classes] answers)
{{
    rows = Shape <start = 0, end = 1> (standardised)
    shape = Concat <axis = 0> (rows, trees)
    start = Expand (zero, shape)
    leaf_code = Loop (steps, always, start) <body = walk
        (int64 step, bool going, int64[batch, trees] code)
        => (bool still_going, int64[batch, trees] next)
    {{
        still_going = Identity (going)
        at_leaf = GreaterOrEqual (code, splits)
        inner = Min (code, last_split)
        split = Add (inner, first_split)
        column8 = Gather (feature, split)
        column = Cast <to = 7> (column8)
        value = GatherElements <axis = 1> (standardised, column)
        limit = Gather (threshold, split)
        right = Greater (value, limit)
        side = Cast <to = 7> (right)
        left_child = Mul (split, two)
        child_place = Add (left_child, side)
        child_short = Gather (child, child_place)
        moved = Cast <to = 7> (child_short)
        next = Where (at_leaf, code, moved)
    }}>
    leaf_in_tree = Sub (leaf_code, splits)
    leaf = Add (leaf_in_tree, first_leaf)
    kind_short = Gather (leaf_kind, leaf)
    kind = Cast <to = 7> (kind_short)
    shares = Gather (distribution, kind)
    exact_shares = Cast <to = 11> (shares)
    answers = ReduceMean <axes = [1], keepdims = 0> (exact_shares)
}}
"""


@dataclass(frozen=True)
class FlatTree:
    """One tree with splits and leaves numbered apart.

    Attributes
    ----------
    feature : ndarray of uint8, shape (S,)
    threshold : ndarray of float32, shape (S,)
    child : ndarray of int64, shape (S, 2)
        Left and right; values from S on are leaves.
    shares : ndarray of float32, shape (L, C)
        Shares of the classes in each leaf.
    depth : int
        Splits on the longest way to a leaf.
    """

    feature: NDArray[np.uint8]
    threshold: NDArray[np.float32]
    child: NDArray[np.int64]
    shares: NDArray[np.float32]
    depth: int


def rounded_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return for each threshold the largest float32 that is not above it.

    scikit-learn compares float32 values with float64 thresholds; against these float32
    thresholds every float32 value falls on the same side.
    """
    nearest = thresholds.astype(np.float32)
    below = np.nextafter(nearest, np.float32(-np.inf))
    return np.where(nearest > thresholds, below, nearest)


def flatten(tree: Any) -> FlatTree:
    """Return scikit-learn's tree (``estimator.tree_``) in the form of the graph."""
    left, right = np.asarray(tree.children_left), np.asarray(tree.children_right)
    is_split = left >= 0
    splits = int(is_split.sum())
    values = np.asarray(tree.value)[~is_split, 0, :]
    shares = (values / values.sum(axis=1, keepdims=True)).astype(np.float32)
    if not splits:
        # The graph asks at least one question of every tree; here both answers are its leaf.
        nothing = np.zeros(1, np.uint8), np.zeros(1, np.float32), np.ones((1, 2), np.int64)
        return FlatTree(*nothing, shares, 1)
    code = np.empty(len(left), np.int64)
    code[is_split] = np.arange(splits)
    code[~is_split] = splits + np.arange(len(shares))
    return FlatTree(
        np.asarray(tree.feature)[is_split].astype(np.uint8),
        rounded_down(np.asarray(tree.threshold)[is_split]),
        np.stack([code[left[is_split]], code[right[is_split]]], axis=1),
        shares,
        int(tree.max_depth),
    )


def forest_graph(forest: RandomForestClassifier) -> onnx.ModelProto:
    """Return the graph of a fitted forest.

    Returns
    -------
    onnx.ModelProto
        Input ``standardised`` (batch, 40) float32, output ``answers`` (batch, C) float64: the
        probabilities of the forest's classes.
    """
    graph = onnx.parser.parse_model(_TEXT.format(ir=IR_VERSION, opset=OPSET))
    arrays = forest_arrays([flatten(estimator.tree_) for estimator in forest.estimators_])
    graph.graph.initializer.extend(
        numpy_helper.from_array(array, name) for name, array in arrays.items()
    )
    return graph


def forest_arrays(trees: Sequence[FlatTree]) -> dict[str, NDArray[np.generic]]:
    """Return the constants of a forest's graph by name."""
    splits = np.array([len(tree.feature) for tree in trees], np.int64)
    leaves = np.array([len(tree.shares) for tree in trees], np.int64)
    kinds, kind = _distinct_rows(np.concatenate([tree.shares for tree in trees]))
    return {
        "feature": np.concatenate([tree.feature for tree in trees]),
        "threshold": np.concatenate([tree.threshold for tree in trees]),
        "child": _narrow(np.concatenate([tree.child.ravel() for tree in trees])),
        "leaf_kind": _narrow(kind),
        "distribution": kinds,
        "splits": splits,
        "last_split": splits - 1,
        "first_split": np.concatenate([[0], splits.cumsum()[:-1]]),
        "first_leaf": np.concatenate([[0], leaves.cumsum()[:-1]]),
        "steps": np.array(max(tree.depth for tree in trees), np.int64),
        "trees": np.array([len(trees)], np.int64),
        "always": np.array(True),
        "zero": np.array([[0]], np.int64),
        "two": np.array(2, np.int64),
    }


def _distinct_rows(
    rows: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the distinct rows, and for each row which of them it is."""
    # As strings of bytes rows are compared at once, not number by number.
    as_bytes = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1] * 4))).ravel()
    _, first, kind = np.unique(as_bytes, return_index=True, return_inverse=True)
    return rows[first], kind


def _narrow(numbers: NDArray[np.integer]) -> NDArray[np.generic]:
    """Return whole numbers in the narrowest type that holds them."""
    top = int(numbers.max())
    for narrow in (np.uint8, np.uint16, np.int32):
        if top <= np.iinfo(narrow).max:
            return numbers.astype(narrow)
    return numbers.astype(np.int64)
