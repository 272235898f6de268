"""The unit of a study: one 3-second window of a file, with what is known of its origin."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S
from timbrescope.models.instruments import index_of
from timbrescope.models.windows import window_starts
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.files import read_csv, write_csv
from timbrescope.training.state import set_aside

# What is left behind the last whole window is no clip if it is shorter: that would be nearly the
# same 3 s once more.
SHORTEST_CLIP_S = 0.5
# Seconds in a table are rounded.
_NUMBER_SLACK = 1e-3
Row = TypeVar("Row")


@dataclass(frozen=True)
class Clip:
    """One window of a file, 3 s long (padded with zeros where the file is shorter).

    Attributes
    ----------
    name : str
        Unique in a study: corpus, path within it, and the second at which it starts.
    path : Path
        The audio file.
    start_s : float
        Where in the file the window begins.
    sha256 : str
        Of the file's bytes.
    instrument : str
        One of the 28 names.
    group : str
        Clips of one group share an origin and stay on one side of a grouped split.
    source : str
        Repository, package or folder the file comes from.
    corpus : str
        Name of the corpus that lists the file.
    """

    name: str
    path: Path
    start_s: float
    sha256: str
    instrument: str
    group: str
    source: str
    corpus: str

    @property
    def label(self) -> int:
        """Index of the instrument's class."""
        return index_of(self.instrument)

    @property
    def number(self) -> int:
        """How many windows of the file lie before this one."""
        # The last one may begin before the one in front of it has ended.
        return math.ceil(self.start_s / WINDOW_S - _NUMBER_SLACK)


_COLUMNS = tuple(entry.name for entry in fields(Clip))


def starts_s(seconds: float) -> list[float]:
    """Return where the clips of a file of this length begin.

    They are its windows (`models.windows`): consecutive, as the paper's corpus was cut, and of
    what is left, if that is at least half a second, the file's last 3 s.
    """
    starts = [start / SAMPLE_RATE_HZ for start in window_starts(round(seconds * SAMPLE_RATE_HZ))]
    if len(starts) > 1 and seconds - starts[-2] - WINDOW_S < SHORTEST_CLIP_S:
        del starts[-1]
    return starts or [0.0]


def write_clips(clips: Iterable[Clip], path: Path) -> None:
    """Write clips as CSV so that a reader never sees half a file."""
    write_csv(path, _COLUMNS, ([getattr(clip, name) for name in _COLUMNS] for clip in clips))


def read_clips(path: Path) -> list[Clip]:
    """Return the clips of a study.

    Raises
    ------
    CorpusError
        If the file is missing or malformed.
    """
    return read_rows(path, _from_row, columns=_COLUMNS, what="the list of clips")


def read_rows(
    path: Path,
    row_of: Callable[[dict[str, str]], Row],
    *,
    columns: Sequence[str],
    what: str,
    step: str = "inspect",
) -> list[Row]:
    """Return the rows of a table that a step has written.

    Parameters
    ----------
    path : Path
    row_of : callable
        Makes a row of its cells.
    columns : sequence of str
        That have to be there.
    what : str
        The table in words, for errors.
    step : str
        That writes it.

    Raises
    ------
    CorpusError
        If the file is missing or malformed; a malformed one is set aside.
    """
    try:
        return [row_of(row) for row in read_csv(path, columns=columns)]
    except OSError as error:
        raise CorpusError(f"cannot read {what} {path}: {error}; run the step {step!r}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"{set_aside(path, repr(error))} by the step {step!r}") from error


def _from_row(row: dict[str, str]) -> Clip:
    return Clip(
        name=row["name"],
        path=Path(row["path"]),
        start_s=float(row["start_s"]),
        sha256=row["sha256"],
        instrument=row["instrument"],
        group=row["group"],
        source=row["source"],
        corpus=row["corpus"],
    )
