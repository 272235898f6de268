"""The windows' features on disk: what training reads, as maps.

`training.features.prepare` writes them. Layout below the working folder::

    features/current.json            key of the set that training reads
    features/<key>/settings.json     everything the key stands for
    features/<key>/shards/           a folder for each subject and part; an interrupted run goes
                                     on here
    features/<key>/<part>-mel.npy    (N V, 128, 130) float16, decibels: V variants of N windows
    features/<key>/<part>-mfcc.npy   (N V, 40, 130) float32
    features/<key>/<part>-logmel.npy (N V, 64, 256) float16
    features/<key>/<part>-labels.npy (N V,); <part>-groups.json, <part>-subjects.json
                                     (instrument or kind) and <part>-ways.json (``note``: one
                                     note, hit or chord alone; ``phrase``): of the N windows
    features/<key>/<part>-held-by.npy (N V,) uint8: a bit for each fold that holds it out
    features/<key>/<part>-teacher-embedding.npy, -logits.npy   (N, 384), (N, 527), with a teacher

Rows are in label order: the 28 classes, then what is none of them, then unlabelled music.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.catalogue import FLAGSHIP_NAME, entry_of
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import KINDS, FeatureKind, settings
from timbrescope.models.instruments import NAMES

SetPart = Literal["train", "validation"]
PARTS: tuple[SetPart, ...] = ("train", "validation")
FLAGSHIP_KIND = entry_of(FLAGSHIP_NAME).kind
LARGEST_CLASS = 300
# The paper's models are held against one fold only: each has a way of training that takes long.
PAPER_FOLD = 0
SILENT_SUBJECTS = ("noise", "speech")


class FeatureCacheError(TimbrescopeError):
    """The stored features are missing or do not fit this program."""


def load_features(
    cache_dir: Path, *, kind: FeatureKind, part: SetPart
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
    whole = load_set(current_folder(cache_dir), part=part, kind=kind)
    rows = _first_variants(whole, part=part, most=LARGEST_CLASS if part == "train" else None)
    groups = [whole.groups[row] for row in rows]
    return np.asarray(whole.features[rows]), whole.labels[rows], groups


def load_silence(cache_dir: Path, *, kind: FeatureKind) -> NDArray[np.floating]:
    """Return the features of held-out noise and speech: of what must not be called anything.

    Empty if the corpus has no group of either to spare.
    """
    whole = load_set(current_folder(cache_dir), part="validation", kind=kind)
    of_kind = np.isin(np.array(whole.subjects), SILENT_SUBJECTS)
    chosen = of_kind & whole.of_fold(PAPER_FOLD, part="validation")
    rows = np.flatnonzero(chosen)[:: whole.variants]
    return np.asarray(whole.features[rows])


def _first_variants(whole: "WindowSet", *, part: SetPart, most: int | None) -> NDArray[np.intp]:
    """Return the rows of the instruments' first variants, at most so many of each class."""
    count = int(np.searchsorted(whole.labels, len(NAMES)))
    rows = np.arange(0, count, whole.variants)
    rows = rows[whole.of_fold(PAPER_FOLD, part=part)[rows]]
    labels = whole.labels[rows]
    of_class = (rows[labels == label][:most] for label in np.unique(labels))
    return np.concatenate([np.empty(0, np.intp), *of_class])


@dataclass(frozen=True)
class WindowSet:
    """One part of a set with features of one kind, mapped from disk; see the module for shapes.

    `groups`, `subjects` (an instrument's name or a kind) and `ways` (``note`` or ``phrase``) have
    an entry for each row, and `held_by` a bit for each fold that holds the row's group out. The
    teacher's arrays have a row for each window, whose variants are rows ``window * variants`` and
    following.
    """

    features: NDArray[np.floating]
    labels: NDArray[np.int64]
    groups: list[str]
    subjects: list[str]
    ways: list[str]
    held_by: NDArray[np.uint8]
    variants: int
    teacher_embedding: NDArray[np.float16] | None
    teacher_logits: NDArray[np.float16] | None

    def of_fold(self, fold: int, *, part: SetPart) -> NDArray[np.bool_]:
        """Return which rows a fold trains on, of the training part, or is validated with."""
        held = (self.held_by >> fold & 1).astype(bool)
        return held if part == "validation" else ~held

    def chosen(self, rows: NDArray[np.bool_]) -> "WindowSet":
        """Return a copy, in memory, with some of the windows only; `rows` has all their rows."""
        windows = np.flatnonzero(rows[:: self.variants])
        which = np.flatnonzero(rows)

        def of_windows(array: NDArray[np.float16] | None) -> NDArray[np.float16] | None:
            return None if array is None else array[windows]

        return replace(
            self,
            features=self.features[which],
            labels=self.labels[which],
            groups=[self.groups[row] for row in which],
            subjects=[self.subjects[row] for row in which],
            ways=[self.ways[row] for row in which],
            held_by=self.held_by[which],
            teacher_embedding=of_windows(self.teacher_embedding),
            teacher_logits=of_windows(self.teacher_logits),
        )


def load_set(
    folder: Path, *, part: SetPart, kind: FeatureKind = FLAGSHIP_KIND, fold: int | None = None
) -> "WindowSet":
    """Map one part of the set in `folder`; or read what a fold trains on, or is validated with.

    Raises
    ------
    FeatureCacheError
        If it was prepared with another front end or other classes, or is damaged.
    """
    try:
        whole = _load_set(folder, part=part, kind=kind)
    except (AttributeError, EOFError, KeyError, OSError, TypeError, ValueError) as error:
        raise FeatureCacheError(
            f"the features in {folder} are damaged ({error!r}); remove that folder and run "
            "`timbrescope-train prepare` again"
        ) from error
    return whole if fold is None else whole.chosen(whole.of_fold(fold, part=part))


def _load_set(folder: Path, *, part: SetPart, kind: FeatureKind) -> WindowSet:
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
        features=np.load(folder / f"{part}-{kind}.npy", mmap_mode="r"),
        labels=np.load(folder / f"{part}-labels.npy"),
        groups=of_rows("groups"),
        subjects=of_rows("subjects"),
        ways=of_rows("ways"),
        held_by=np.load(folder / f"{part}-held-by.npy"),
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
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FeatureCacheError(
            f"no features are prepared below {cache_dir} ({error}); "
            "run `timbrescope-train prepare` first"
        ) from error
    return cache_dir / "features" / key
