"""The table of dropped files: its rows and how the answer's cell is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.messages import FileResult
from timbrescope.desktop.views.answers.wording import AnswerText, clock, file_answer, percent
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.models.instruments import INSTRUMENTS

COLUMNS = ("File", "Length", "Answer", "Probability")
FILE, LENGTH, ANSWER, PROBABILITY = range(4)

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class FileRow:
    """What is known of one file."""

    path: Path
    kind: FileEventKind = FileEventKind.QUEUED
    progress: float = 0.0
    result: FileResult | None = None
    message: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the file could not be analysed."""
        if self.kind is FileEventKind.SKIPPED:
            return True
        return self.result is not None and self.result.status != "ok"

    @property
    def answer(self) -> AnswerText | None:
        """What to say about the file, None before its result."""
        return None if self.result is None else file_answer(self.result)

    @property
    def answer_words(self) -> str:
        """The answer's cell in words."""
        if self.kind is FileEventKind.SKIPPED:
            return f"Skipped: {self.message}" if self.message else "Skipped"
        if self.result is None:
            is_running = self.kind is FileEventKind.PROGRESS
            return f"Listening {percent(self.progress)}" if is_running else "Waiting"
        if self.result.status != "ok":
            return self.result.error or "Cannot be read"
        return file_answer(self.result).headline


class FileTableModel(QAbstractTableModel):
    """One row per path, in the order in which they were dropped."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self._colours = colours
        self._rows: list[FileRow] = []
        self._numbers: dict[Path, int] = {}

    def set_colours(self, colours: Colours) -> None:
        """Colour errors for this theme."""
        self._colours = colours

    def row(self, number: int) -> FileRow:
        """Return a row by its number."""
        return self._rows[number]

    @property
    def unfinished(self) -> int:
        """How many files are still waiting or running."""
        done = (FileEventKind.DONE, FileEventKind.SKIPPED)
        return sum(row.kind not in done for row in self._rows)

    def apply(self, events: Iterable[FileEvent]) -> list[int]:
        """Take events; return the numbers of the rows they changed."""
        newest: dict[Path, FileEvent] = {}
        for event in events:
            if event.kind is FileEventKind.UNEXPLAINED:
                self._note(event)
            else:
                newest[event.path] = event
        fresh = [path for path in newest if path not in self._numbers]
        if fresh:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            for path in fresh:
                self._numbers[path] = len(self._rows)
                self._rows.append(FileRow(path))
            self.endInsertRows()
        for event in newest.values():
            self._update(event)
        return [self._numbers[path] for path in newest]

    def _note(self, event: FileEvent) -> None:
        """Keep what was found, beside why it cannot be explained any more."""
        if (number := self._numbers.get(event.path)) is not None:
            self._rows[number] = replace(self._rows[number], message=event.message)

    def _update(self, event: FileEvent) -> None:
        number = self._numbers[event.path]
        self._rows[number] = replace(
            self._rows[number],
            kind=event.kind,
            progress=event.progress,
            result=event.result,
            message=event.message,
        )
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))

    def clear(self) -> None:
        """Forget all rows."""
        self.beginResetModel()
        self._rows.clear()
        self._numbers.clear()
        self.endResetModel()

    # -- Qt's hooks -----------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of files."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' titles."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(row.path) if column == FILE else row.message or row.answer_words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and row.is_error and column == ANSWER:
            return QColor(self._colours.error)
        if role == Qt.ItemDataRole.UserRole:
            return row
        return None

    @staticmethod
    def _text(row: FileRow, column: int) -> str:
        if column == FILE:
            return row.path.name
        if column == ANSWER:
            return row.answer_words
        if row.result is None or row.is_error:
            return ""
        if column == LENGTH:
            return clock(row.result.duration_s)
        answer = file_answer(row.result)
        return answer.figure


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = (
        Qt.AlignmentFlag.AlignRight
        if column in (LENGTH, PROBABILITY)
        else Qt.AlignmentFlag.AlignLeft
    )
    return side | Qt.AlignmentFlag.AlignVCenter


class AnswerDelegate(QStyledItemDelegate):
    """Draws the instrument's colour before its name, and progress below the text."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self.colours = colours

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell (Qt's hook)."""
        row: FileRow = index.data(Qt.ItemDataRole.UserRole)
        answer = row.answer
        disc = QFontMetricsF(option.font).height() * 0.55
        shifted = QStyleOptionViewItem(option)
        if answer is not None and answer.index is not None:
            shifted.rect = option.rect.adjusted(round(disc * 1.6), 0, 0, 0)
        super().paint(painter, shifted, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if answer is not None and answer.index is not None:
            painter.setBrush(QColor(INSTRUMENTS[answer.index].colour))
            centre = QPointF(option.rect.left() + disc * 1.4, option.rect.center().y() + 0.5)
            painter.drawEllipse(centre, disc / 2, disc / 2)
        elif row.kind is FileEventKind.PROGRESS:
            self._draw_progress(painter, QRectF(option.rect), row.progress)
        painter.restore()

    def _draw_progress(self, painter: QPainter, cell: QRectF, progress: float) -> None:
        track = QRectF(cell.left() + 6, cell.bottom() - 5, (cell.width() - 12) * 0.6, 3)
        painter.setBrush(QColor(self.colours.line))
        painter.drawRoundedRect(track, 1.5, 1.5)
        track.setWidth(track.width() * min(1.0, max(0.0, progress)))
        painter.setBrush(QColor(self.colours.accent))
        painter.drawRoundedRect(track, 1.5, 1.5)
