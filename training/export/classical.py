"""Exports a fitted classical model as ONNX with its sidecar, calibrated and checked.

Nothing is written before the graph has given scikit-learn's probabilities on real windows.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import softmax

from timbrescope.models.graph_check import INPUT_NAME, REQUIRED_OUTPUTS
from timbrescope.models.session import session_options
from timbrescope.training.export.classical_graph import KIND, build_graph, model_name
from timbrescope.training.export.classical_size import BUDGET_BYTES, cost, within_budget
from timbrescope.training.export.held_out import ComparedGraph, HeldOutAnswers, ship
from timbrescope.training.export.neighbours_graph import undecided
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.fit.classical import (
    ClassicalModelError,
    Fitted,
    mean_vectors,
    probabilities,
)

if TYPE_CHECKING:
    from timbrescope.training.fit.examples import Rows

TOLERANCE = 1e-4
_ROWS_AT_ONCE = 64
_TIMED_WINDOWS = 50


@dataclass(frozen=True)
class ClassicalParity:
    """Largest differences found between a graph and scikit-learn.

    Attributes
    ----------
    windows : int
        Number of windows compared.
    ties : int
        Windows left out because neighbours of several classes are equally far where only some
        of them can be among the nearest: scikit-learn's choice is then arbitrary.
    probabilities : float
        Largest absolute difference to `predict_proba`.
    softmax : float
        Between the graph's probabilities and the softmax of its logits.
    disagreements : int
        Windows of which the graph names another class.
    """

    windows: int
    ties: int
    probabilities: float
    softmax: float
    disagreements: int

    @property
    def ok(self) -> bool:
        """Whether every difference is within its tolerance; False for NaN."""
        return self.windows > 0 and self.probabilities <= TOLERANCE and self.softmax <= TOLERANCE

    def __str__(self) -> str:
        left_out = f" ({self.ties} ties left out)" if self.ties else ""
        return (
            f"{self.windows} windows{left_out}: probabilities {self.probabilities:.1e}, "
            f"{self.disagreements} other answers"
        )

    def stated(self) -> dict[str, Any]:
        """Return the figures for the sidecar."""
        return {
            "windows": self.windows,
            "ties_left_out": self.ties,
            "probabilities_max_abs": self.probabilities,
            "softmax_max_abs": self.softmax,
            "disagreements": self.disagreements,
        }


@dataclass(frozen=True)
class ClassicalReport:
    """What an export found.

    Attributes
    ----------
    parity : ClassicalParity
    size_bytes : int
        Of the model file.
    window_ms : float
        Median time for one window with the product's session.
    pruning : str
        What was cut to fit the budget; ``none`` if nothing.
    """

    parity: ClassicalParity
    size_bytes: int
    window_ms: float
    pruning: str

    def __str__(self) -> str:
        return (
            f"{self.parity}; {self.size_bytes / 1e6:.2f} MB, {self.window_ms:.2f} ms a window, "
            f"pruning: {self.pruning}"
        )


def export_classical(
    fitted: Fitted,
    path: Path,
    *,
    features: "Rows",
    provenance: Provenance,
    labels: NDArray[np.integer] | None = None,
    silence: "Rows | None" = None,
    budget_bytes: int = BUDGET_BYTES,
) -> ClassicalReport:
    """Fit a model into the budget, convert, calibrate, check and write it with its sidecar.

    Parameters
    ----------
    fitted : Fitted
    path : Path
        The ONNX file; the sidecar is written beside it.
    features : Rows, shape (N, 40, 130)
        MFCCs of held-out windows, at least one; may lie on disk.
    provenance : Provenance
    labels : ndarray of int, shape (N,), optional
        Classes of these windows. With them temperature and threshold are fitted to the graph
        that is written, and the cost of pruning is stated; without, the provenance's are kept.
    silence : Rows, shape (M, 40, 130), optional
        MFCCs of held-out noise and speech; with them the threshold keeps the model from
        calling these an instrument.
    budget_bytes : int
        The file is smaller.

    Raises
    ------
    ParityError
        If the graph differs from scikit-learn; nothing is written then.
    ClassicalModelError
        If there are no windows, or the model cannot be made so small.
    """
    if not len(features):
        raise ClassicalModelError(f"{fitted.name} needs held-out windows to be compared on")
    shipped, pruning = within_budget(fitted, budget_bytes=budget_bytes)
    graph = build_graph(shipped, name=provenance.name).SerializeToString()
    logits, found = run_graph(graph, features)
    vectors = mean_vectors(features)
    parity = compare(shipped, vectors, logits=logits, answers=found)
    answers = None
    if labels is not None:
        heard = run_graph(graph, silence)[0] if silence is not None and len(silence) else None
        answers = HeldOutAnswers(logits, labels, silence=heard)
        stated = cost(fitted, shipped, pruning, vectors=vectors, labels=labels)
        provenance = replace(provenance, metrics=provenance.metrics | {"pruning": stated})
    ship(
        ComparedGraph(graph, model_name(fitted.name), KIND, fitted.name, parity, "scikit-learn"),
        path,
        provenance=provenance,
        answers=answers,
    )
    return ClassicalReport(parity, len(graph), _window_ms(graph, features), pruning.method)


def compare(
    fitted: Fitted,
    vectors: NDArray[np.float32],
    *,
    logits: NDArray[np.float32],
    answers: NDArray[np.float32],
) -> ClassicalParity:
    """Compare a graph's outputs, both (N, 28), with scikit-learn's on the same mean vectors."""
    expected = probabilities(fitted, vectors)
    tied = undecided(fitted.pipeline, vectors)
    kept = ~tied
    difference = np.abs(answers.astype(np.float64) - expected)[kept]
    own = np.abs(softmax(logits.astype(np.float64), axis=1) - answers)
    return ClassicalParity(
        windows=int(kept.sum()),
        ties=int(tied.sum()),
        probabilities=float(difference.max(initial=0.0)),
        softmax=float(own.max(initial=0.0)),
        disagreements=int((answers.argmax(axis=1) != expected.argmax(axis=1))[kept].sum()),
    )


def run_graph(graph: bytes, features: "Rows") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return logits and probabilities of a serialised graph, both (N, 28)."""
    session = _session(graph)
    found = [
        session.run(
            list(REQUIRED_OUTPUTS),
            {INPUT_NAME: np.asarray(features[start : start + _ROWS_AT_ONCE], np.float32)},
        )
        for start in range(0, len(features), _ROWS_AT_ONCE)
    ]
    logits, answers = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return logits, answers


def _window_ms(graph: bytes, features: "Rows") -> float:
    """Return the median time of a window, one at a time as in the product, in ms."""
    session = _session(graph)
    spent = []
    for row in range(min(len(features), _TIMED_WINDOWS)):
        window = np.asarray(features[row : row + 1], np.float32)
        began = perf_counter()
        session.run(list(REQUIRED_OUTPUTS), {INPUT_NAME: window})
        spent.append(perf_counter() - began)
    return round(float(np.median(spent)) * 1e3, 3)


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        graph, session_options(), providers=["CPUExecutionProvider"]
    )
