"""``timbrescope classify``: files and folders in, a table or JSON lines out. No Qt."""

import io
import json
import logging
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from timbrescope.desktop.commands import classify_output
from timbrescope.desktop.engine.classify_file import classify_file, compare_file, failed, words_for
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.desktop.engine.messages import FileResult
from timbrescope.desktop.engine.model_choices import ModelChoice, available, is_own, model_choices
from timbrescope.models.audio.collect import collect_audio_files

logger = logging.getLogger(__name__)


def run(
    paths: Iterable[Path],
    *,
    model: str,
    output_format: str,
    compare: bool = False,
    out: TextIO | None = None,
) -> int:
    """Classify everything in `paths`; return the exit status, 1 if any file failed.

    Each result is written as soon as it is known, so nothing is lost when a later file is bad
    or the run is interrupted.

    Parameters
    ----------
    paths : iterable of Path
    model : str
        A name in the catalogue, or the path of a model file.
    output_format : {"table", "jsonl"}
    compare : bool, optional
        Put the answers of all models beside each other; that of `model` stays the file's own.
    out : TextIO, optional

    Raises
    ------
    ModelFileError
        If `model` is refused.
    """
    out = out or sys.stdout
    survive_any_name(out)
    as_table = output_format == "table"
    worker: _Worker = (
        _SideBySide(model, as_table=as_table) if compare else _Alone(model, as_table=as_table)
    )
    files, refused = collect_audio_files(list(paths))
    if as_table:
        print(worker.head, file=out)
    problems = 0
    for path, reason in refused:
        line, _ = worker.lay_out([failed(path, reason=reason, model=model)])
        print(line, file=out, flush=True)
        problems += 1
    for path in files:
        line, good = worker.lay_out(_classified(path, worker, model=model))
        print(line, file=out, flush=True)
        problems += not good
    return 1 if problems else 0


def _classified(path: Path, worker: "_Worker", *, model: str) -> Sequence[FileResult]:
    try:
        return worker.classify(path)
    # A fault in one file must not take the answers for the others.
    except Exception as error:
        logger.exception("cannot analyse %s", path)
        return [failed(path, reason=words_for(error), model=model)]


def survive_any_name(out: TextIO) -> None:
    """Write characters that `out` cannot encode as escapes, so that no name ends the run."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")


class _Worker(Protocol):
    """Classifies one file after the other and writes each result as one line."""

    @property
    def head(self) -> str:
        """The table's first line."""

    def classify(self, path: Path) -> Sequence[FileResult]:
        """Return the results for one file, one for each model."""

    def lay_out(self, results: Sequence[FileResult]) -> tuple[str, bool]:
        """Return the line for one file, and whether the file could be classified."""


class _Alone:
    """One model answers."""

    def __init__(self, model: str, *, as_table: bool) -> None:
        self._model = model
        self._as_table = as_table
        self._classifier = ModelShelf().get(model)
        self.head = classify_output.table_head()

    def classify(self, path: Path) -> Sequence[FileResult]:
        return [classify_file(path, classifier=self._classifier, model=self._model)]

    def lay_out(self, results: Sequence[FileResult]) -> tuple[str, bool]:
        result = results[0]
        if self._as_table:
            return classify_output.table_row(result), result.status == "ok"
        return _json(classify_output.as_record(result)), result.status == "ok"


class _SideBySide:
    """All models that are there answer; those that are not are named on standard error."""

    def __init__(self, model: str, *, as_table: bool) -> None:
        self._model = model
        self._as_table = as_table
        shelf = ModelShelf()
        # The model asked for is refused as ever; any other is left out with a word.
        shelf.get(model)
        choices = model_choices(model if is_own(model) else None)
        self._comparator = Comparator(available(choices), shelf=shelf)
        self._tell_missing(choices)
        titles = [choice.short_title for choice in choices if choice.is_available]
        self.head = classify_output.compared_head(titles)

    def _tell_missing(self, choices: Sequence[ModelChoice]) -> None:
        for choice in choices:
            problem = choice.problem or self._comparator.problems.get(choice.reference, "")
            if problem:
                print(f"timbrescope: {choice.title}: {problem}", file=sys.stderr)

    def classify(self, path: Path) -> Sequence[FileResult]:
        return compare_file(path, comparator=self._comparator)

    def lay_out(self, results: Sequence[FileResult]) -> tuple[str, bool]:
        own = next((each for each in results if each.model == self._model), results[0])
        good = own.status == "ok"
        if self._as_table:
            return classify_output.compared_row(results), good
        return _json(classify_output.as_compared_record(own, results)), good


def _json(record: dict[str, object]) -> str:
    # ASCII only: a name in any encoding stays one valid line on any console.
    return json.dumps(record)
