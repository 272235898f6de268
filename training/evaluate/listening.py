"""What models answer to whole recordings, cut, pooled and judged as the product does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import SILENT, State
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import AudioFileError, TimbrescopeError
from timbrescope.models.frontend import FeatureKind, features_of_kinds
from timbrescope.models.hearing import Hear, hear_file
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.listening import FileAnswer, FileListener
from timbrescope.models.windows import CutWindow
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.measures.open_set import WindowAnswers


class EvaluationError(TimbrescopeError):
    """A corpus has nothing to evaluate on, or a recording that cannot be decoded."""


@dataclass(frozen=True)
class HeardRecordings:
    """What a model says of recordings: one answer for each, in their order."""

    recordings: tuple[Recording, ...]
    answers: tuple[FileAnswer, ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """True class of each file, 28 for none of them, shape (files,)."""
        return np.array([label_of(recording) for recording in self.recordings])

    def windows(self) -> WindowAnswers:
        """Return the answers to all windows, file after file."""
        counts = [len(answer.verdicts) for answer in self.answers]
        verdicts = [verdict for answer in self.answers for verdict in answer.verdicts]
        states = np.array([verdict.state for verdict in verdicts])
        return WindowAnswers(
            probabilities=np.stack([verdict.probabilities for verdict in verdicts]),
            labels=np.repeat(self.labels, counts),
            kinds=np.repeat([recording.kind for recording in self.recordings], counts),
            sources=np.repeat([recording.source for recording in self.recordings], counts),
            quiet=np.isin(states, SILENT),
            claimed=states == State.INSTRUMENT,
        )


def label_of(recording: Recording) -> int:
    """Return the class index of a recording, 28 for none of them."""
    return len(NAMES) if recording.instrument is None else index_of(recording.instrument)


def listen(
    classifiers: Mapping[str, Classifier], recordings: Sequence[Recording]
) -> dict[str, HeardRecordings]:
    """Return by name what models answer to recordings; each file is decoded once.

    Raises
    ------
    EvaluationError
        If a recording cannot be decoded: a figure over fewer files would be another figure.
    """
    kinds = tuple(dict.fromkeys(classifier.kind for classifier in classifiers.values()))
    found: dict[str, list[FileAnswer]] = {name: [] for name in classifiers}
    gates_dbfs = [each.sidecar.thresholds.quiet_dbfs for each in classifiers.values()]
    for recording in recordings:
        answers = _answers(classifiers, recording.path, kinds, quiet_dbfs=min(gates_dbfs))
        for name, answer in answers.items():
            found[name].append(answer)
    return {
        name: HeardRecordings(tuple(recordings), tuple(answers)) for name, answers in found.items()
    }


def _answers(
    classifiers: Mapping[str, Classifier],
    path: Path,
    kinds: Sequence[FeatureKind],
    *,
    quiet_dbfs: float,
) -> dict[str, FileAnswer]:
    listeners: dict[str, FileListener] = {}

    def begin() -> Hear:
        listeners.update({name: FileListener(each) for name, each in classifiers.items()})
        return hear

    def hear(window: CutWindow) -> None:
        known = features_of_kinds(window.samples, kinds)
        for name, listener in listeners.items():
            listener.hear(window, window_features=known[classifiers[name].kind])

    try:
        hear_file(path, begin, quiet_dbfs=quiet_dbfs)
    except AudioFileError as error:
        raise EvaluationError(f"cannot measure on {path}: {error}") from error
    return {name: listener.answer() for name, listener in listeners.items()}
