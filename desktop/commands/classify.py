"""``timbrescope classify``: files and folders in; a table, or a format for others, out. No Qt."""

import io
import logging
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from timbrescope.desktop.commands.classify_workers import TABLE, Wishes, Worker, worker_for
from timbrescope.desktop.commands.progress_line import ProgressLine
from timbrescope.desktop.engine.classify_file import failed, words_for
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.formats import FORMATS, Format, free_name, write_results
from timbrescope.desktop.export.records import as_compared_record
from timbrescope.models.audio.collect import collect_audio_files
from timbrescope.models.errors import ExportError
from timbrescope.models.json_text import json_line
from timbrescope.models.names import printable

logger = logging.getLogger(__name__)

STANDARD_INPUT = Path("-")
JSON_LINES = "jsonl"
FORMAT_NAMES = (TABLE, *(each.name for each in FORMATS))
_FORMAT_OF = {each.name: each for each in FORMATS}


def run(
    paths: Iterable[Path],
    wishes: Wishes,
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Classify everything in `paths`; return the exit status, 1 if any file failed.

    Each result is written as soon as it is known, so nothing is lost when a later file is bad
    or the run is interrupted; only a report is written at the end.

    Raises
    ------
    ModelFileError
        If the model is refused.
    ExportError
        If the output cannot be written, or is one that needs a place of its own.
    """
    out = out or sys.stdout
    survive_any_name(out)
    worker = worker_for(wishes)
    found = collect_audio_files(paths)
    err = err or sys.stderr
    progress = ProgressLine(len(found.files), quiet=wishes.quiet, out=err)
    results = _Results(worker, found.files, found.refused, wishes=wishes, progress=progress)
    with progress:
        _write(results, wishes, worker=worker, out=out, progress=progress)
    if wishes.output is not None and not wishes.quiet:
        print(f"timbrescope: written to {printable(str(wishes.output))}", file=err)
    for path, what in found.left_out:
        print(f"timbrescope: {printable(f'{path}: {what}')}", file=err)
    return 1 if results.problems else 0


@contextmanager
def _as_file(path: Path) -> Iterator[Path]:
    """Give a file for a path; standard input is written to one, for formats are read to and fro."""
    if path != STANDARD_INPUT:
        yield path
        return
    with TemporaryDirectory(prefix="timbrescope-") as folder:
        stored = Path(folder, "standard input")
        with stored.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield stored


def survive_any_name(out: TextIO) -> None:
    """Write characters that `out` cannot encode as escapes, so that no name ends the run."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")


class _Results:
    """The results of all files, one after the other, each as it is known."""

    def __init__(
        self,
        worker: Worker,
        files: Sequence[Path],
        refused: Sequence[tuple[Path, str]],
        *,
        wishes: Wishes,
        progress: ProgressLine,
    ) -> None:
        self._worker, self._files, self._refused = worker, files, refused
        self._model, self._progress = wishes.model, progress
        self.problems = 0

    def __iter__(self) -> Iterator[Sequence[FileResult]]:
        for path, reason in self._refused:
            self.problems += 1
            yield [failed(path, reason=reason, model=self._model)]
        for path in self._files:
            self._progress.begin(path)
            results = self._classified(path)
            self.problems += own_of(results, self._model).status != "ok"
            yield results
            self._progress.end()

    def _classified(self, path: Path) -> Sequence[FileResult]:
        try:
            with _as_file(path) as file:
                results = self._worker.classify(file, self._progress)
            return [replace(result, path=path) for result in results]
        # A fault in one file must not take the answers for the others.
        except Exception as error:
            logger.exception("cannot analyse %s", path)
            return [failed(path, reason=words_for(error), model=self._model)]

    def own(self) -> Iterator[FileResult]:
        """Give for each file the result of the model asked for."""
        for results in self:
            yield own_of(results, self._model)


def own_of(results: Sequence[FileResult], model: str) -> FileResult:
    """Return the result of the model asked for, among those of all models."""
    return next((each for each in results if each.model == model), results[0])


def _write(
    results: _Results, wishes: Wishes, *, worker: Worker, out: TextIO, progress: ProgressLine
) -> None:
    wanted = _FORMAT_OF.get(wishes.output_format)
    if wanted is not None and wanted.each_alone:
        _write_labels(results, wishes, wanted, out=out)
        return
    parts = _parts(results, wishes, worker)
    if wishes.output is None:
        for part in parts:
            progress.clear()
            print(part, end="", file=out, flush=True)
        return
    try:
        encoding = wanted.encoding if wanted is not None else "utf-8"
        with wishes.output.open(
            "w", encoding=encoding, errors="backslashreplace", newline=""
        ) as file:
            for part in parts:
                file.write(part)
                file.flush()
    except OSError as error:
        raise ExportError(f"cannot write {wishes.output}: {error.strerror or error}") from error


def _parts(results: _Results, wishes: Wishes, worker: Worker) -> Iterator[str]:
    if wishes.output_format == TABLE:
        yield f"{worker.head}\n"
        yield from (f"{printable(worker.row(each))}\n" for each in results)
    elif wishes.output_format == JSON_LINES and wishes.compare:
        for each in results:
            yield json_line(as_compared_record(own_of(each, wishes.model), each))
    else:
        yield from _FORMAT_OF[wishes.output_format].parts(results.own())


def _write_labels(results: _Results, wishes: Wishes, wanted: Format, *, out: TextIO) -> None:
    """Write the labels of each file by themselves: one file's anywhere, several to a folder."""
    found = list(results.own()) if wishes.output is None else None
    if found is not None:
        good = [each for each in found if each.status == "ok"]
        if len(good) > 1:
            raise ExportError(
                f"a label track belongs to one sound file, but there are {len(good)}: name a "
                "folder for them with --output FOLDER"
            )
        out.writelines(wanted.parts(good))
        return
    assert wishes.output is not None
    taken: set[str] = set()
    is_folder = wishes.output.is_dir() or not wishes.output.suffix
    for result in results.own():
        if result.status != "ok":
            continue
        target = wishes.output
        if is_folder:
            target.mkdir(parents=True, exist_ok=True)
            target = target / free_name(result.path, wanted.suffix, taken=taken)
        elif taken:
            raise ExportError(
                f"{wishes.output} takes the labels of one sound file, but there are more: name a "
                "folder for them with --output FOLDER"
            )
        taken.add(target.name)
        write_results([result], target, wanted)
