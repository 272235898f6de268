"""The formats that results are written in, and the writing itself."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.labels import RavenTable, audacity_labels
from timbrescope.desktop.export.records import as_record
from timbrescope.desktop.export.spreadsheet import csv_head, csv_row
from timbrescope.desktop.export.whole_file import whole_file
from timbrescope.models.errors import ExportError
from timbrescope.models.json_text import json_line

Parts = Callable[[Iterable[FileResult]], Iterable[str]]


@dataclass(frozen=True)
class Format:
    """One of the formats.

    Attributes
    ----------
    name : str
        The word for it on the command line.
    title : str
        What users read.
    suffix : str
        How files in it end.
    encoding : str
    parts : callable
        Gives the text for results, part by part; each part but the first and last belongs to
        one file.
    each_alone : bool
        Whether it holds one sound file only, so that several make a folder.
    """

    name: str
    title: str
    suffix: str
    parts: Parts
    encoding: str = "utf-8"
    each_alone: bool = False


def _csv(results: Iterable[FileResult]) -> Iterator[str]:
    yield csv_head()
    yield from map(csv_row, results)


def _json_lines(results: Iterable[FileResult]) -> Iterator[str]:
    yield from (json_line(as_record(result)) for result in results)


def _audacity(results: Iterable[FileResult]) -> Iterator[str]:
    yield from map(audacity_labels, results)


def _raven(results: Iterable[FileResult]) -> Iterator[str]:
    table = RavenTable()
    yield table.head()
    yield from map(table.rows, results)


def _html(results: Iterable[FileResult]) -> Iterator[str]:
    # These draw pictures, which costs a model: nobody else should pay for them.
    from timbrescope.desktop.export.pictures import EvidencePictures
    from timbrescope.desktop.export.report import html_report

    yield from html_report(results, picture=EvidencePictures())


# Excel reads UTF-8 only if the file says so at its start.
CSV = Format("csv", "CSV table…", ".csv", _csv, encoding="utf-8-sig")
JSON_LINES = Format("jsonl", "JSON lines…", ".jsonl", _json_lines)
AUDACITY = Format("audacity", "Audacity labels…", ".txt", _audacity, each_alone=True)
RAVEN = Format("raven", "Raven selection table…", ".selections.txt", _raven)
HTML = Format("html", "Report with pictures (HTML)…", ".html", _html)
FORMATS = (CSV, JSON_LINES, AUDACITY, RAVEN, HTML)


def write_results(results: Iterable[FileResult], path: Path, wanted: Format) -> int:
    """Write results to `path` in one of the formats; return how many files were written.

    A format that holds one sound file only makes `path` a folder, with a file for each, unless
    there is but one. What was at `path` before stays until the new file is whole.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    results = list(results)
    try:
        if wanted.each_alone and len(results) != 1:
            return _write_folder(results, path, wanted)
        _write_whole(path, wanted.parts(results), encoding=wanted.encoding)
    except OSError as error:
        raise ExportError(
            f"cannot write {str(path)!r}: {error.strerror or error}; choose another folder, or "
            "look whether there is room and whether it may be written to"
        ) from error
    return 1


def _write_folder(results: list[FileResult], folder: Path, wanted: Format) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for result in results:
        if result.status == "ok":
            path = folder / free_name(result.path, wanted.suffix, taken=names)
            _write_whole(path, wanted.parts([result]), encoding=wanted.encoding)
    return len(names)


def free_name(sound: Path, suffix: str, *, taken: set[str]) -> str:
    """Return a name for what belongs to a sound file, unlike those taken, and take it."""
    name, number = f"{sound.name}{suffix}", 2
    # Two names that differ in case only are one file on many systems.
    while name.casefold() in taken:
        name, number = f"{sound.name} ({number}){suffix}", number + 1
    taken.add(name.casefold())
    return name


def _write_whole(path: Path, parts: Iterable[str], *, encoding: str) -> None:
    with whole_file(path, encoding=encoding) as file:
        file.writelines(parts)
