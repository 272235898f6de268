"""Makes the windows' features: once, in parallel, subject by subject, resumable.

`training.features.cache` says how they lie on disk, and reads them.
"""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from timbrescope.models.frontend import KINDS, settings
from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.curated import curated
from timbrescope.training.corpus.recordings import (
    MANIFEST_NAME,
    Recording,
    identity,
    read_corpus,
)
from timbrescope.training.corpus.stored import RENDERED_FOLDER
from timbrescope.training.features.cache import PARTS, SetPart, load_set
from timbrescope.training.features.shards import (
    Job,
    assemble,
    is_assembled,
    make_shard,
    stored_bytes,
)
from timbrescope.training.files import write_json
from timbrescope.training.hashes import short_hash
from timbrescope.training.labels import TRAIN_SPLIT, UNLABELLED_KIND, label_of_kind
from timbrescope.training.prerequisites import require_space
from timbrescope.training.windows.background import WINDOWS_OF_KIND
from timbrescope.training.windows.draw import Playing
from timbrescope.training.windows.recipe import MaterialChoice, Recipe
from timbrescope.training.windows.split import (
    FOLDS,
    is_soundfont,
    split_background,
    split_groups,
)

PART_SEEDS = {"train": 0, "validation": 1_000_003}
VALIDATION_NOTE_SHARE = 0.5


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
    PrerequisiteError
        If the disk is too full; nothing is composed then.
    TeacherError
        If the recipe names a teacher that cannot be used.
    """
    chosen = recipe or Recipe()
    recordings = gather(corpora, cache_dir)
    stated = _stated(recordings, recipe=chosen)
    key = short_hash(stated)
    folder = cache_dir / "features" / key
    if not (folder / "settings.json").is_file():
        planned = plan(recordings, folder, recipe=chosen)
        require_space(folder, _needed_bytes(planned), purpose="prepare the windows")
        (folder / "shards").mkdir(parents=True, exist_ok=True)
        for part, jobs in planned.items():
            if not is_assembled(folder, part=part):
                _make(jobs, part=part, workers=workers)
                assemble([job.target for job in jobs], folder, part=part, recipe=chosen)
        shutil.rmtree(folder / "shards")
        write_json(folder / "settings.json", stated)
    if current:
        write_json(cache_dir / "features" / "current.json", {"key": key})
    return Prepared(folder, key, {part: _summary(folder, part=part) for part in PARTS})


def _needed_bytes(planned: Mapping[SetPart, Sequence[Job]]) -> int:
    """Return how much the shards that are not there take, and the arrays made of all of them."""
    missing = [job for jobs in planned.values() for job in jobs if not job.target.is_dir()]
    return sum(map(stored_bytes, missing)) + sum(
        stored_bytes(job) for jobs in planned.values() for job in jobs
    )


def _make(jobs: Sequence[Job], *, part: SetPart, workers: int) -> None:
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
    return curated(found)


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


def plan(
    recordings: Sequence[Recording], folder: Path, *, recipe: Recipe
) -> dict[SetPart, list[Job]]:
    """Return the shards of both parts, in label order.

    All groups have windows to train on, and those that a fold holds out have windows to validate
    with: each window says which folds hold its group out, and who trains leaves those out. Windows
    to validate with have only noises and rooms of their fold around them.
    """
    folds = [_held_out(recordings, fold=fold) for fold in range(FOLDS)]
    parts: dict[SetPart, list[Job]] = {part: [] for part in PARTS}
    rest = tuple(r for r in recordings if r.instrument is None)
    rest_of = [tuple(r for r in rest if r in held) for held in folds]
    for subject, label, share in _subjects(recipe):
        of_subject = [r for r in recordings if subject in (r.instrument, r.kind)]
        job = partial(_job, subject, label, share=share, folder=folder / "shards", recipe=recipe)
        held_by = _held_by(of_subject, folds)
        trains = of_subject if label >= len(NAMES) else _of_material(of_subject, recipe.material)
        parts["train"].append(job(trains, rest=rest, held_by=held_by))
        for fold, held in enumerate(folds):
            validates = [r for r in of_subject if r in held]
            parts["validation"].append(
                job(validates, rest=rest_of[fold], held_by=held_by, fold=fold)
            )
    return {part: [job for job in jobs if job.recordings] for part, jobs in parts.items()}


def _held_out(recordings: Sequence[Recording], *, fold: int) -> set[Recording]:
    """Return everything that a fold holds out."""
    splits = (split_groups(recordings, fold=fold), split_background(recordings, fold=fold))
    return {recording for _, held in splits for recording in held}


def _subjects(recipe: Recipe) -> Iterator[tuple[str, int, float]]:
    """Yield what there are windows of: name, label, windows in multiples of an instrument's."""
    for label, name in enumerate(NAMES):
        yield name, label, 1.0
    if recipe.background:
        for kind, share in WINDOWS_OF_KIND.items():
            # Without a teacher to ask about it, unlabelled music says nothing.
            if kind != UNLABELLED_KIND or recipe.teacher is not None:
                yield kind, label_of_kind(kind), share


def _held_by(
    recordings: Sequence[Recording], folds: Sequence[set[Recording]]
) -> tuple[tuple[str, int], ...]:
    """Return the groups that folds hold out, each with a bit for every such fold."""
    bits: dict[str, int] = {}
    for fold, held in enumerate(folds):
        for recording in recordings:
            if recording in held:
                bits[recording.group] = bits.get(recording.group, 0) | 1 << fold
    return tuple(sorted(bits.items()))


def _all_held(groups: set[str], *, fold: int) -> tuple[tuple[str, int], ...]:
    return tuple((group, 1 << fold) for group in sorted(groups))


def _job(
    subject: str,
    label: int,
    recordings: Sequence[Recording],
    *,
    share: float,
    folder: Path,
    recipe: Recipe,
    rest: tuple[Recording, ...],
    held_by: tuple[tuple[str, int], ...],
    fold: int | None = None,
) -> Job:
    """Return the shard of a subject to train on, or to validate with in a fold."""
    trains = fold is None
    part: SetPart = "train" if trains else "validation"
    count = recipe.per_class if trains else recipe.validation_per_class
    # Notes and phrases decide alike, however often a network has trained on either.
    share_of_notes = recipe.note_share if trains else VALIDATION_NOTE_SHARE
    name = f"{part}-{label:02}-{subject.lower().replace(' ', '-')}"
    return Job(
        target=folder / (name if trains else f"{name}-{fold}"),
        subject=subject,
        label=label,
        recordings=tuple(recordings),
        background=rest,
        count=round(count * share),
        seed=recipe.seed + PART_SEEDS[part] + (fold or 0),
        playing=Playing(share_of_notes, recipe.held_share),
        recipe=recipe,
        # A group that two folds hold out has windows of its own for each.
        held_by=held_by if fold is None else _all_held({r.group for r in recordings}, fold=fold),
    )


def _of_material(recordings: list[Recording], material: MaterialChoice) -> list[Recording]:
    if material == "all":
        return recordings
    return [r for r in recordings if is_soundfont(r) == (material == "soundfonts")]


def _summary(folder: Path, *, part: SetPart) -> PartSummary:
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
