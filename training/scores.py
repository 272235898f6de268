"""Figures of a classification: accuracy, macro recall, top-3, recall per class."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.instruments import NAMES


@dataclass(frozen=True)
class Scores:
    """Figures over n items.

    Attributes
    ----------
    n : int
    accuracy, top3 : float
        Share of items whose class is the likeliest, or among the three likeliest.
    macro_recall : float
        Mean of the recalls of the classes that occur.
    classes : int
        Number of classes that occur.
    per_class : dict
        For each class that occurs, ``{"recall": float, "n": int}``.
    """

    n: int
    accuracy: float
    macro_recall: float
    top3: float
    classes: int
    per_class: dict[str, dict[str, float]]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return asdict(self)


def score(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> Scores:
    """Score answers against true classes.

    Parameters
    ----------
    probabilities : ndarray, shape (N, 28)
        Or logits: only their order counts.
    labels : ndarray of int, shape (N,)

    Raises
    ------
    ValueError
        If there is nothing to score or the lengths differ.
    """
    labels = np.asarray(labels)
    if len(labels) == 0 or len(labels) != len(probabilities):
        raise ValueError(f"cannot score {len(probabilities)} answers against {len(labels)} labels")
    ranked = np.argsort(-np.asarray(probabilities), axis=1, kind="stable")
    right = ranked[:, 0] == labels
    per_class = {
        NAMES[c]: {"recall": round(float(right[labels == c].mean()), 4), "n": int(count)}
        for c, count in enumerate(np.bincount(labels, minlength=len(NAMES)))
        if count
    }
    recalls = [float(right[labels == c].mean()) for c in np.unique(labels)]
    return Scores(
        n=len(labels),
        accuracy=round(float(right.mean()), 4),
        macro_recall=round(float(np.mean(recalls)), 4),
        top3=round(float((ranked[:, :3] == labels[:, np.newaxis]).any(axis=1).mean()), 4),
        classes=len(recalls),
        per_class=per_class,
    )
