"""Which rows are shown, in which order; finding a row's place takes log time, however many."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any

from timbrescope.desktop.views.files.columns import COLUMNS
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.file_rows import FileRow

# (nothing to sort by, what it is sorted by, number of the row); numbers make it unambiguous.
Entry = tuple[bool, Any, int]


class _Falling:
    """Turns the order of what it holds round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Falling") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and bool(other.value == self.value)

    def __hash__(self) -> int:
        return hash(self.value)


class RowOrder:
    """A sorted list of those rows that the filter lets through.

    Qt's own sorting proxy asks for every row again and again: a click on a header of 50,000 rows
    would stop the window for seconds.
    """

    def __init__(self) -> None:
        self.column: int | None = None
        self.falling = False
        self.filter = FileFilter()
        self._entries: list[Entry] = []
        self._entry_of: dict[int, Entry] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def number_at(self, place: int) -> int:
        """Return the number of the row shown at `place`."""
        return self._entries[place][2]

    def numbers(self) -> list[int]:
        """Return the numbers of all rows shown, in order."""
        return [entry[2] for entry in self._entries]

    def place_of(self, number: int) -> int | None:
        """Return the place of a row, None if it is not shown."""
        entry = self._entry_of.get(number)
        return None if entry is None else bisect_left(self._entries, entry)

    def entry(self, row: FileRow) -> Entry:
        """Return what `row` is sorted by."""
        key = None if self.column is None else COLUMNS[self.column].key(row)
        if key is None:
            return (self.column is not None, 0, row.number)
        return (False, _Falling(key) if self.falling else key, row.number)

    def is_at(self, row: FileRow) -> bool:
        """Return whether `row` is where it belongs already."""
        return self._entry_of.get(row.number) == self.entry(row)

    def place_for(self, row: FileRow) -> int:
        """Return the place at which `row` would be inserted."""
        return bisect_left(self._entries, self.entry(row))

    def insert(self, row: FileRow) -> None:
        """Show `row`."""
        entry = self.entry(row)
        self._entry_of[row.number] = entry
        insort(self._entries, entry)

    def extend(self, rows: Iterable[FileRow]) -> None:
        """Show rows that all belong after those shown."""
        entries = sorted(self.entry(row) for row in rows)
        self._entries.extend(entries)
        self._entry_of.update((entry[2], entry) for entry in entries)

    def remove(self, number: int) -> None:
        """Show a row no more."""
        place = self.place_of(number)
        if place is not None:
            del self._entries[place], self._entry_of[number]

    def rebuild(self, rows: Iterable[FileRow]) -> None:
        """Put all rows in order anew."""
        wanted = rows if self.filter.is_open else (r for r in rows if self.filter.accepts(r))
        self._entries = sorted(self.entry(row) for row in wanted)
        self._entry_of = {entry[2]: entry for entry in self._entries}
