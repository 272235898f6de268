"""Measures a shipped model on whole recordings, cut and pooled as the product does.

Each file of a manifest's split is decoded, cut into consecutive windows (a short file, or a
rest, is padded), every window goes through the shipped ONNX graph, and the file's answer is
the mean of its windows that are not quiet. The figures stand in the sidecar; running this
again repeats them.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.artefact import Sidecar
from models.classifier import Classifier
from models.errors import TimbrescopeError
from models.instruments import index_of
from models.level import rms_dbfs
from models.pooling import cut_windows, mean_over_sounding
from training import decoding
from training.corpora import CorpusError, Recording, read_corpus
from training.scores import Scores, score

METHOD = "file level: consecutive 3 s windows, rest padded, mean over windows that are not quiet"


class EvaluationError(TimbrescopeError):
    """A corpus has nothing to evaluate on, or a recording that cannot be decoded."""


def read_recordings(manifest: Path, *, split: str) -> list[Recording]:
    """Return the recordings of instruments in one split of a corpus, noise left out.

    Raises
    ------
    CorpusError
        If the corpus is missing or malformed.
    EvaluationError
        If it has no such split.
    """
    everything = read_corpus(manifest).recordings
    found = [row for row in everything if row.split == split and row.instrument is not None]
    if not found:
        known = ", ".join(sorted({row.split for row in everything})) or "none"
        raise EvaluationError(f"{manifest} has no instruments in split {split!r}; splits: {known}")
    return found


def read_mono(path: Path) -> NDArray[np.float32]:
    """Decode a file to mono samples at 22,050 Hz, shape (n,).

    Raises
    ------
    EvaluationError
        If the file cannot be decoded or is empty.
    """
    try:
        samples = decoding.read_mono(path)
    except CorpusError as error:
        raise EvaluationError(f"cannot decode {path}: {error}") from error
    if not len(samples):
        raise EvaluationError(f"{path} holds no samples")
    return samples


def file_probabilities(classifier: Classifier, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the pooled probabilities of one file's samples, shape (28,)."""
    windows = list(cut_windows(samples))
    return mean_over_sounding(
        [classifier.classify(window.samples).probabilities for window in windows],
        levels_dbfs=[rms_dbfs(window.samples) for window in windows],
        quiet_dbfs=classifier.sidecar.thresholds.quiet_dbfs,
    )


def evaluate(
    classifier: Classifier,
    recordings: list[Recording],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> Scores:
    """Score a model on recordings, file by file.

    Raises
    ------
    EvaluationError
        If a recording cannot be decoded: a figure over fewer files would be another figure.
    """
    answers = []
    for number, recording in enumerate(recordings, start=1):
        answers.append(file_probabilities(classifier, read_mono(recording.path)))
        progress(number, len(recordings))
    labels = np.array([index_of(recording.instrument or "") for recording in recordings])
    return score(np.stack(answers), labels)


def figures(scores: Scores) -> dict[str, Any]:
    """Return scores in the form in which a sidecar states them."""
    return scores.as_dict() | {"method": METHOD}


def with_figures(sidecar: Sidecar, *, split: str, scores: Scores) -> Sidecar:
    """Return the sidecar with the figures of one split put in or replaced."""
    return replace(sidecar, metrics=sidecar.metrics | {split: figures(scores)})


def differences(sidecar: Sidecar, *, split: str, scores: Scores) -> list[str]:
    """Return, in words, where the sidecar's figures of a split differ from `scores`."""
    stated = sidecar.metrics.get(split)
    if stated is None:
        return [f"the sidecar states no figures for split {split!r}"]
    return [
        f"{name}: the sidecar states {stated.get(name)}, found {value}"
        for name, value in figures(scores).items()
        if stated.get(name) != value
    ]


def table(scores: Scores) -> str:
    """Return the scores as text, classes by recall."""
    head = (
        f"{scores.n} files of {scores.classes} classes: accuracy {scores.accuracy:.3f}, "
        f"macro recall {scores.macro_recall:.3f}, top-3 {scores.top3:.3f}"
    )
    rows = sorted(scores.per_class.items(), key=lambda item: (-item[1]["recall"], item[0]))
    lines = [f"  {name:<16} {row['recall']:.2f}  of {row['n']}" for name, row in rows]
    return "\n".join([head, *lines])
