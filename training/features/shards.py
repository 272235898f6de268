"""Shards of the feature cache: one subject of one part, composed and analysed in one process."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from timbrescope.models.frontend import KINDS, features_of_kinds
from timbrescope.training.augment import Background, augmented
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.features.formats import TEACHER_ARRAYS, row_bytes, row_format
from timbrescope.training.files import in_full, write_json
from timbrescope.training.labels import INSTRUMENT_KINDS
from timbrescope.training.teacher.tagger import Teacher
from timbrescope.training.windows.background import load_pieces
from timbrescope.training.windows.draw import (
    Playing,
    Window,
    composed_windows,
)
from timbrescope.training.windows.groups import load_background, load_material
from timbrescope.training.windows.recipe import Recipe

SHARD_FACTS = "shard.json"
# So many windows are composed before they are analysed together.
BLOCK_WINDOWS = 32


@dataclass(frozen=True)
class Job:
    """One shard: an instrument, or a kind that is none, of a part; crosses to a worker process.

    Attributes
    ----------
    target : Path
        The shard's folder.
    subject : str
        Name of the instrument, or the kind.
    label : int
    recordings, background : tuple of Recording
        What windows are made of, and what they are degraded with.
    count : int
        Clean windows; each gives ``recipe.variants`` rows.
    seed : int
    playing : Playing
        How often notes are heard alone.
    recipe : Recipe
    held_by : tuple of (str, int)
        For a group the folds that hold it out, see `training.features.cache.WindowSet`; groups
        that always train are not there.
    """

    target: Path
    subject: str
    label: int
    recordings: tuple[Recording, ...]
    background: tuple[Recording, ...]
    count: int
    seed: int
    playing: Playing
    recipe: Recipe
    held_by: tuple[tuple[str, int], ...] = ()


@cache
def _background(recordings: tuple[Recording, ...]) -> Background:
    """Return the background, read once in each worker process."""
    return load_background(recordings)


@cache
def _teacher(folder: Path) -> Teacher:
    """Return the teacher, built once in each worker process."""
    return Teacher(folder, threads=1)


def make_shard(job: Job) -> None:
    """Compose and analyse one subject of one part, unless that is done; runs in a worker."""
    if job.target.is_dir():
        return
    with in_full(job.target) as folder:
        folder.mkdir()
        _fill(folder, job)


def _fill(folder: Path, job: Job) -> None:
    arrays = {name: _array(folder, name, job=job) for name in array_names(job.recipe)}
    groups: list[str] = []
    ways: list[str] = []
    for block in _blocks(job):
        _store(block, job, arrays, first=len(groups))
        groups.extend(window.group for window in block)
        ways.extend(window.way for window in block)
    for array in arrays.values():
        array.flush()
    bits = dict(job.held_by)
    facts = {"label": job.label, "subject": job.subject, "groups": groups, "ways": ways}
    facts |= {"held_by": [bits.get(group, 0) for group in groups]}
    write_json(folder / SHARD_FACTS, facts)


def array_names(recipe: Recipe) -> list[str]:
    """Return the names of the arrays that windows of `recipe` are stored in."""
    return [*KINDS, *(TEACHER_ARRAYS if recipe.teacher is not None else ())]


def _array(folder: Path, name: str, *, job: Job) -> np.memmap:
    return new_array(folder / f"{name}.npy", name=name, rows=_rows(name, job=job))


def _rows(name: str, *, job: Job) -> int:
    return job.count * (job.recipe.variants if name in KINDS else 1)


def stored_bytes(job: Job) -> int:
    """Return how many bytes the arrays of a shard take."""
    return sum(_rows(name, job=job) * row_bytes(name) for name in array_names(job.recipe))


def new_array(path: Path, *, name: str, rows: int) -> np.memmap:
    """Return a new map of `rows` rows of the array called `name`, open for writing."""
    shape, dtype = row_format(name)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(rows, *shape))


def _blocks(job: Job) -> Iterator[list[Window]]:
    of_instrument = job.recordings[0].kind in INSTRUMENT_KINDS
    material = (load_material if of_instrument else load_pieces)(job.recordings)
    windows = composed_windows(
        job.subject,
        material,
        label=job.label,
        count=job.count,
        seed=job.seed,
        playing=job.playing,
        recorded_share=job.recipe.recorded_share,
    )
    while block := list(islice(windows, BLOCK_WINDOWS)):
        yield block


def _store(
    block: Sequence[Window], job: Job, arrays: Mapping[str, np.memmap], *, first: int
) -> None:
    """Write the rows of some windows, the first of them number `first`, into `arrays`."""
    variants = job.recipe.variants
    for number, window in enumerate(block, start=first):
        for variant in range(variants):
            rng = np.random.default_rng([job.seed, job.label, number, variant])
            heard = augmented(
                window.samples,
                background=_background(job.background),
                rng=rng,
                families=() if window.as_recorded and variant == 0 else job.recipe.families,
            )
            for kind, found in features_of_kinds(heard).items():
                arrays[kind][number * variants + variant] = found
    if job.recipe.teacher is not None:
        answers = _teacher(job.recipe.teacher).answers(np.stack([w.samples for w in block]))
        arrays["teacher-embedding"][first : first + len(block)] = answers.embedding
        arrays["teacher-logits"][first : first + len(block)] = answers.logits


def is_assembled(folder: Path, *, part: str) -> bool:
    """Return whether the arrays of a part are there in full; its shards may be gone then."""
    return _subjects_path(folder, part=part).is_file()


def _subjects_path(folder: Path, *, part: str) -> Path:
    return folder / f"{part}-subjects.json"


def assemble(shards: Sequence[Path], folder: Path, *, part: str, recipe: Recipe) -> None:
    """Put the shards of one part, in the order given, into the arrays that training maps."""
    facts = [json.loads((shard / SHARD_FACTS).read_text("utf-8")) for shard in shards]
    groups = [group for fact in facts for group in fact["groups"]]
    labels = [fact["label"] for fact in facts for _ in fact["groups"]]
    for name in array_names(recipe):
        rows = len(groups) * (recipe.variants if name in KINDS else 1)
        whole = new_array(folder / f"{part}-{name}.npy", name=name, rows=rows)
        row = 0
        for shard in shards:
            piece = np.load(shard / f"{name}.npy", mmap_mode="r")
            whole[row : row + len(piece)] = piece
            row += len(piece)
        whole.flush()
    repeated = np.repeat(np.array(labels, dtype=np.int64), recipe.variants)
    np.save(folder / f"{part}-labels.npy", repeated)
    held_by = np.array([bits for fact in facts for bits in fact["held_by"]], dtype=np.uint8)
    np.save(folder / f"{part}-held-by.npy", np.repeat(held_by, recipe.variants))
    write_json(folder / f"{part}-groups.json", groups)
    ways = [way for fact in facts for way in fact["ways"]]
    write_json(folder / f"{part}-ways.json", ways)
    subjects = [fact["subject"] for fact in facts for _ in fact["groups"]]
    # Written last: from here on the part is never made again, and its shards may go.
    write_json(_subjects_path(folder, part=part), subjects)
    for shard in shards:
        shutil.rmtree(shard)
