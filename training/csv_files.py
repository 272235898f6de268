"""CSV files in UTF-8 that are there in full or not at all."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

# File names of old archives are bytes in some other encoding; they pass through unchanged.
FOREIGN_NAMES = "surrogateescape"


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a head and rows so that a reader never sees half a file; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    with partial.open("w", newline="", encoding="utf-8", errors=FOREIGN_NAMES) as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    partial.replace(path)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows by column.

    Raises
    ------
    OSError, UnicodeDecodeError
        If the file cannot be read.
    """
    with path.open(newline="", encoding="utf-8", errors=FOREIGN_NAMES) as file:
        return list(csv.DictReader(file))
