"""A table of a study, as numbers: the report formats it, a CSV file holds it."""

from dataclasses import dataclass, field
from pathlib import Path

from timbrescope.training.files import write_csv
from timbrescope.training.measures.intervals import Interval


@dataclass(frozen=True)
class Estimate:
    """A figure with its confidence interval, where there is one."""

    value: float
    interval: Interval | None = None


@dataclass(frozen=True)
class Share:
    """A figure from 0 to 1 that is shaded where it is shown, as one of many like it."""

    value: float


Cell = str | int | float | Estimate | Share | None


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns.

    Attributes
    ----------
    name : str
        Also the CSV file's.
    caption : str
    columns : tuple of str
    rows : tuple of tuple of Cell
        None is a figure that does not exist.
    notes : tuple of str
        What has to be known to read it.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.rows)


def write_table(table: Table, folder: Path) -> Path:
    """Write a table as ``<name>.csv`` below `folder` and return the file.

    A column with intervals is followed by two more, its lower and its upper end.
    """
    path = folder / f"{table.name}.csv"
    with_interval = [
        any(isinstance(row[place], Estimate) for row in table.rows)
        for place in range(len(table.columns))
    ]
    head = _spread_head(table.columns, with_interval)
    write_csv(path, head, (_spread(row, with_interval) for row in table.rows))
    return path


def _spread_head(columns: tuple[str, ...], with_interval: list[bool]) -> list[str]:
    head: list[str] = []
    for name, wide in zip(columns, with_interval, strict=True):
        head += [name, f"{name} (low)", f"{name} (high)"] if wide else [name]
    return head


def _spread(row: tuple[Cell, ...], with_interval: list[bool]) -> list[str | int | float]:
    cells: list[str | int | float] = []
    for cell, wide in zip(row, with_interval, strict=True):
        cells.append(_plain(cell))
        if wide:
            interval = cell.interval if isinstance(cell, Estimate) else None
            cells += [interval.low, interval.high] if interval else ["", ""]
    return cells


def _plain(cell: Cell) -> str | int | float:
    if isinstance(cell, Estimate | Share):
        return cell.value
    return "" if cell is None else cell
