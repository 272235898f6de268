"""What is known of one dropped file, and how many files there are of each kind."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.segments import instruments_of
from timbrescope.desktop.views.answers.wording import AnswerText, file_answer, percent
from timbrescope.desktop.views.words.catalogue import mark, tr, translated
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES

_UNFINISHED = (FileEventKind.QUEUED, FileEventKind.PROGRESS)

# What a file counts as where no instrument is claimed.
ERRORS, NOT_SURE, QUIET = mark("Errors"), mark("Not sure"), mark("Quiet")
NONE_OF_THEM = mark("None of the 28")
WAITING, STOPPED, LEFT_OUT = mark("Waiting"), mark("Stopped"), mark("Left out")
_GROUP_OF = {State.NOT_SURE: NOT_SURE, State.NONE_OF_THEM: NONE_OF_THEM}


@dataclass(frozen=True, eq=False)
class FileRow:
    """What is known of one file.

    Attributes
    ----------
    path : Path
        The file; it is the identity of the row.
    number : int
        Its place in the order in which files were dropped.
    kind : FileEventKind
    progress : float
    result : FileResult or None
        That of an earlier analysis stays until there is a newer one.
    message : str
        Why it was skipped, or why it cannot be explained any more.
    """

    path: Path
    number: int = 0
    kind: FileEventKind = FileEventKind.QUEUED
    progress: float = 0.0
    result: FileResult | None = None
    message: str = ""

    def after(self, event: FileEvent) -> "FileRow":
        """Return the row as it is after `event`."""
        if event.kind is FileEventKind.UNEXPLAINED:
            # What was found stays, beside why it cannot be explained any more.
            return replace(self, message=event.message)
        result = event.result if event.result is not None else self.result
        kind = event.kind
        if kind is FileEventKind.STOPPED and result is not None:
            # It was to be analysed again: the earlier result stands.
            kind = FileEventKind.DONE
        if kind is FileEventKind.SKIPPED:
            result = None
        return replace(
            self, kind=kind, progress=event.progress, result=result, message=event.message
        )

    def stopped(self) -> "FileRow":
        """Return the row as it is when nobody works on it any more."""
        return (
            self.after(FileEvent(self.path, FileEventKind.STOPPED)) if self.is_unfinished else self
        )

    @property
    def is_unfinished(self) -> bool:
        """Whether it is waiting or running."""
        return self.kind in _UNFINISHED

    @property
    def is_folder(self) -> bool:
        """Whether it is no file but what a folder holds besides."""
        return self.kind is FileEventKind.LEFT_OUT

    @property
    def is_error(self) -> bool:
        """Whether the file could not be analysed."""
        if self.kind is FileEventKind.SKIPPED:
            return True
        return self.result is not None and self.result.status != "ok"

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to show, if perhaps an earlier one."""
        return self.result is not None and self.result.status == "ok"

    @property
    def is_unsure(self) -> bool:
        """Whether there is an answer that names nothing for sure."""
        return self.is_answered and self.group == NOT_SURE

    @cached_property
    def answer(self) -> AnswerText | None:
        """What to say about the file, None before its result."""
        return None if self.result is None else file_answer(self.result)

    @cached_property
    def likeliest(self) -> tuple[int, ...]:
        """The class indices from the most to the least probable; empty without an answer."""
        if not self.is_answered or self.result is None:
            return ()
        if self.result.state in (State.QUIET, State.NO_SIGNAL):
            return ()
        return tuple(int(index) for index in np.argsort(self.result.probabilities)[::-1])

    @property
    def probability(self) -> float | None:
        """How probable the answer is, None without one."""
        if not self.likeliest or self.result is None:
            return None
        if self.result.state is State.NONE_OF_THEM:
            return 1.0 - float(self.result.probabilities.sum())
        return float(self.result.probabilities[self.likeliest[0]])

    @property
    def runner_up(self) -> tuple[int, float] | None:
        """The likeliest class besides the answer and its probability, None without an answer."""
        if not self.likeliest or self.result is None:
            return None
        index = self.likeliest[0 if self.result.state is State.NONE_OF_THEM else 1]
        return index, float(self.result.probabilities[index])

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        """The instruments claimed anywhere in it."""
        return () if self.result is None else instruments_of(self.result)

    @property
    def group(self) -> str:
        """What it counts as: an instrument, or one of the words above."""
        if self.is_error:
            return ERRORS
        if self.is_folder:
            return LEFT_OUT
        if self.result is None:
            return STOPPED if self.kind is FileEventKind.STOPPED else WAITING
        if self.result.instrument is not None:
            return self.result.instrument
        return _GROUP_OF.get(self.result.state, QUIET)

    @property
    def answer_words(self) -> str:
        """The answer's cell in words."""
        if self.kind is FileEventKind.SKIPPED:
            return (
                tr("Skipped: {why}", why=translated(self.message))
                if self.message
                else tr("Skipped")
            )
        if self.is_folder:
            return translated(self.message)
        if self.kind is FileEventKind.PROGRESS:
            return tr("Listening {share}", share=percent(self.progress))
        if self.result is None:
            return tr(self.group)
        if self.result.status != "ok":
            return translated(self.result.error or "") or tr("Cannot be read")
        if self.result.state is State.NOT_SURE and self.likeliest:
            return tr("Not sure: {name}?", name=tr(NAMES[self.likeliest[0]]))
        return file_answer(self.result).headline

    @property
    def short_answer_words(self) -> str:
        """The answer's cell in fewer words, for where it is narrow."""
        if self.result is not None and self.group == NOT_SURE and self.likeliest:
            return tr("{name}?", name=tr(NAMES[self.likeliest[0]]))
        return self.answer_words


class Tally:
    """How many rows there are of each group; a change costs the same however many there are."""

    def __init__(self) -> None:
        self.groups: Counter[str] = Counter()
        self.total = 0
        self.unfinished = 0

    def change(self, before: FileRow | None, after: FileRow | None) -> None:
        """Count `after` in place of `before`."""
        for row, step in ((before, -1), (after, 1)):
            if row is not None:
                self.groups[row.group] += step
                self.total += step
                self.unfinished += step * row.is_unfinished

    @property
    def files(self) -> int:
        """How many rows are files: what a folder holds besides has a row as well."""
        return self.total - self.groups[LEFT_OUT]

    @property
    def errors(self) -> int:
        """How many could not be analysed."""
        return self.groups[ERRORS]

    @property
    def stopped(self) -> int:
        """How many were given up before they had a result."""
        return self.groups[STOPPED]
