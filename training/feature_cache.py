"""The windows' features on disk: made once, in parallel, subject by subject, read as maps.

Layout below the working folder::

    features/current.json            key of the set that training reads
    features/<key>/settings.json     everything the key stands for
    features/<key>/shards/           a folder for each subject and part; an interrupted run goes
                                     on here
    features/<key>/<part>-mel.npy    (N V, 128, 130) float16, decibels: V variants of N windows
    features/<key>/<part>-mfcc.npy   (N V, 40, 130) float32
    features/<key>/<part>-labels.npy (N V,); <part>-groups.json and <part>-subjects.json
                                     (instrument or kind): of the N windows
    features/<key>/<part>-teacher-embedding.npy, -logits.npy   (N, 384), (N, 527), with a teacher

Rows are in label order: the 28 classes, then what is none of them, then unlabelled music.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import TimbrescopeError
from models.frontend import KINDS, FeatureKind, settings
from models.instruments import NAMES
from training.background_windows import WINDOWS_OF_KIND, label_of_kind, split_background
from training.corpora import MANIFEST_NAME, Recording, identity, read_corpus
from training.families import joined
from training.json_files import write_json
from training.recipe import Material, Recipe
from training.shards import Job, assemble, make_shard
from training.soundfonts import RENDERED_FOLDER
from training.windows import TRAIN_SPLIT, is_soundfont, split_groups

Part = Literal["train", "validation"]
PARTS: tuple[Part, ...] = ("train", "validation")
LARGEST_CLASS = 300
SILENT_SUBJECTS = ("noise", "speech")
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
    recipe: Recipe | None = None,
    workers: int = 2,
    current: bool = True,
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
    recipe : Recipe, optional
        How windows are made.
    workers : int
        Processes.
    current : bool
        Whether this becomes the set that `load_features` reads.

    Raises
    ------
    CorpusError
        If a corpus or a recording cannot be read.
    TeacherError
        If the recipe names a teacher that cannot be used.
    """
    chosen = recipe or Recipe()
    recordings = gather(corpora, cache_dir)
    stated = _stated(recordings, recipe=chosen)
    key = hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:16]
    folder = cache_dir / "features" / key
    if not (folder / "settings.json").is_file():
        (folder / "shards").mkdir(parents=True, exist_ok=True)
        for part, jobs in plan(recordings, folder, recipe=chosen).items():
            _make(jobs, part=part, workers=workers)
            assemble([job.target for job in jobs], folder, part=part, recipe=chosen)
        write_json(folder / "settings.json", stated)
    if current:
        write_json(cache_dir / "features" / "current.json", {"key": key})
    return Prepared(folder, key, {part: _summary(folder, part=part) for part in PARTS})


def _make(jobs: Sequence[Job], *, part: Part, workers: int) -> None:
    """Make the shards of one part, in processes if more than one may work."""
    if workers == 1:
        for job in jobs:
            make_shard(job)
        return
    # A fork would inherit TensorFlow's threads from a caller that has trained already.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done, _ in enumerate(pool.map(make_shard, jobs), start=1):
            print(f"{part}: {done} of {len(jobs)} subjects", flush=True)


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
        found.extend(r for r in tree.recordings if r.split == TRAIN_SPLIT)
    return joined(found)


def _stated(recordings: Sequence[Recording], *, recipe: Recipe) -> dict[str, Any]:
    """Return everything that decides what the features are, and where they come from."""
    return {
        "recipe": recipe.as_dict(),
        "corpus": identity(recordings),
        "recordings": len(recordings),
        "sources": sorted({f"{r.source} ({r.licence})" for r in recordings}),
        "front_end": {kind: settings(kind) for kind in KINDS},
        "classes": list(NAMES),
        "seed": recipe.seed,
    }


def plan(recordings: Sequence[Recording], folder: Path, *, recipe: Recipe) -> dict[Part, list[Job]]:
    """Return the shards of both parts, in label order; no group is in both."""
    instruments = split_groups(recordings, seed=recipe.seed)
    others = split_background(recordings, seed=recipe.seed)
    found: dict[Part, list[Job]] = {}
    for part, of_classes, rest in zip(PARTS, instruments, others, strict=True):
        job = partial(_job, folder=folder / "shards", part=part, recipe=recipe, rest=tuple(rest))
        chosen = of_classes if part == "validation" else _of_material(of_classes, recipe.material)
        jobs = [
            job(name, label, [r for r in chosen if r.instrument == name], 1.0)
            for label, name in enumerate(NAMES)
        ]
        if recipe.background:
            jobs += [
                job(kind, label_of_kind(kind), [r for r in rest if r.kind == kind], share)
                for kind, share in WINDOWS_OF_KIND.items()
            ]
        found[part] = [job for job in jobs if job.recordings]
    return found


