"""Makes a classical model small enough to ship, and says what that costs.

A forest loses whole trees, neighbours lose vectors, the same share of every class. Taking back
the finest splits of all trees instead cost several times as much accuracy for the same size.
"""

import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline

from timbrescope.training.export.classical_graph import build_graph
from timbrescope.training.export.forest_graph import flatten, forest_arrays
from timbrescope.training.export.neighbours_graph import stored
from timbrescope.training.fit.classical import MODEL, ClassicalModelError, Fitted, probabilities
from timbrescope.training.measures.scores import in_top3

BUDGET_BYTES = 10_000_000
# For everything in a graph beside the forest's or the neighbours' own arrays.
_FRAME_BYTES = 50_000
_SEED = 22


@dataclass(frozen=True)
class Pruning:
    """What was done to a model to fit a budget.

    Attributes
    ----------
    method : str
        In words; ``none`` if it fitted as it was.
    budget_bytes, full_bytes, shipped_bytes : int
        `full_bytes` is the size of the graph before.
    """

    method: str
    budget_bytes: int
    full_bytes: int
    shipped_bytes: int

    @property
    def applied(self) -> bool:
        """Whether anything was cut."""
        return self.method != "none"


def within_budget(fitted: Fitted, *, budget_bytes: int = BUDGET_BYTES) -> tuple[Fitted, Pruning]:
    """Return a model whose graph is smaller than `budget_bytes`, the same one if it is already.

    Raises
    ------
    ClassicalModelError
        If it cannot be made so small.
    """
    full_bytes = graph_bytes(fitted)
    if full_bytes < budget_bytes:
        return fitted, Pruning("none", budget_bytes, full_bytes, full_bytes)
    estimator = fitted.estimator
    room = budget_bytes - _FRAME_BYTES
    if room <= 0:
        raise _too_large(fitted.name, full_bytes, budget_bytes)
    if isinstance(estimator, RandomForestClassifier):
        smaller = _fewer_trees(estimator, room=room)
        method = f"{smaller.n_estimators} of {estimator.n_estimators} trees were kept"
    elif isinstance(estimator, KNeighborsClassifier):
        smaller, method = _thinned(estimator, room=room)
    else:
        raise _too_large(fitted.name, full_bytes, budget_bytes)
    steps = [*fitted.pipeline.steps[:-1], (MODEL, smaller)]
    cut = replace(fitted, pipeline=Pipeline(steps))
    shipped_bytes = graph_bytes(cut)
    if shipped_bytes >= budget_bytes:
        raise _too_large(fitted.name, shipped_bytes, budget_bytes)
    return cut, Pruning(method, budget_bytes, full_bytes, shipped_bytes)


def graph_bytes(fitted: Fitted) -> int:
    """Return the size of a model's graph when serialised."""
    return int(build_graph(fitted).ByteSize())


def _too_large(name: str, size: int, budget_bytes: int) -> ClassicalModelError:
    return ClassicalModelError(
        f"the graph of {name} takes {size} bytes and cannot be cut below {budget_bytes}; "
        "allow more or train on fewer windows"
    )


def _fewer_trees(forest: RandomForestClassifier, *, room: int) -> RandomForestClassifier:
    """Return the forest of the first so many trees whose graph takes less than `room` bytes."""
    trees = [flatten(estimator.tree_) for estimator in forest.estimators_]
    count, taken = len(trees), room
    while count > 1 and taken >= room:
        # Trees differ in size, but not by much: the second guess nearly always fits.
        count = min(count - 1, int(count * room / taken))
        taken = sum(array.nbytes for array in forest_arrays(trees[: max(count, 1)]).values())
    smaller = copy.copy(forest)
    smaller.estimators_ = forest.estimators_[: max(count, 1)]
    smaller.n_estimators = len(smaller.estimators_)
    return smaller


def _thinned(model: KNeighborsClassifier, *, room: int) -> tuple[KNeighborsClassifier, str]:
    vectors, labels = stored(model)
    per_vector = vectors.shape[1] * 4 + 4 + 1
    share = room / (per_vector * len(labels))
    rng = np.random.default_rng(_SEED)
    kept = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        count = max(model.n_neighbors, int(len(rows) * share))
        kept.append(rng.permutation(rows)[:count])
    chosen = np.sort(np.concatenate(kept))
    smaller = clone(model).fit(vectors[chosen], np.asarray(model.classes_)[labels[chosen]])
    return smaller, f"{len(chosen)} of {len(labels)} vectors were kept, the same share of a class"


def cost(
    full: Fitted,
    shipped: Fitted,
    pruning: Pruning,
    *,
    vectors: NDArray[np.floating],
    labels: NDArray[np.integer],
) -> dict[str, Any]:
    """Return what a sidecar states of a cut: sizes, and held-out figures before and after.

    Parameters
    ----------
    full, shipped : Fitted
    pruning : Pruning
    vectors : ndarray, shape (N, 40)
        Mean vectors of held-out windows.
    labels : ndarray of int, shape (N,)
    """
    before = held_out_figures(probabilities(full, vectors), labels)
    after = held_out_figures(probabilities(shipped, vectors), labels) if pruning.applied else before
    return {
        "method": pruning.method,
        "budget_bytes": pruning.budget_bytes,
        "full": {"bytes": pruning.full_bytes, **before},
        "shipped": {"bytes": pruning.shipped_bytes, **after},
        "held_out_windows": len(labels),
    }


def held_out_figures(
    answers: NDArray[np.floating], labels: NDArray[np.integer]
) -> dict[str, float]:
    """Return accuracy, macro F1 over the classes that occur, and top-3."""
    best, present = answers.argmax(axis=1), np.unique(labels)
    macro = f1_score(labels, best, labels=present, average="macro", zero_division=0)
    return {
        "accuracy": round(float((best == labels).mean()), 4),
        "macro_f1": round(float(macro), 4),
        "top3": round(float(in_top3(answers, np.asarray(labels)).mean()), 4),
    }
