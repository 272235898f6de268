"""One row for every file that a corpus lists: what it is said to be, what it holds, its use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from timbrescope.training.files import write_csv
from timbrescope.training.study.clips import Clip, read_rows, starts_s
from timbrescope.training.study.inspect.corpora import set_name
from timbrescope.training.study.inspect.measuring import SILENCE_DBFS, MeasuredFile

Problem = Literal["corrupt", "too short", "silent", "duplicate", "conflicting duplicate"]
PROBLEMS: tuple[Problem, ...] = (
    "corrupt",
    "too short",
    "silent",
    "duplicate",
    "conflicting duplicate",
)


@dataclass(frozen=True)
class Inspected:
    """A file of a corpus.

    Attributes
    ----------
    corpus : str
        Name of the corpus that lists it.
    root : Path
        The corpus's folder.
    path : str
        Relative to `root`, with ``/``.
    instrument, group, source, split : str
        As the corpus states them.
    measured : MeasuredFile
        What the file holds.
    problem : str
        Why it is left out, one of `PROBLEMS`; empty if it is used.
    detail : str
        More of that, for a reader.
    same_as : str
        Of a duplicate: the `name` of the file that is kept, or of another one in conflict.
    """

    corpus: str
    root: Path
    path: str
    instrument: str
    group: str
    source: str
    split: str
    measured: MeasuredFile
    problem: str = ""
    detail: str = ""
    same_as: str = ""

    @property
    def name(self) -> str:
        """Unique in a study as long as a corpus lists no path twice."""
        return f"{self.corpus}/{self.path}"

    @property
    def set_name(self) -> str:
        """The corpus, or, for a file that is only measured with, the corpus and its split."""
        return set_name(self.corpus, self.split)

    @property
    def file(self) -> Path:
        """Where the file lies."""
        return self.root / self.path

    @property
    def used(self) -> bool:
        """Whether nothing speaks against the file."""
        return not self.problem


def usable(inspected: Iterable[Inspected]) -> list[Clip]:
    """Cut the files that are used into clips; windows below -60 dBFS are left out."""
    return [clip for clip, _ in clips_with_levels(inspected)]


def clips_with_levels(inspected: Iterable[Inspected]) -> Iterator[tuple[Clip, int]]:
    """Yield the clips of `usable` with their RMS in dBFS, rounded down."""
    for row in inspected:
        if row.used:
            windows = zip(starts_s(row.measured.seconds), row.measured.levels_dbfs, strict=True)
            yield from ((_clip(row, at), level) for at, level in windows if level >= SILENCE_DBFS)


def _clip(row: Inspected, start_s: float) -> Clip:
    return Clip(
        name=f"{row.name}@{start_s:g}",
        path=row.file,
        start_s=start_s,
        sha256=row.measured.sha256,
        instrument=row.instrument,
        group=row.group,
        source=row.source,
        corpus=row.set_name,
    )


_OWN = tuple(entry.name for entry in fields(Inspected) if entry.name != "measured")
# Of `problem` and `detail`, the row's own count.
_MEASURED = tuple(
    entry.name for entry in fields(MeasuredFile) if entry.name not in ("problem", "detail")
)
_LAST = ("problem", "detail", "same_as")
COLUMNS = (
    *(name for name in _OWN if name not in _LAST),
    *_MEASURED,
    "silent_share",
    *_LAST,
)


def write_inspected(rows: Sequence[Inspected], path: Path) -> None:
    """Write rows as CSV so that a reader never sees half a file."""
    stated = map(_as_row, rows)
    write_csv(path, COLUMNS, ([row[name] for name in COLUMNS] for row in stated))


def _as_row(row: Inspected) -> dict[str, Any]:
    measured = asdict(row.measured)
    levels = " ".join(map(str, row.measured.levels_dbfs))
    return {
        **{name: measured[name] for name in _MEASURED},
        **{name: getattr(row, name) for name in _OWN},
        "levels_dbfs": levels,
        "silent_share": round(row.measured.silent_share, 4),
    }


def read_inspected(path: Path) -> list[Inspected]:
    """Return the rows of an inspection.

    Raises
    ------
    CorpusError
        If the file is missing or malformed.
    """
    return read_rows(path, _from_row, columns=COLUMNS, what="the inspection")


def _from_row(row: Mapping[str, str]) -> Inspected:
    measured = MeasuredFile(
        sha256=row["sha256"],
        fingerprint=row["fingerprint"],
        seconds=float(row["seconds"]),
        rate_hz=int(row["rate_hz"]),
        channels=int(row["channels"]),
        peak_dbfs=float(row["peak_dbfs"]),
        rms_dbfs=float(row["rms_dbfs"]),
        clipped_share=float(row["clipped_share"]),
        levels_dbfs=tuple(map(int, row["levels_dbfs"].split())),
    )
    own = {name: row[name] for name in _OWN if name != "root"}
    return Inspected(root=Path(row["root"]), measured=measured, **own)
