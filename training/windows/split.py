"""Whole groups to training or to validation: three folds, the same ones every time.

Validation decides what ships, so it has to be of players that training has never heard. Real
recordings decide wherever a class has two groups of them; soundfonts only where it has not.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.recordings import CorpusError, Recording
from timbrescope.training.corpus.soundfonts.presets import SOUNDFONT_SOURCES
from timbrescope.training.labels import BACKGROUND_KINDS, TRAIN_SPLIT

FOLDS = 3
# A group of less than this is too little to judge a class by.
LEAST_HELD_OUT_S = 9.0
# A hit of a tenth of a second, struck in many patterns, is worth more than its length.
LEAST_WORTH_OF_NOTE_S = 3.0
# Of the weight of a class; what is held out is lost to training.
LARGEST_HELD_OUT_SHARE = 0.25
# Each fold holds one of so many parts of a kind of background; some parts always train.
PARTS_OF_KIND = {"noise": 5, "speech": 5, "other": 4, "ir": 5}


def require_train(recordings: Iterable[Recording]) -> list[Recording]:
    """Return `recordings` as a list.

    Raises
    ------
    CorpusError
        If one of them is not of the split ``train``: such files only measure.
    """
    listed = list(recordings)
    for recording in listed:
        if recording.split != TRAIN_SPLIT:
            raise CorpusError(
                f"{recording.path} is of split {recording.split!r}; windows are made of "
                f"{TRAIN_SPLIT!r} only: leave the others out"
            )
    return listed


def is_soundfont(recording: Recording) -> bool:
    """Return whether a recording was rendered from a soundfont."""
    return recording.source in SOUNDFONT_SOURCES


def worth_s(recording: Recording) -> float:
    """Return what a recording is worth, in seconds of playing."""
    if recording.kind != "note":
        return recording.seconds
    return max(recording.seconds, LEAST_WORTH_OF_NOTE_S)


def split_groups(
    recordings: Iterable[Recording], *, fold: int
) -> tuple[list[Recording], list[Recording]]:
    """Split the recordings of instruments into training and validation, by whole groups.

    Parameters
    ----------
    recordings : iterable of Recording
        What is no instrument is left out.
    fold : int
        Of `FOLDS`; no group is held out in two of them.

    Raises
    ------
    CorpusError
        If a recording is not of the split ``train``, or there is no such fold.
    """
    _require_fold(fold)
    listed = [r for r in require_train(recordings) if r.instrument is not None]
    held: set[str] = set()
    for name in NAMES:
        held |= folds_of_class([r for r in listed if r.instrument == name])[fold]
    train = [r for r in listed if r.group not in held]
    return train, [r for r in listed if r.group in held]


def folds_of_class(recordings: Sequence[Recording]) -> list[set[str]]:
    """Return the groups of one class that each fold holds out.

    From the smallest group on they are dealt to the folds in turn; a fold takes a further one
    only while it holds out no more than `LARGEST_HELD_OUT_SHARE` of the class, by the root of
    what groups are worth. Groups that are left always train, as do those too small to judge by.
    """
    worth: dict[str, float] = defaultdict(float)
    for recording in recordings:
        worth[recording.group] += worth_s(recording)
    dealt = sorted(_judging(recordings, worth), key=lambda group: (worth[group], group))
    folds: list[set[str]] = [set() for _ in range(FOLDS)]
    limit = LARGEST_HELD_OUT_SHARE * sum(np.sqrt(worth[group]) for group in dealt)
    # There and back again, so that no fold has the larger group of every round.
    turns = (*range(FOLDS), *reversed(range(FOLDS)))
    for number, group in enumerate(dealt):
        chosen = folds[turns[number % len(turns)]]
        if not chosen or sum(np.sqrt(worth[g]) for g in (*chosen, group)) <= limit:
            chosen.add(group)
    return folds


def _judging(recordings: Sequence[Recording], worth: dict[str, float]) -> list[str]:
    """Return the groups that may be held out: real ones if two are large enough, else fonts."""
    fonts = {r.group for r in recordings if is_soundfont(r)}
    sizeable = [group for group, seconds in worth.items() if seconds >= LEAST_HELD_OUT_S]
    real = [group for group in sizeable if group not in fonts]
    if len(real) >= 2:
        return real
    rendered = [group for group in sizeable if group in fonts]
    return rendered if len(worth) > 1 else []


def split_background(
    recordings: Iterable[Recording], *, fold: int
) -> tuple[list[Recording], list[Recording]]:
    """Split noise, speech and rooms by groups, and other instruments by what they are.

    Of other instruments whole kinds are held out: limits are set on kinds never trained on. A
    kind of background that has one group only trains, and so does unlabelled music.

    Raises
    ------
    CorpusError
        If a recording is not of the split ``train``, or there is no such fold.
    """
    _require_fold(fold)
    listed = [r for r in require_train(recordings) if r.instrument is None]
    held: set[tuple[str, str]] = set()
    for kind in (*BACKGROUND_KINDS, "ir"):
        units = sorted({_unit(r) for r in listed if r.kind == kind}, key=_mixed)
        if len(units) > 1:
            held |= {(kind, unit) for unit in units[fold :: PARTS_OF_KIND[kind]]}
    train = [r for r in listed if (r.kind, _unit(r)) not in held]
    return train, [r for r in listed if (r.kind, _unit(r)) in held]


def _unit(recording: Recording) -> str:
    """Return what is held out as a whole."""
    return recording.what or recording.group if recording.kind == "other" else recording.group


def _mixed(name: str) -> tuple[int, str]:
    """Return a place in an order that is the same every time and no alphabet's."""
    return zlib.crc32(name.encode()), name


def _require_fold(fold: int) -> None:
    if fold not in range(FOLDS):
        raise CorpusError(f"there is no fold {fold}; give one from 0 to {FOLDS - 1}")
