"""Files that are there in full or not at all: JSON, CSV, text, arrays, and what others write."""

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# File names of old archives are bytes in some other encoding; they pass through unchanged.
FOREIGN_NAMES = "surrogateescape"


@contextmanager
def in_full(path: Path) -> Iterator[Path]:
    """Give a place to write a file or a folder to, which becomes `path` once it is finished.

    Until the block has ended, a reader sees what was at `path` before; if it fails, what it wrote
    is removed. The folder that `path` lies in is made.

    Parameters
    ----------
    path : Path
        A folder may replace no other folder.

    Yields
    ------
    Path
        Nothing is there yet; it has the name of `path`, for what reads a form off a name's ending.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own for every writer: two runs may share a folder, and write the same file.
    scratch = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
    try:
        draft = scratch / path.name
        yield draft
        draft.replace(path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_text(path: Path, text: str, *, errors: str = "strict") -> None:
    """Write `text` in UTF-8; `errors` says what becomes of what is no text, as for `str.encode`."""
    with in_full(path) as draft:
        draft.write_bytes(text.encode("utf-8", errors))


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content`."""
    with in_full(path) as draft:
        draft.write_bytes(content)


def write_json(path: Path, content: Any) -> None:
    """Write `content` as JSON that people can read as well."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    try:
        write_text(path, text)
    except UnicodeEncodeError:
        # The name of a file from an old archive, in some other encoding: only escaped is it text.
        write_text(path, json.dumps(content, indent=2) + "\n")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a head and rows."""
    with (
        in_full(path) as draft,
        draft.open("w", newline="", encoding="utf-8", errors=FOREIGN_NAMES) as file,
    ):
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows by column.

    Raises
    ------
    OSError, UnicodeDecodeError
        If the file cannot be read.
    """
    with path.open(newline="", encoding="utf-8", errors=FOREIGN_NAMES) as file:
        return list(csv.DictReader(file))


def write_arrays(path: Path, arrays: Mapping[str, ArrayLike], *, compressed: bool = False) -> None:
    """Write arrays by name as NPZ."""
    # Not Mapping[str, ArrayLike]: the checker would take them for savez's own options.
    named: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    with in_full(path) as draft, draft.open("wb") as file:
        (np.savez_compressed if compressed else np.savez)(file, **named)
