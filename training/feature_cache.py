"""The windows' features on disk: made once, in parallel, class by class, and read as maps.

Layout below the working folder::

    features/current.json            key of the set that training reads
    features/<key>/settings.json     everything the key stands for
    features/<key>/shards/           one file a class and part; an interrupted run goes on here
    features/<key>/<part>-mel.npy    (N, 128, 130) float16, decibels
    features/<key>/<part>-mfcc.npy   (N, 40, 130) float32
    features/<key>/<part>-labels.npy, <part>-groups.json

Rows are in class order.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import TimbrescopeError
from models.frontend import KINDS, FeatureKind, settings
from models.instruments import NAMES
from training.corpora import MANIFEST_NAME, Recording, identity, read_corpus
from training.json_files import write_json
from training.shards import Job, assemble, make_shard
from training.soundfonts import RENDERED_FOLDER
from training.windows import TRAIN_SPLIT, split_groups

Part = Literal["train", "validation"]
PARTS: tuple[Part, ...] = ("train", "validation")
# To be raised when windows are composed or augmented differently.
RECIPE_VERSION = 2
PART_SEEDS = {"train": 0, "validation": 1_000_003}


class FeatureCacheError(TimbrescopeError):
    """The stored features are missing or do not fit this program."""


@dataclass(frozen=True)
class PartSummary:
    """What one part of a prepared set holds: windows by class and groups by class."""

    windows: dict[str, int]
    groups: dict[str, list[str]]


@dataclass(frozen=True)
class Prepared:
    """A prepared set: its folder, its key, and what its parts hold."""

    folder: Path
    key: str
    parts: dict[str, PartSummary]


def prepare_features(
    corpora: Iterable[Path],
    cache_dir: Path,
    *,
    per_class: int = 420,
    validation_per_class: int = 60,
    seed: int = 22,
    workers: int = 2,
) -> Prepared:
    """Compose windows of every class and store their features.

    The rendered packages below `cache_dir` are used as well if they are there. A set with the
    same settings is not made again, and an interrupted run goes on where it was.

    Parameters
    ----------
    corpora : iterable of Path
        Manifests, or folders with one folder per class; only their split ``train`` is used.
    cache_dir : Path
        Working folder.
    per_class, validation_per_class : int
        Windows of each class; a class that has no group to spare has no validation windows.
    seed : int
        Of the split and of every window.
    workers : int
        Processes.

    Raises
    ------
    CorpusError
        If a corpus or a recording cannot be read.
    """
    recordings = gather(corpora, cache_dir)
    stated = _stated(
        recordings, per_class=per_class, validation_per_class=validation_per_class, seed=seed
    )
    key = hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:16]
    folder = cache_dir / "features" / key
    if not (folder / "settings.json").is_file():
        (folder / "shards").mkdir(parents=True, exist_ok=True)
        split = dict(zip(PARTS, split_groups(recordings, seed=seed), strict=True))
        counts: dict[Part, int] = {"train": per_class, "validation": validation_per_class}
        background = tuple(r for r in recordings if r.instrument is None)
        for part in PARTS:
            jobs = _jobs(split[part], background, folder, part=part, count=counts[part], seed=seed)
            with ProcessPoolExecutor(workers) as pool:
                list(pool.map(make_shard, jobs))
            assemble([job.target for job in jobs], folder, part=part)
        write_json(folder / "settings.json", stated)
    write_json(cache_dir / "features" / "current.json", {"key": key})
    return Prepared(folder, key, {part: _summary(folder, part=part) for part in PARTS})


def gather(corpora: Iterable[Path], cache_dir: Path) -> list[Recording]:
    """Return the training recordings of `corpora` and of the rendered packages."""
    paths = list(corpora)
    rendered = cache_dir / RENDERED_FOLDER / MANIFEST_NAME
    if rendered.is_file():
        paths.append(rendered)
    found: list[Recording] = []
    for path in paths:
        tree = read_corpus(path)
        if tree.unknown_folders:
            print(f"{path}: skipped folders of no class: {', '.join(tree.unknown_folders)}")
        found.extend(r for r in tree.recordings if r.split == TRAIN_SPLIT and r.kind != "other")
    return found


def _stated(
    recordings: Sequence[Recording], *, per_class: int, validation_per_class: int, seed: int
) -> dict[str, Any]:
    """Return everything that decides what the features are, and where they come from."""
    return {
        "recipe": RECIPE_VERSION,
        "corpus": identity(recordings),
        "recordings": len(recordings),
        "sources": sorted({f"{r.source} ({r.licence})" for r in recordings}),
        "front_end": {kind: settings(kind) for kind in KINDS},
        "classes": list(NAMES),
        "per_class": per_class,
        "validation_per_class": validation_per_class,
        "seed": seed,
    }


def _jobs(
    recordings: Sequence[Recording],
    background: tuple[Recording, ...],
    folder: Path,
    *,
    part: Part,
    count: int,
    seed: int,
) -> list[Job]:
    jobs = []
    for label, name in enumerate(NAMES):
        of_class = tuple(r for r in recordings if r.instrument == name)
        if of_class:
            target = folder / "shards" / f"{part}-{label:02}.npz"
            jobs.append(Job(target, name, of_class, background, count, seed + PART_SEEDS[part]))
    return jobs


def load_features(
    cache_dir: Path, *, kind: FeatureKind, part: Part
) -> tuple[NDArray[np.floating], NDArray[np.int64], list[str]]:
    """Return features, labels and groups of one part of the set that was prepared last.

    Returns
    -------
    features : ndarray
        Memory map of shape (N, 128, 130) or (N, 40, 130), not standardised.
    labels : ndarray
        Class indices, shape (N,), ascending.
    groups : list of str
        For each window the group that it was made from.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared, or it was prepared with another front end.
    """
    folder = current_folder(cache_dir)
    stated = json.loads((folder / "settings.json").read_text("utf-8"))
    if stated["front_end"][kind] != settings(kind) or stated["classes"] != list(NAMES):
        raise FeatureCacheError(
            f"the features in {folder} were made with another front end or other classes; "
            "prepare them again"
        )
    features = np.load(folder / f"{part}-{kind}.npy", mmap_mode="r")
    labels = np.load(folder / f"{part}-labels.npy")
    groups = json.loads((folder / f"{part}-groups.json").read_text("utf-8"))
    return features, labels, groups


def current_folder(cache_dir: Path) -> Path:
    """Return the folder of the set that was prepared last; its settings.json describes it.

    Raises
    ------
    FeatureCacheError
        If there is none.
    """
    pointer = cache_dir / "features" / "current.json"
    try:
        key = str(json.loads(pointer.read_text("utf-8"))["key"])
    except (OSError, ValueError, KeyError) as error:
        raise FeatureCacheError(
            f"no features are prepared below {cache_dir} ({error}); "
            "run `timbrescope-train prepare` first"
        ) from error
    return cache_dir / "features" / key


def _summary(folder: Path, *, part: Part) -> PartSummary:
    labels = np.load(folder / f"{part}-labels.npy")
    groups = json.loads((folder / f"{part}-groups.json").read_text("utf-8"))
    by_class: dict[str, set[str]] = {name: set() for name in NAMES}
    for label, group in zip(labels, groups, strict=True):
        by_class[NAMES[label]].add(group)
    windows = Counter(NAMES[label] for label in labels)
    return PartSummary(
        {name: windows[name] for name in NAMES},
        {name: sorted(found) for name, found in by_class.items()},
    )
