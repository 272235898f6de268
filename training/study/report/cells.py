"""How the report writes the numbers of a table."""

from dataclasses import dataclass

from timbrescope.training.measures.intervals import Interval
from timbrescope.training.study.report.table import Cell, Estimate, Share, Table

NONE = "–"
# Keeps a number and its unit on one line.
_SPACE = "\N{NO-BREAK SPACE}"
# From so many seconds on minutes are easier to read, and from so many minutes on hours.
_LONG = 90


@dataclass(frozen=True)
class Shown:
    """A cell as text.

    Attributes
    ----------
    text : str
    detail : str
        The interval; stands small behind the text.
    shade : float or None
        0...1, how strongly the cell is coloured.
    """

    text: str
    detail: str = ""
    shade: float | None = None


@dataclass(frozen=True)
class ShownTable:
    """A table as text; `numeric` says which columns are aligned to the right."""

    name: str
    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Shown, ...], ...]
    notes: tuple[str, ...]


def shown(cell: Cell) -> Shown:
    """Return a cell as the report writes it."""
    if cell is None:
        return Shown(NONE)
    if isinstance(cell, str):
        return Shown(cell)
    if isinstance(cell, Estimate):
        between = cell.interval
        detail = f"{_figure(between.low)} to {_figure(between.high)}" if between else ""
        return Shown(_figure(cell.value), detail)
    if isinstance(cell, Share):
        return Shown(f"{cell.value:.2f}", shade=round(min(max(cell.value, 0.0), 1.0), 3))
    return Shown(f"{cell:,}" if isinstance(cell, int) else _figure(cell))


def _figure(value: float) -> str:
    """Return three digits with a minus sign that is one, and without a negative zero."""
    return f"{round(value, 3) + 0.0:.3f}".replace("-", "−")


def shown_table(table: Table) -> ShownTable:
    """Return a table as the report writes it."""
    numeric = tuple(
        all(_is_number(row[place]) for row in table.rows) for place in range(len(table.columns))
    )
    rows = tuple(tuple(shown(cell) for cell in row) for row in table.rows)
    return ShownTable(table.name, table.caption, table.columns, numeric, rows, table.notes)


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell.strip("−").replace(".", "", 1).isdecimal()


def percent(value: float) -> str:
    """Return a share as a percentage with one digit."""
    return f"{100 * value:.1f}{_SPACE}%"


def points(value: float) -> str:
    """Return a difference of shares in percentage points with one digit."""
    return f"{round(100 * value, 1) + 0.0:.1f}".replace("-", "−")


def percent_range(interval: Interval | None) -> str:
    """Return an interval of shares in per cent; nothing if there is none."""
    if interval is None:
        return ""
    return f"95 % interval {points(interval.low)} to {points(interval.high)}"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < _LONG:
        return f"{seconds:.1f}{_SPACE}s"
    minutes = seconds / 60
    return f"{minutes:.1f}{_SPACE}min" if minutes < _LONG else f"{minutes / 60:.1f}{_SPACE}h"
