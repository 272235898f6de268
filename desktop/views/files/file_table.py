"""The table of dropped files: a change costs the same however many rows there are."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.views.files.columns import ANSWER, COLUMNS, FILE, FOLDER
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.file_rows import FileRow, Tally
from timbrescope.desktop.views.files.row_order import RowOrder
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
# So many rows are put in or taken out one by one; more of them are put in order all together.
_FEW = 64
# What the engine says first of a file.
_FIRST_KINDS = (FileEventKind.QUEUED, FileEventKind.SKIPPED, FileEventKind.LEFT_OUT)


class FileTableModel(QAbstractTableModel):
    """One row per path; filtered and sorted as the user wants, else in the order of dropping."""

    def __init__(self, colours: Colours) -> None:
        super().__init__()
        self._colours = colours
        self._rows: dict[int, FileRow] = {}
        self._numbers: dict[Path, int] = {}
        self._next_number = 0
        self._order = RowOrder()
        self.tally = Tally()

    def set_colours(self, colours: Colours) -> None:
        """Colour errors for this theme."""
        self._colours = colours

    # -- what there is --------------------------------------------------------------------

    def row(self, place: int) -> FileRow:
        """Return the row shown at `place`."""
        return self._rows[self._order.number_at(place)]

    def row_of(self, path: Path) -> FileRow | None:
        """Return the row of a file, shown or not; None if it is not in the list."""
        number = self._numbers.get(path)
        return None if number is None else self._rows[number]

    def place_of(self, path: Path) -> int | None:
        """Return where a file is shown, None if it is not."""
        number = self._numbers.get(path)
        return None if number is None else self._order.place_of(number)

    def rows(self) -> list[FileRow]:
        """Return all rows, shown or not, in the order of dropping."""
        return [self._rows[number] for number in sorted(self._rows)]

    def shown_rows(self) -> list[FileRow]:
        """Return the rows shown, in their order."""
        return [self._rows[number] for number in self._order.numbers()]

    # -- what comes in --------------------------------------------------------------------

    def apply(self, events: Iterable[FileEvent]) -> list[Path]:
        """Take events; return the paths of the rows they changed."""
        changed: dict[Path, FileRow] = {}
        for event in events:
            row = changed.get(event.path) or self.row_of(event.path)
            if row is None and event.kind not in _FIRST_KINDS:
                # It was taken out of the list meanwhile.
                continue
            changed[event.path] = (row or FileRow(event.path)).after(event)
        known = [row for path, row in changed.items() if path in self._numbers]
        self._add([row for path, row in changed.items() if path not in self._numbers])
        for row in known:
            self._replace(row)
        return list(changed)

    def restore(self, rows: Iterable[FileRow]) -> None:
        """Put back rows that were taken out before; files that are in the list stay."""
        self._add([row for row in rows if row.path not in self._numbers])

    def remove(self, paths: Iterable[Path]) -> list[FileRow]:
        """Take files out of the list; return their rows."""
        numbers = [self._numbers[path] for path in paths if path in self._numbers]
        gone = [self._rows[number] for number in numbers]
        if len(numbers) <= _FEW:
            for number in numbers:
                self._hide(number)
        for row in gone:
            del self._rows[row.number], self._numbers[row.path]
            self.tally.change(row, None)
        if len(numbers) > _FEW:
            self._rebuild()
        return gone

    def clear(self) -> list[FileRow]:
        """Forget all rows; return them, in the order of dropping."""
        gone = self.rows()
        self.beginResetModel()
        self._rows.clear()
        self._numbers.clear()
        self._order.rebuild(())
        self.tally = Tally()
        self.endResetModel()
        return gone

    def set_filter(self, wanted: FileFilter) -> None:
        """Show only the rows that are wanted."""
        if wanted != self._order.filter:
            self._order.filter = wanted
            self._rebuild()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, from now on too; -1 gives back the order of dropping (Qt's hook)."""
        self._order.column = column if column >= 0 else None
        self._order.falling = order is Qt.SortOrder.DescendingOrder
        self._rebuild()

    # -- inside ---------------------------------------------------------------------------

    def _add(self, rows: list[FileRow]) -> None:
        """Take rows of files that are not in the list yet."""
        numbered = []
        for row in rows:
            fresh = replace(row, number=self._next_number)
            self._next_number += 1
            self._numbers[row.path] = fresh.number
            self._rows[fresh.number] = fresh
            self.tally.change(None, fresh)
            numbered.append(fresh)
        shown = [row for row in numbered if self._order.filter.accepts(row)]
        count = len(self._order)
        if shown and all(self._order.place_for(row) == count for row in shown):
            self.beginInsertRows(QModelIndex(), count, count + len(shown) - 1)
            self._order.extend(shown)
            self.endInsertRows()
        elif len(shown) > _FEW:
            self._rebuild()
        else:
            for row in shown:
                self._show(row)

    def _replace(self, row: FileRow) -> None:
        before = self._rows[row.number]
        self._rows[row.number] = row
        self.tally.change(before, row)
        place = self._order.place_of(row.number)
        wanted = self._order.filter.accepts(row)
        if place is None:
            if wanted:
                self._show(row)
        elif not wanted:
            self._hide(row.number)
        else:
            self._move(row, place)

    def _move(self, row: FileRow, place: int) -> None:
        """Put a shown row where it belongs by now, and have it drawn anew."""
        if not self._order.is_at(row):
            target = self._order.place_for(row)
            # Qt names the place in the list as it is before the move.
            moves = target not in (place, place + 1)
            if moves:
                self.beginMoveRows(_NO_PARENT, place, place, _NO_PARENT, target)
            self._order.remove(row.number)
            self._order.insert(row)
            if moves:
                self.endMoveRows()
            place = self._order.place_of(row.number) or 0
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def _show(self, row: FileRow) -> None:
        place = self._order.place_for(row)
        self.beginInsertRows(QModelIndex(), place, place)
        self._order.insert(row)
        self.endInsertRows()

    def _hide(self, number: int) -> None:
        if (place := self._order.place_of(number)) is not None:
            self.beginRemoveRows(QModelIndex(), place, place)
            self._order.remove(number)
            self.endRemoveRows()

    def _rebuild(self) -> None:
        """Put all rows in order anew; what is selected stays selected."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        numbers = [self._order.number_at(index.row()) for index in kept]
        self._order.rebuild(self._rows.values())
        for index, number in zip(kept, numbers, strict=True):
            place = self._order.place_of(number)
            moved = QModelIndex() if place is None else self.index(place, index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()

    # -- Qt's hooks -----------------------------------------------------------------------

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of rows shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' titles."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return tr(COLUMNS[section].title)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        row, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[column].text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and row.is_error and column == ANSWER:
            return QColor(self._colours.error)
        if role == Qt.ItemDataRole.UserRole:
            return row
        return None


def _tip(row: FileRow, column: int) -> str:
    if column in (FILE, FOLDER):
        return str(row.path)
    if column == ANSWER:
        notes = row.result.notes if row.result is not None else ()
        # Why it is not sure stands beside what it is not sure of.
        says = f"{row.answer.headline}: {row.answer.detail}" if row.is_unsure and row.answer else ""
        return "\n".join((row.message or says or row.answer_words, *notes))
    return COLUMNS[column].text(row)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].is_figure else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
