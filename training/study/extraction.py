"""Features of clips, extracted in parallel, streamed from disk, and stored as they come."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import TimbrescopeError
from models.frontend import WINDOW_SAMPLES, features_of_kinds
from training.decoding import stream_mono
from training.study.clips import Clip
from training.study.scheduler import run_tasks
from training.study.store import ClipFeatures, FeatureStore, StoredKind, stored_type

# A task's answer is some megabytes and some tenths of a second of work.
CLIPS_PER_TASK = 48

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FileWindows:
    """Which windows of a file are wanted; crosses to a worker."""

    path: Path
    sha256: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Extracted:
    """What a worker answers: features, and the files that could not be read with the reason."""

    features: tuple[ClipFeatures, ...]
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
        See `training.study.scheduler.run_tasks`.
    progress : callable
        Told how many of the missing clips are done, and how many there are.

    Raises
    ------
    SchedulerError
        If a scheduler is named that cannot be used. Unreadable files are no error but stand in
        the report.
    """
    store.tidy()
    missing = store.missing(clips)
    failures: list[tuple[Path, str]] = []
    done = extracted = 0
    try:
        for answer in run_tasks(
            extract_files, tasks(missing), workers=workers, scheduler=scheduler
        ):
            store.add(answer.features)
            failures.extend(answer.failures)
            extracted += len(answer.features)
            done += answer.windows
            progress(done, len(missing))
    finally:
        # What is finished stays finished, whatever ended the run.
        store.flush()
    return ExtractionReport(len(clips) - len(missing), extracted, tuple(failures))


def tasks(clips: Iterable[Clip]) -> Iterator[tuple[FileWindows, ...]]:
    """Yield tasks of about `CLIPS_PER_TASK` windows; a file's windows stay in one task."""
    task: list[FileWindows] = []
    windows = 0
    for (path, sha256), of_file in groupby(
        sorted(clips, key=_place), key=lambda clip: (clip.path, clip.sha256)
    ):
        numbers = tuple(clip.number for clip in of_file)
        task.append(FileWindows(path, sha256, numbers))
        windows += len(numbers)
        if windows >= CLIPS_PER_TASK:
            yield tuple(task)
            task, windows = [], 0
    if task:
        yield tuple(task)


def _place(clip: Clip) -> tuple[str, str, int]:
    return (str(clip.path), clip.sha256, clip.number)


def extract_files(task: tuple[FileWindows, ...]) -> Extracted:
    """Return the features of the wanted windows of some files; runs in a worker."""
    features: list[ClipFeatures] = []
    failures: list[tuple[Path, str]] = []
    for file in task:
        try:
            features.extend(_features_of_file(file))
        except TimbrescopeError as error:
            failures.append((file.path, str(error)))
    return Extracted(tuple(features), tuple(failures), sum(len(file.numbers) for file in task))


def _features_of_file(file: FileWindows) -> Iterator[ClipFeatures]:
    wanted = set(file.numbers)
    for number, window in enumerate(file_windows(file.path)):
        if number in wanted:
            yield ClipFeatures((file.sha256, number), clip_features(window))
        if number >= file.numbers[-1]:
            return


def clip_features(window: NDArray[np.float32]) -> dict[StoredKind, NDArray[np.floating]]:
    """Return the stored features of one window, shape (66150,)."""
    found = features_of_kinds(window)
    return {
        "mel": found["mel"].astype(stored_type("mel")),
        "mfcc": found["mfcc"],
        "mean": found["mfcc"].mean(axis=1),
    }


def file_windows(path: Path) -> Iterator[NDArray[np.float32]]:
    """Yield the consecutive windows of a file, each of shape (66150,), the last one padded.

    Raises
    ------
    CorpusError
        If the file cannot be decoded.
    """
    rest = np.empty(0, dtype=np.float32)
    for block in stream_mono(path):
        rest = np.concatenate([rest, block]) if len(rest) else block
        whole = len(rest) // WINDOW_SAMPLES
        yield from rest[: whole * WINDOW_SAMPLES].reshape(whole, WINDOW_SAMPLES)
        rest = rest[whole * WINDOW_SAMPLES :]
    if len(rest):
        yield np.pad(rest, (0, WINDOW_SAMPLES - len(rest)))