def _job(
    subject: str,
    label: int,
    recordings: list[Recording],
    share: float,
    *,
    folder: Path,
    part: Part,
    recipe: Recipe,
    rest: tuple[Recording, ...],
) -> Job:
    count = recipe.per_class if part == "train" else recipe.validation_per_class
    return Job(
        target=folder / f"{part}-{label:02}-{subject.lower().replace(' ', '-')}",
        subject=subject,
        label=label,
        recordings=tuple(recordings),
        background=rest,
        count=round(count * share),
        seed=recipe.seed + PART_SEEDS[part],
        recipe=recipe,
    )


def _of_material(recordings: list[Recording], material: Material) -> list[Recording]:
    if material == "all":
        return recordings
    return [r for r in recordings if is_soundfont(r) == (material == "soundfonts")]


def load_features(
    cache_dir: Path, *, kind: FeatureKind, part: Part
) -> tuple[NDArray[np.floating], NDArray[np.int64], list[str]]:
    """Return what the paper's models learn from and are held against, of the prepared set.

    That is the first variant of each window of the 28 classes; for training of at most
    `LARGEST_CLASS` of a class, since those networks are slow and gain little by more.

    Returns
    -------
    features : ndarray
        Of shape (N, 128, 130) or (N, 40, 130), not standardised.
    labels : ndarray
        Class indices, shape (N,), ascending.
    groups : list of str
        For each row the group that it was made from.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared, or it was prepared with another front end.
    """
    whole = load_set(current_folder(cache_dir), part=part)
    rows = _first_variants(whole, most=LARGEST_CLASS if part == "train" else None)
    groups = [whole.groups[row] for row in rows]
    return np.asarray(getattr(whole, kind)[rows]), whole.labels[rows], groups


def load_silence(cache_dir: Path, *, kind: FeatureKind) -> NDArray[np.floating]:
    """Return the features of held-out noise and speech: of what must not be called anything.

    Empty if the corpus has no group of either to spare.
    """
    whole = load_set(current_folder(cache_dir), part="validation")
    of_kind = np.isin(np.array(whole.subjects), SILENT_SUBJECTS)
    rows = np.flatnonzero(of_kind)[:: whole.variants]
    return np.asarray(getattr(whole, kind)[rows])


def _first_variants(whole: "WindowSet", *, most: int | None) -> NDArray[np.intp]:
    """Return the rows of the instruments' first variants, at most so many of each class."""
    count = int(np.searchsorted(whole.labels, len(NAMES)))
    rows = np.arange(0, count, whole.variants)
    labels = whole.labels[rows]
    of_class = (rows[labels == label][:most] for label in np.unique(labels))
    return np.concatenate([np.empty(0, np.intp), *of_class])


@dataclass(frozen=True)
class WindowSet:
    """One part of a set, mapped from disk; see the module for shapes and order.

    `groups` and `subjects` (an instrument's name or a kind) have an entry for each row. The
    teacher's arrays have a row for each window, whose variants are the rows
    ``window * variants`` and following.
    """

    mel: NDArray[np.float16]
    mfcc: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: list[str]
    subjects: list[str]
    variants: int
    teacher_embedding: NDArray[np.float16] | None
    teacher_logits: NDArray[np.float16] | None


def load_set(folder: Path, *, part: Part) -> WindowSet:
    """Map one part of the set in `folder`.

    Raises
    ------
    FeatureCacheError
        If it was prepared with another front end or other classes.
    """
    stated = json.loads((folder / "settings.json").read_text("utf-8"))
    front_end = {kind: settings(kind) for kind in KINDS}
    if stated["front_end"] != front_end or stated["classes"] != list(NAMES):
        raise FeatureCacheError(
            f"the features in {folder} were made with another front end or other classes; "
            "prepare them again"
        )
    variants = int(stated["recipe"]["variants"])

    def of_rows(name: str) -> list[str]:
        of_windows = json.loads((folder / f"{part}-{name}.json").read_text("utf-8"))
        return [entry for entry in of_windows for _ in range(variants)]

    def mapped(name: str) -> Any:
        path = folder / f"{part}-{name}.npy"
        return np.load(path, mmap_mode="r") if path.is_file() else None

    return WindowSet(
        mel=mapped("mel"),
        mfcc=mapped("mfcc"),
        labels=np.load(folder / f"{part}-labels.npy"),
        groups=of_rows("groups"),
        subjects=of_rows("subjects"),
        variants=variants,
        teacher_embedding=mapped("teacher-embedding"),
        teacher_logits=mapped("teacher-logits"),
    )


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
    whole = load_set(folder, part=part)
    by_class: dict[str, set[str]] = {name: set() for name in NAMES}
    windows = Counter(whole.labels.tolist())
    for label, group in zip(whole.labels, whole.groups, strict=True):
        if label < len(NAMES):
            by_class[NAMES[label]].add(group)
    return PartSummary(
        {name: windows[label] for label, name in enumerate(NAMES)},
        {name: sorted(found) for name, found in by_class.items()},
    )
