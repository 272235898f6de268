"""Every figure of a model's answers on a set of clips.

Macro figures are means over the classes that occur in the set; a class that does not occur is
named, and answers that claim it count as wrong for the class they belong to.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.instruments import NAMES
from timbrescope.training.measures.intervals import FEWEST_GROUPS, Outcomes, group_intervals
from timbrescope.training.measures.reliability import (
    expected_calibration_error,
    mean_negative_log_likelihood,
    reliability_bins,
    without_temperature,
)
from timbrescope.training.measures.scores import in_top3
from timbrescope.training.study.evaluate.answers import Answers, load_answers, save_answers
from timbrescope.training.study.evaluate.records import (
    ClassFigures,
    Metrics,
    MetricsError,
    read_metrics,
    write_metrics,
)
from timbrescope.training.study.folder import StudyFolder

__all__ = [
    "Answers",
    "Metrics",
    "MetricsError",
    "baseline_probabilities",
    "evaluate_answers",
    "load_answers",
    "measure",
    "read_metrics",
    "save_answers",
    "write_metrics",
]

SEED = 22
RESAMPLES = 1000
_DIGITS = 6
# How far a row of float32 probabilities may be from a sum of 1.
_SUM_TOLERANCE = 1e-3


def measure(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    groups: NDArray[np.str_],
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
    temperature: float | None = None,
) -> Metrics:
    """Return all figures of some answers.

    Parameters
    ----------
    probabilities : ndarray, shape (N, 28)
        As the model gives them, its temperature applied.
    labels : ndarray of int, shape (N,)
        True classes.
    groups : ndarray of str, shape (N,)
        Origins of the clips; resampled as wholes for the intervals.
    seed, resamples : int
        Of the bootstrap.
    temperature : float or None
        The one applied; adds the figures as they would be without it.

    Raises
    ------
    MetricsError
        If there is nothing to measure, lengths differ, a label is no class, or the rows are
        not probabilities.
    """
    labels, groups = np.asarray(labels), np.asarray(groups).astype(np.str_)
    probabilities = np.asarray(probabilities, np.float64)
    _check(probabilities, labels, groups)
    outcomes = Outcomes(
        labels, probabilities.argmax(axis=1), in_top3(probabilities, labels), groups
    )
    intervals = group_intervals(outcomes, classes=len(NAMES), seed=seed, resamples=resamples)
    count = len(np.unique(groups))
    return Metrics(
        n=len(labels),
        groups=count,
        absent=tuple(NAMES[c] for c in range(len(NAMES)) if c not in set(labels.tolist())),
        **_answer_figures(outcomes),
        **_calibration_figures(probabilities, labels, temperature=temperature),
        reliability=reliability_bins(probabilities, labels),
        intervals=intervals,
        note=_note(count, resamples=resamples, seed=seed),
    )


def _check(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], groups: NDArray[np.str_]
) -> None:
    if not len(labels):
        raise MetricsError("there are no answers to measure; is the test part empty?")
    if probabilities.shape != (len(labels), len(NAMES)) or groups.shape != labels.shape:
        raise MetricsError(
            f"answers of shape {probabilities.shape} do not fit {labels.shape} labels and "
            f"{groups.shape} groups; wanted are {len(NAMES)} probabilities for each clip"
        )
    if labels.min() < 0 or labels.max() >= len(NAMES):
        raise MetricsError(
            f"labels {labels.min()}...{labels.max()} are not in 0...{len(NAMES) - 1}"
        )
    # Written so that NaN does not pass.
    sums = probabilities.sum(axis=1)
    if not (probabilities.min() >= 0 and np.abs(sums - 1).max() < _SUM_TOLERANCE):
        raise MetricsError(
            f"answers are not probabilities: least {probabilities.min():.4g}, rows sum to "
            f"{sums.min():.4g}...{sums.max():.4g}; pass a softmax's output, not logits"
        )


def _answer_figures(outcomes: Outcomes) -> dict[str, Any]:
    labels, answered = outcomes.labels, outcomes.answered
    present = np.unique(labels)
    columns = precision_recall_fscore_support(
        labels, answered, labels=present, average=None, zero_division=0
    )
    precision, recall, f1, support = columns
    groups = [len(np.unique(outcomes.groups[labels == c])) for c in present]
    per_class = {
        NAMES[c]: ClassFigures(
            _rounded(precision[i]), _rounded(recall[i]), _rounded(f1[i]), int(support[i]), groups[i]
        )
        for i, c in enumerate(present)
    }
    weighted = f1_score(labels, answered, labels=present, average="weighted", zero_division=0)
    matrix = confusion_matrix(labels, answered, labels=np.arange(len(NAMES)))
    return {
        "classes": len(present),
        "accuracy": _rounded((labels == answered).mean()),
        "top3": _rounded(outcomes.in_top3.mean()),
        "macro_precision": _rounded(precision.mean()),
        "macro_recall": _rounded(recall.mean()),
        "macro_f1": _rounded(f1.mean()),
        "weighted_f1": _rounded(weighted),
        "per_class": per_class,
        "confusion": tuple(tuple(row) for row in matrix.tolist()),
    }


def _calibration_figures(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], *, temperature: float | None
) -> dict[str, Any]:
    ece, nll = _ece_and_nll(probabilities, labels)
    before: tuple[float | None, float | None] = (None, None)
    if temperature is not None:
        before = _ece_and_nll(without_temperature(probabilities, temperature), labels)
    return {
        "ece": ece,
        "nll": nll,
        "temperature": temperature,
        "uncalibrated_ece": before[0],
        "uncalibrated_nll": before[1],
    }


def _ece_and_nll(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> tuple[float, float]:
    error = expected_calibration_error(reliability_bins(probabilities, labels))
    return _rounded(error), _rounded(mean_negative_log_likelihood(probabilities, labels))


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)


def _note(groups: int, *, resamples: int, seed: int) -> str:
    if groups < FEWEST_GROUPS:
        return (
            f"no confidence intervals: {groups} group{'s' * (groups != 1)} of clips, at least "
            f"{FEWEST_GROUPS} are needed"
        )
    return f"95 % intervals from {resamples} resamples of {groups} groups, seed {seed}"


def baseline_probabilities(train_labels: NDArray[np.integer], n: int) -> NDArray[np.float32]:
    """Return n times the class frequencies of the training clips, shape (n, 28).

    The model that has not listened: it always answers the commonest class.
    """
    if not len(train_labels):
        raise MetricsError("there are no training clips to take a baseline from")
    counts = np.bincount(np.asarray(train_labels), minlength=len(NAMES))
    return np.tile((counts / counts.sum()).astype(np.float32), (n, 1))


def evaluate_answers(
    folder: StudyFolder, split: str, model: str, test_set: str, *, seed: int = SEED
) -> Metrics:
    """Measure stored answers, write the figures beside them, and return them.

    Where the model has a sidecar, its temperature tells what the figures were without it.

    Raises
    ------
    MetricsError
        If there are no such answers, or they cannot be measured.
    ModelFileError
        If the sidecar cannot be read.
    """
    answers = load_answers(folder.answers(split, model, test_set))
    sidecar = sidecar_path(folder.onnx(split, model))
    found = measure(
        answers.probabilities,
        answers.labels,
        answers.groups,
        seed=seed,
        temperature=read_sidecar(sidecar).temperature if sidecar.is_file() else None,
    )
    write_metrics(found, folder.metrics(split, model, test_set))
    return found
