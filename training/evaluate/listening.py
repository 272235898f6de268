"""What models answer to whole recordings, cut, pooled and judged as the product does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import State
from timbrescope.models.classifier import Classifier
from timbrescope.models.decision import judge
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.level import rms_dbfs
from timbrescope.models.pooling import CutWindow, cut_windows, pooled_over_sounding
from timbrescope.training import decoding
from timbrescope.training.corpus.recordings import CorpusError, Recording
from timbrescope.training.measures.open_set import WindowAnswers


class EvaluationError(TimbrescopeError):
    """A corpus has nothing to evaluate on, or a recording that cannot be decoded."""


@dataclass(frozen=True)
class FileAnswer:
    """What a model says of one file.

    Attributes
    ----------
    probabilities : ndarray, shape (windows, 28)
    states : tuple of State
        Of the windows.
    pooled : ndarray, shape (28,)
        The mean over the windows that are not quiet.
    state : State
        Of the file.
    """

    probabilities: NDArray[np.float32]
    states: tuple[State, ...]
    pooled: NDArray[np.float32]
    state: State


@dataclass(frozen=True)
class Heard:
    """What a model says of recordings: one answer for each, in their order."""

    recordings: tuple[Recording, ...]
    answers: tuple[FileAnswer, ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """True class of each file, 28 for none of them, shape (files,)."""
        return np.array([label_of(recording) for recording in self.recordings])

    def windows(self) -> WindowAnswers:
        """Return the answers to all windows, file after file."""
        counts = [len(answer.states) for answer in self.answers]
        states = np.array([state for answer in self.answers for state in answer.states])
        return WindowAnswers(
            probabilities=np.concatenate([answer.probabilities for answer in self.answers]),
            labels=np.repeat(self.labels, counts),
            kinds=np.repeat([recording.kind for recording in self.recordings], counts),
            quiet=states == State.QUIET,
            claimed=states == State.INSTRUMENT,
        )


def label_of(recording: Recording) -> int:
    """Return the class index of a recording, 28 for none of them."""
    return len(NAMES) if recording.instrument is None else index_of(recording.instrument)


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


def listen(
    classifiers: Mapping[str, Classifier],
    recordings: Sequence[Recording],
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> dict[str, Heard]:
    """Return by name what models answer to recordings; each file is decoded once.

    Raises
    ------
    EvaluationError
        If a recording cannot be decoded: a figure over fewer files would be another figure.
    """
    found: dict[str, list[FileAnswer]] = {name: [] for name in classifiers}
    for number, recording in enumerate(recordings, start=1):
        windows = list(cut_windows(read_mono(recording.path)))
        for name, classifier in classifiers.items():
            found[name].append(file_answer(classifier, windows))
        progress(number, len(recordings))
    return {name: Heard(tuple(recordings), tuple(answers)) for name, answers in found.items()}


def file_answer(classifier: Classifier, windows: Sequence[CutWindow]) -> FileAnswer:
    """Return what a model says of one file's windows."""
    thresholds = classifier.sidecar.thresholds
    levels = [rms_dbfs(window.samples) for window in windows]
    answers = np.stack([classifier.classify(window.samples).probabilities for window in windows])
    pooled = pooled_over_sounding(answers, levels_dbfs=levels, quiet_dbfs=thresholds.quiet_dbfs)
    return FileAnswer(
        probabilities=answers,
        states=tuple(
            judge(answer, level_dbfs=level, thresholds=thresholds)
            for answer, level in zip(answers, levels, strict=True)
        ),
        pooled=pooled.probabilities,
        state=judge(
            pooled.probabilities,
            level_dbfs=max(levels),
            thresholds=thresholds,
            log_odds=pooled.log_odds,
        ),
    )


def file_probabilities(classifier: Classifier, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the pooled probabilities of one file's samples, shape (28,)."""
    return file_answer(classifier, list(cut_windows(samples))).pooled
