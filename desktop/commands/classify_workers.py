"""Who answers when files are classified: one model, or all of them side by side."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from timbrescope.desktop.commands import classify_table
from timbrescope.desktop.commands.progress_line import ProgressLine
from timbrescope.desktop.engine.classify_file import classify_file, compare_file
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.engine.loaded_models import ModelShelf, load_model
from timbrescope.desktop.engine.model_choices import ModelChoice, available, model_choices
from timbrescope.models.catalogue import is_own
from timbrescope.models.classifier import Classifier
from timbrescope.models.names import printable

TABLE = "table"


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for.

    Attributes
    ----------
    model : str
        A name in the catalogue, or the path of a model file.
    output_format : str
        One of `FORMAT_NAMES`.
    output : Path or None
        Where to write; standard output if None.
    compare : bool
        Put the answers of all models beside each other; that of `model` stays the file's own.
    only : tuple of str
        The instruments there can be; all 28 if empty.
    threshold : float or None
        The probability from which on an instrument is named, in place of the model's own.
    quiet : bool
        Show no progress.
    """

    model: str
    output_format: str = TABLE
    output: Path | None = None
    compare: bool = False
    only: tuple[str, ...] = ()
    threshold: float | None = None
    quiet: bool = False


class Worker(Protocol):
    """Classifies one file after the other."""

    @property
    def head(self) -> str:
        """The table's first line."""

    def classify(self, path: Path, progress: ProgressLine) -> Sequence[FileResult]:
        """Return the results for one file, one for each model."""

    def row(self, results: Sequence[FileResult]) -> str:
        """Return the table's line for one file."""


def worker_for(wishes: Wishes) -> Worker:
    """Return who answers as it is wished.

    Raises
    ------
    ModelFileError
        If the model is refused.
    """

    def load(reference: str) -> Classifier:
        whole = load_model(reference)
        return whole.narrowed(only=wishes.only, threshold=wishes.threshold)

    shelf = ModelShelf(load)
    return _SideBySide(wishes, shelf) if wishes.compare else _Alone(wishes, shelf)


class _Alone:
    """One model answers."""

    def __init__(self, wishes: Wishes, shelf: ModelShelf) -> None:
        self._model = wishes.model
        self._classifier = shelf.get(wishes.model)
        self.head = classify_table.table_head()

    def classify(self, path: Path, progress: ProgressLine) -> Sequence[FileResult]:
        return [
            classify_file(
                path, classifier=self._classifier, model=self._model, progress=progress.heard
            )
        ]

    def row(self, results: Sequence[FileResult]) -> str:
        return classify_table.table_row(results[0])


class _SideBySide:
    """All models that are there answer; those that are not are named on standard error."""

    def __init__(self, wishes: Wishes, shelf: ModelShelf) -> None:
        # The model asked for is refused as ever; any other is left out with a word.
        shelf.get(wishes.model)
        choices = model_choices(wishes.model if is_own(wishes.model) else None)
        self._comparator = Comparator(available(choices), shelf=shelf)
        self._tell_missing(choices)
        titles = [choice.short_title for choice in choices if choice.is_available]
        self.head = classify_table.compared_head(titles)

    def _tell_missing(self, choices: Sequence[ModelChoice]) -> None:
        for choice in choices:
            problem = choice.problem or self._comparator.problems.get(choice.reference, "")
            if problem:
                told = printable(f"{choice.title}: {problem}")
                print(f"timbrescope: {told}", file=sys.stderr)

    def classify(self, path: Path, progress: ProgressLine) -> Sequence[FileResult]:  # noqa: ARG002
        return compare_file(path, comparator=self._comparator)

    def row(self, results: Sequence[FileResult]) -> str:
        return classify_table.compared_row(results)
