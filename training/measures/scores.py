"""Figures of a classification: accuracy, macro recall, top-3, recall per class."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES

TOP = 3
DIGITS = 4


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
        For each class that occurs, ``{"recall": float, "top3": float, "n": int}``.
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
    labels, answers = np.asarray(labels), np.asarray(probabilities)
    if len(labels) == 0 or len(labels) != len(answers):
        raise ValueError(f"cannot score {len(answers)} answers against {len(labels)} labels")
    right, near = answers.argmax(axis=1) == labels, in_top3(answers, labels)
    present = np.unique(labels)
    recalls = [float(right[labels == c].mean()) for c in present]
    per_class = {
        NAMES[c]: {
            "recall": rounded(recall),
            "top3": rounded(near[labels == c].mean()),
            "n": int((labels == c).sum()),
        }
        for c, recall in zip(present, recalls, strict=True)
    }
    return Scores(
        n=len(labels),
        accuracy=rounded(right.mean()),
        macro_recall=rounded(np.mean(recalls)),
        top3=rounded(near.mean()),
        classes=len(recalls),
        per_class=per_class,
    )


def in_top3(answers: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return for each item whether its class is the answer or among the three likeliest, (N,).

    Classes that are as likely as the true one count as ahead of it: nearest neighbours give 0
    to most classes, and whichever of them stands first would be a hit by its place alone.
    """
    of_true = np.take_along_axis(answers, labels[:, np.newaxis], axis=1)
    ahead = (answers >= of_true).sum(axis=1) - 1
    found: NDArray[np.bool_] = (ahead < TOP) | (answers.argmax(axis=1) == labels)
    return found


def rounded(value: float | np.floating[Any]) -> float:
    """Return a figure as sidecars state it."""
    return round(float(value), DIGITS)
