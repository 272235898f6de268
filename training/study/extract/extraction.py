"""Features of clips, extracted in parallel, streamed from disk, and stored as they come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import PAPER_KINDS, features_of_kinds
from timbrescope.training.prerequisites import require_space
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.extract.store import (
    STORED_KINDS,
    ClipKey,
    FeatureStore,
    StoredKind,
    stored_bytes,
    stored_shape,
    stored_type,
    write_segment,
)
from timbrescope.training.study.tasks import Progress, run_tasks

# Some megabytes, and some tenths of a second of work.
CLIPS_PER_TASK = 64


@dataclass(frozen=True)
class FileWindows:
    """Which windows of a file are wanted; crosses to a worker."""

    path: Path
    sha256: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """Some files, and the folder in which a worker leaves their features."""

    folder: Path
    files: tuple[FileWindows, ...]


@dataclass(frozen=True)
class Extracted:
    """What a worker answers: a segment (none if empty), its clips, and what could not be read."""

    segment: str
    keys: tuple[ClipKey, ...]
    failures: tuple[tuple[Path, str], ...]
    windows: int


@dataclass(frozen=True)
class ExtractionReport:
    """How many clips were stored already, how many were extracted, and what failed."""

    found: int
    extracted: int
    failures: tuple[tuple[Path, str], ...]


def extract(
    clips: Sequence[Clip],
    store: FeatureStore,
    *,
    workers: int,
    scheduler: str | None = None,
    progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> ExtractionReport:
    """Extract and store the features of the clips that the store does not have.

    Parameters
    ----------
    clips : sequence of Clip
    store : FeatureStore
    workers, scheduler
        See `training.study.tasks.run_tasks`.
    progress : callable
        Told how many of the missing clips are done, and how many there are.

    Raises
    ------
    PrerequisiteError
        If the disk is too full; nothing is extracted then.
    SchedulerError
        If a scheduler is named that cannot be used. Unreadable files are no error but stand in
        the report.
    """
    folder = store.prepare()
    missing = store.missing(clips)
    require_space(folder, len(missing) * stored_bytes(), purpose="extract the features")
    failures: list[tuple[Path, str]] = []
    done = extracted = 0
    answers = run_tasks(
        extract_files, tasks(missing, folder=folder), workers=workers, scheduler=scheduler
    )
    for answer in answers:
        if answer.keys:
            store.commit(answer.segment, answer.keys)
        failures.extend(answer.failures)
        extracted += len(answer.keys)
        done += answer.windows
        progress(done, len(missing))
    return ExtractionReport(len(clips) - len(missing), extracted, tuple(failures))


def tasks(clips: Iterable[Clip], *, folder: Path) -> Iterator[Task]:
    """Yield tasks of about `CLIPS_PER_TASK` windows; a file's windows stay in one task."""
    files: list[FileWindows] = []
    windows = 0
    for (path, sha256), of_file in groupby(
        sorted(clips, key=_place), key=lambda clip: (clip.path, clip.sha256)
    ):
        numbers = tuple(clip.number for clip in of_file)
        files.append(FileWindows(path, sha256, numbers))
        windows += len(numbers)
        if windows >= CLIPS_PER_TASK:
            yield Task(folder, tuple(files))
            files, windows = [], 0
    if files:
        yield Task(folder, tuple(files))


def _place(clip: Clip) -> tuple[str, str, int]:
    return (str(clip.path), clip.sha256, clip.number)


def extract_files(task: Task) -> Extracted:
    """Extract the wanted windows of some files and write them as a segment; runs in a worker."""
    wanted = sum(len(file.numbers) for file in task.files)
    arrays = {
        kind: np.empty((wanted, *stored_shape(kind)), dtype=stored_type(kind))
        for kind in STORED_KINDS
    }
    keys: list[ClipKey] = []
    failures: list[tuple[Path, str]] = []
    for file in task.files:
        try:
            for number, window in _wanted_windows(file):
                _put(clip_features(window), arrays, row=len(keys))
                keys.append((file.sha256, number))
        except TimbrescopeError as error:
            failures.append((file.path, str(error)))
    filled = {kind: rows[: len(keys)] for kind, rows in arrays.items()}
    segment = write_segment(task.folder, filled) if keys else ""
    return Extracted(segment, tuple(keys), tuple(failures), wanted)


def _wanted_windows(file: FileWindows) -> Iterator[tuple[int, NDArray[np.float32]]]:
    wanted = set(file.numbers)
    for number, window in enumerate(iter_windows(file.path)):
        if number in wanted:
            yield number, window.samples
        if number >= file.numbers[-1]:
            return


def _put(
    found: Mapping[StoredKind, NDArray[np.floating]],
    arrays: Mapping[StoredKind, NDArray[np.floating]],
    *,
    row: int,
) -> None:
    for kind, values in found.items():
        arrays[kind][row] = values


def clip_features(window: NDArray[np.float32]) -> dict[StoredKind, NDArray[np.floating]]:
    """Return the features of one window, shape (66150,), that are stored."""
    found = features_of_kinds(window, PAPER_KINDS)
    return {"mel": found["mel"], "mfcc": found["mfcc"], "mean": found["mfcc"].mean(axis=1)}
