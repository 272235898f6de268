"""How an experiment is measured: held-out windows of the baseline, and a manifest's dev files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.frontend import FeatureKind, features_of_kinds
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.pooling import pool
from timbrescope.training.corpus.recordings import read_corpus
from timbrescope.training.export.sidecar import QUIET_DBFS
from timbrescope.training.features.cache import WindowSet
from timbrescope.training.measures.intervals import Outcomes, group_intervals
from timbrescope.training.measures.scores import in_top3

RESAMPLES = 1_000
# Of the flagship, and of the paper's network.
KINDS_OF_LEARNERS: tuple[FeatureKind, ...] = ("logmel", "mel")


@dataclass(frozen=True)
class Answerer:
    """What answers with logits (N, 28) to features of a kind."""

    kind: FeatureKind
    logits: Callable[[NDArray[np.floating]], NDArray[np.floating]]


@dataclass(frozen=True)
class MeasuredAnswers:
    """Figures of one answerer on one set, with 95 % intervals over whole groups.

    Attributes
    ----------
    n : int
        Windows or files.
    accuracy, macro_recall, top3 : float
    low, high : float
        Interval of the accuracy.
    """

    n: int
    accuracy: float
    macro_recall: float
    top3: float
    low: float
    high: float


@dataclass(frozen=True)
class DevFiles:
    """The windows of a split's files: features, which file each is of, and how much it counts."""

    features: dict[FeatureKind, NDArray[np.float32]]
    file_of: NDArray[np.int64]
    weights_s: NDArray[np.float64]
    labels: NDArray[np.int64]
    sources: NDArray[np.str_]


def read_dev(manifest: Path, *, split: str = "dev") -> DevFiles:
    """Decode a split's instrument files and compute their windows' features."""
    listed = [
        r for r in read_corpus(manifest).recordings if r.split == split and r.instrument is not None
    ]
    found: list[dict[FeatureKind, NDArray[np.float32]]] = []
    file_of, weights = [], []
    for number, recording in enumerate(listed):
        for window in iter_windows(recording.path):
            found.append(features_of_kinds(window.samples, KINDS_OF_LEARNERS))
            file_of.append(number)
            weights.append(window.new_sound_s(quiet_dbfs=QUIET_DBFS))
    return DevFiles(
        {kind: np.stack([each[kind] for each in found]) for kind in KINDS_OF_LEARNERS},
        np.array(file_of),
        np.array(weights),
        np.array([index_of(r.instrument or "") for r in listed]),
        np.array([r.source for r in listed]),
    )


def measure_windows(answer: Answerer, windows: WindowSet) -> MeasuredAnswers:
    """Measure on the instruments' windows of a held-out part with the answerer's features."""
    count = int(np.searchsorted(windows.labels, len(NAMES)))
    logits = answer.logits(windows.features[:count])
    return measured(logits, windows.labels[:count], groups=np.array(windows.groups[:count]))


def measure_files(answer: Answerer, files: DevFiles) -> MeasuredAnswers:
    """Measure on whole files, their windows pooled as the product does."""
    logits = answer.logits(files.features[answer.kind])
    probabilities = softmax(np.pad(logits, ((0, 0), (0, 1))), axis=1)[:, : len(NAMES)]
    pooled = [
        pool(
            probabilities[files.file_of == number],
            weights=files.weights_s[files.file_of == number],
        ).probabilities
        for number in range(len(files.labels))
    ]
    return measured(np.stack(pooled), files.labels, groups=files.sources)


def measured(
    answers: NDArray[np.floating], labels: NDArray[np.integer], *, groups: NDArray[np.str_]
) -> MeasuredAnswers:
    """Score answers (N, 28), with an interval over whole groups."""
    answered, near = answers.argmax(axis=1), in_top3(answers, labels)
    right = answered == labels
    recalls = [right[labels == label].mean() for label in np.unique(labels)]
    outcomes = Outcomes(labels, answered, near, groups)
    intervals = group_intervals(outcomes, classes=len(NAMES), seed=0, resamples=RESAMPLES)
    edge = intervals.get("accuracy")
    accuracy = float(right.mean())
    return MeasuredAnswers(
        n=len(labels),
        accuracy=accuracy,
        macro_recall=float(np.mean(recalls)),
        top3=float(near.mean()),
        low=edge.low if edge else accuracy,
        high=edge.high if edge else accuracy,
    )
