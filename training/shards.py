"""Shards of the feature cache: one class of one part, composed and analysed in one process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.frontend import KINDS, FeatureKind, feature_shape, features_of_kinds
from models.instruments import index_of
from training.augment import Background
from training.corpora import Recording
from training.json_files import write_json
from training.windows import class_windows, load_background, load_material

# Half precision holds decibels between -80 and 0 to 0.03 dB; MFCCs reach into the hundreds.
STORED_TYPES: dict[FeatureKind, type[np.floating]] = {"mel": np.float16, "mfcc": np.float32}


@dataclass(frozen=True)
class Job:
    """One shard: a class of a part; crosses to a worker process."""

    target: Path
    instrument: str
    recordings: tuple[Recording, ...]
    background: tuple[Recording, ...]
    count: int
    seed: int


@cache
def _background(recordings: tuple[Recording, ...]) -> Background:
    """Return the background, read once in each worker process."""
    return load_background(recordings)


def make_shard(job: Job) -> None:
    """Compose and analyse one class of one part, unless that is done already; runs in a worker."""
    if job.target.is_file():
        return
    stored: dict[FeatureKind, NDArray[np.floating]] = {
        kind: np.empty((job.count, *feature_shape(kind)), dtype=STORED_TYPES[kind])
        for kind in KINDS
    }
    groups: list[str] = []
    windows = class_windows(
        job.instrument,
        load_material(job.recordings),
        count=job.count,
        seed=job.seed,
        background=_background(job.background),
    )
    for row, window in enumerate(windows):
        for kind, found in features_of_kinds(window.samples).items():
            stored[kind][row] = found
        groups.append(window.group)
    partial = job.target.with_suffix(".part.npz")
    np.savez(
        partial,
        mel=stored["mel"],
        mfcc=stored["mfcc"],
        groups=np.array(groups),
        label=np.array(index_of(job.instrument)),
    )
    partial.replace(job.target)


def assemble(shards: Sequence[Path], folder: Path, *, part: str) -> None:
    """Put the shards of one part into the arrays that training maps."""
    labels: list[int] = []
    groups: list[str] = []
    for shard in shards:
        with np.load(shard) as stored:
            groups.extend(stored["groups"].tolist())
            labels.extend([int(stored["label"])] * len(stored["groups"]))
    for kind in KINDS:
        whole = np.lib.format.open_memmap(
            folder / f"{part}-{kind}.npy",
            mode="w+",
            dtype=STORED_TYPES[kind],
            shape=(len(labels), *feature_shape(kind)),
        )
        row = 0
        for shard in shards:
            with np.load(shard) as stored:
                rows = stored[kind]
            whole[row : row + len(rows)] = rows
            row += len(rows)
        whole.flush()
    np.save(folder / f"{part}-labels.npy", np.array(labels, dtype=np.int64))
    write_json(folder / f"{part}-groups.json", groups)
    for shard in shards:
        shard.unlink()
