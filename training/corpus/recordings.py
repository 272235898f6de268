"""Manifests and folder trees become lists of `Recording`; groups that two corpora share."""

import csv
import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from timbrescope.models.audio.collect import collect_audio_files
from timbrescope.models.audio.decode import open_audio
from timbrescope.models.errors import AudioFileError, UnknownInstrumentError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import canonical_name
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.other_kinds import kind_of_other
from timbrescope.training.files import write_csv
from timbrescope.training.labels import INSTRUMENT_KINDS, KINDS, TRAIN_SPLIT

MANIFEST_NAME = "manifest.csv"
COLUMNS = (
    "path",
    "instrument",
    "source",
    "group",
    "kind",
    "split",
    "seconds",
    "licence",
    "origin",
)


@dataclass(frozen=True)
class Recording:
    """One file of a corpus.

    Attributes
    ----------
    path : Path
        The audio file.
    instrument : str or None
        One of the 28 names; None for everything that is no single one of them.
    kind : str
        ``note``, ``phrase``, ``noise``, ``speech``, ``other``, ``ir`` or ``music``.
    group : str
        Recordings of one group share an origin and stay on one side of every split.
    source : str
        Repository, package or folder that the file comes from; who is to be credited.
    split : str
        ``train``, or a name of material that is only measured with.
    licence : str
        As the source states it.
    seconds : float
        Length as the corpus states it; not a number where it states none.
    what : str
        Of kind ``other``: which instrument it is, see `training.corpus.other_kinds`.
    origin : str
        Where the file lies in its source, as the corpus states it; for readers.
    """

    path: Path
    instrument: str | None
    kind: str
    group: str
    source: str
    split: str
    licence: str
    seconds: float
    what: str = ""
    origin: str = ""


@dataclass(frozen=True)
class FolderTree:
    """What a folder tree holds: the recordings, and the folders that name no class."""

    recordings: tuple[Recording, ...]
    unknown_folders: tuple[str, ...]


def read_manifest(csv_path: Path, *, check_files: bool = True) -> list[Recording]:
    """Return the recordings that a manifest lists, in its order.

    Parameters
    ----------
    csv_path : Path
        CSV in UTF-8 with the columns of `COLUMNS`; ``path`` is relative to the CSV's folder.
    check_files : bool
        Whether a listed file that does not exist is an error.

    Raises
    ------
    CorpusError
        If the file is missing, lacks a column, names an unknown class or kind, states no
        length, or lists a file that does not exist.
    """
    try:
        with csv_path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise CorpusError(
                    f"the manifest {csv_path} lacks the columns {', '.join(missing)}; it needs "
                    f"{', '.join(COLUMNS)}"
                )
            return [
                _from_row(
                    row,
                    folder=csv_path.parent,
                    where=f"{csv_path}, line {reader.line_num}",
                    check_file=check_files,
                )
                for row in reader
            ]
    # ValueError: not UTF-8, or a name with a NUL in it.
    except (OSError, ValueError, csv.Error) as error:
        raise CorpusError(f"cannot read the manifest {csv_path}: {error}") from error


def _from_row(row: dict[str, str], *, folder: Path, where: str, check_file: bool) -> Recording:
    if short := [name for name in COLUMNS if row.get(name) is None]:
        raise CorpusError(f"{where}: the row ends before {short[0]}")
    path = folder / row["path"]
    if check_file and not path.is_file():
        raise CorpusError(f"{where}: there is no file {path}; build or fetch the corpus again")
    if row["kind"] not in KINDS:
        raise CorpusError(f"{where}: kind {row['kind']!r} is none of {', '.join(KINDS)}")
    try:
        instrument = canonical_name(row["instrument"]) if row["instrument"] else None
        seconds = float(row["seconds"])
    except (UnknownInstrumentError, ValueError) as error:
        raise CorpusError(f"{where}: {error}") from error
    if not 0 <= seconds < math.inf:
        raise CorpusError(f"{where}: a length of {row['seconds']!r} seconds")
    if (instrument is None) == (row["kind"] in INSTRUMENT_KINDS):
        raise CorpusError(
            f"{where}: kind {row['kind']!r} does not go with instrument {row['instrument']!r}"
        )
    return Recording(
        path=path,
        instrument=instrument,
        kind=row["kind"],
        group=row["group"],
        source=row["source"],
        split=row["split"],
        licence=row["licence"],
        seconds=seconds,
        what=kind_of_other(row["group"], row["origin"]) if row["kind"] == "other" else "",
        origin=row["origin"],
    )


def write_manifest(rows: Iterable[dict[str, str]], csv_path: Path) -> None:
    """Write `rows`, with the keys of `COLUMNS`, so that a reader never sees half a file."""
    write_csv(csv_path, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def read_folder_tree(root: Path) -> FolderTree:
    """Return the recordings of a tree with one folder per class, with their lengths.

    Every file is training material of kind ``phrase``. Its group is the sub-folder it lies in
    or, directly under the class, its own name: nothing is known of what belongs together.

    Raises
    ------
    CorpusError
        If `root` is no folder, holds no class folder with audio, or a file cannot be read.
    """
    tree = list_folder_tree(root)
    measured = (replace(found, seconds=_length_s(found.path)) for found in tree.recordings)
    return replace(tree, recordings=tuple(measured))


def list_folder_tree(root: Path) -> FolderTree:
    """Return the recordings of a tree as `read_folder_tree` does, without opening any file.

    Raises
    ------
    CorpusError
        If `root` is no folder or holds no class folder with audio.
    """
    if not root.is_dir():
        raise CorpusError(f"{root} is no folder; give a folder with one folder per instrument")
    recordings: list[Recording] = []
    unknown: list[str] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        try:
            instrument = canonical_name(folder.name)
        except UnknownInstrumentError:
            unknown.append(folder.name)
            continue
        recordings.extend(_files_of_class(folder, instrument=instrument, source=root.name))
    if not recordings:
        raise CorpusError(
            f"{root} has no folder named like one of the 28 instruments with audio in it; "
            f"folders found: {', '.join(unknown) or 'none'}"
        )
    return FolderTree(tuple(recordings), tuple(unknown))


def _files_of_class(folder: Path, *, instrument: str, source: str) -> Iterator[Recording]:
    for path in collect_audio_files([folder]).files:
        inner = path.relative_to(folder)
        origin = inner.parts[0] if len(inner.parts) > 1 else path.stem
        yield Recording(
            path=path,
            instrument=instrument,
            kind="phrase",
            group=f"{source}/{origin}:{instrument}",
            source=source,
            split=TRAIN_SPLIT,
            licence="not stated",
            seconds=math.nan,
        )


def _length_s(path: Path) -> float:
    try:
        with open_audio(path) as audio:
            return audio.duration_s or sum(map(len, audio.samples())) / SAMPLE_RATE_HZ
    except AudioFileError as error:
        raise CorpusError(f"cannot read {path}: {error}; remove it or replace it") from error


def read_corpus(path: Path) -> FolderTree:
    """Return the recordings at `path`: a manifest, a folder with one, or a folder per class."""
    if path.is_dir() and not (path / MANIFEST_NAME).is_file():
        return read_folder_tree(path)
    return FolderTree(tuple(read_manifest(path / MANIFEST_NAME if path.is_dir() else path)), ())


def identity(recordings: Iterable[Recording]) -> str:
    """Return a SHA-256 over what the recordings are, independent of their order and place."""
    lines = sorted(
        f"{r.path.name}|{r.path.stat().st_size}|{r.instrument}|{r.kind}|{r.group}|{r.split}"
        for r in recordings
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
