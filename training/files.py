"""Files that are there in full or not at all: JSON, CSV, text, arrays, and what others write."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from timbrescope.models.names import ENCODED, read_name, written_name


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
    """Write `content` as JSON that people can read as well; names as `models.names` writes them."""
    written = _with_names(_written, content)
    write_text(path, json.dumps(written, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Return what `write_json` was given.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not JSON in UTF-8.
    """
    try:
        return _with_names(read_name, json.loads(path.read_bytes()))
    except RecursionError as error:
        raise ValueError("it nests too deep") from error


def _written(text: str) -> str:
    # The name of a file from an old archive may be in some other encoding. What is text, with
    # its line ends, stays as it is.
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return written_name(text)
    return written_name(text) if text.startswith(ENCODED) else text


def _with_names(change: Callable[[str], str], content: Any) -> Any:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, Mapping):
        return {
            change(key) if isinstance(key, str) else key: _with_names(change, value)
            for key, value in content.items()
        }
    if isinstance(content, list | tuple):
        return [_with_names(change, value) for value in content]
    return content


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a head and rows; names in them as `models.names` writes them."""
    with in_full(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([written_name(str(cell)) for cell in row] for row in rows)


def read_csv(path: Path, *, columns: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows by column; `columns` are those that have to be there.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not a table in UTF-8.
    """
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            rows = list(reader)
        except csv.Error as error:
            raise ValueError(f"it is not CSV: {error}") from error
    if missing := set(columns) - set(reader.fieldnames or ()):
        raise ValueError(f"it has no column {', '.join(sorted(missing))}")
    if any(None in row or None in row.values() for row in rows):
        raise ValueError("a row has more or fewer cells than there are columns")
    return [{column: read_name(cell) for column, cell in row.items()} for row in rows]


def write_arrays(path: Path, arrays: Mapping[str, ArrayLike], *, compressed: bool = False) -> None:
    """Write arrays by name as NPZ."""
    # Not Mapping[str, ArrayLike]: the checker would take them for savez's own options.
    named: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    with in_full(path) as draft, draft.open("wb") as file:
        (np.savez_compressed if compressed else np.savez)(file, **named)
