"""The columns of the table of files: what each says of a row, and how rows are put in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.instruments import NAMES
from timbrescope.models.times import length

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        Under which the settings keep whether it is shown.
    title : str
    text : callable
        What a row's cell says.
    key : callable
        What rows are sorted by; None for a row that has nothing there.
    width_em : float
        First width, in multiples of the type size.
    is_figure : bool
        Whether it is set to the right.
    is_shown : bool
        Whether it is shown until the user says otherwise.
    """

    name: str
    title: str
    text: Callable[[FileRow], str]
    key: Callable[[FileRow], Any]
    width_em: float
    is_figure: bool = False
    never_cut: Callable[[], tuple[str, ...]] = tuple
    is_shown: bool = True


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts "take 2" before "take 10", and capitals beside small letters."""
    parts = _DIGITS.split(text.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def _length(row: FileRow) -> str:
    return length(row.result.duration_s) if row.is_answered and row.result else ""


def _length_key(row: FileRow) -> float | None:
    return row.result.duration_s if row.is_answered and row.result else None


def _probability(row: FileRow) -> str:
    return "" if row.probability is None else percent(row.probability)


def _probability_key(row: FileRow) -> float | None:
    return row.probability


def _runner_up(row: FileRow) -> str:
    if row.runner_up is None or round(100 * row.runner_up[1]) == 0:
        return ""
    index, share = row.runner_up
    return f"{tr(NAMES[index])} {percent(share)}"


def _runner_up_key(row: FileRow) -> str | None:
    return _runner_up(row) or None


def _answer_key(row: FileRow) -> str | None:
    if row.is_error:
        return f"~{row.answer_words}"
    return row.group if row.result is not None else None


def _segments(row: FileRow) -> str:
    return " · ".join(tr(name) for name in row.instruments) if len(row.instruments) > 1 else ""


def _segments_key(row: FileRow) -> tuple[int, str] | None:
    return (-len(row.instruments), _segments(row)) if row.instruments else None


def _notes(row: FileRow) -> str:
    notes = row.result.notes if row.result is not None else ()
    return " · ".join((*notes, *((row.message,) if row.is_answered and row.message else ())))


COLUMNS: tuple[Column, ...] = (
    Column("file", mark("File"), lambda row: row.path.name, lambda row: natural(row.path.name), 15),
    Column(
        "folder",
        mark("Folder"),
        lambda row: row.path.parent.name or str(row.path.parent),
        lambda row: natural(str(row.path.parent)),
        10,
        is_shown=False,
    ),
    Column("length", mark("Length"), _length, _length_key, 6, is_figure=True),
    Column(
        "answer",
        mark("Answer"),
        lambda row: row.answer_words,
        _answer_key,
        17,
        never_cut=lambda: tuple(tr("{name}?", name=tr(name)) for name in NAMES),
    ),
    Column("probability", mark("Prob."), _probability, _probability_key, 5.5, is_figure=True),
    Column("runner_up", mark("Runner-up"), _runner_up, _runner_up_key, 12, is_shown=False),
    Column("segments", mark("Heard in it"), _segments, _segments_key, 14, is_shown=False),
    Column("notes", mark("Notes"), _notes, lambda row: _notes(row) or None, 14, is_shown=False),
)
FILE, FOLDER, LENGTH, ANSWER, PROBABILITY, RUNNER_UP, SEGMENTS, NOTES = range(len(COLUMNS))
