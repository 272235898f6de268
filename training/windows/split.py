"""Whole groups to training or to validation: three folds, the same ones every time.

Validation decides what ships, so it has to be of players that training has never heard. Real
recordings decide wherever a class has two groups of them; soundfonts only where it has not.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.corpus.soundfonts.presets import SOUNDFONT_SOURCES
from timbrescope.training.labels import BACKGROUND_KINDS, TRAIN_SPLIT

FOLDS = 3
# What a group has to be worth to judge a class by; and at least, if there are too few of those.
ENOUGH_HELD_OUT_S = 25.0
LEAST_HELD_OUT_S = 9.0
# A hit of a tenth of a second, struck in many patterns, is worth more than its length.
LEAST_WORTH_OF_NOTE_S = 3.0
# Of the weight of a class; what is held out is lost to training.
LARGEST_HELD_OUT_SHARE = 0.2
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

    A fold holds out no more than `LARGEST_HELD_OUT_SHARE` of the class, by the root of what groups
    are worth. The three largest that fit go to a fold each, the least of them to the first, which
    ships; then each to the fold that has least so far. A fold that none fits into gets one larger
    group, the first fold again the smallest. All others always train, as do those too small to
    judge by.
    """
    weights = {group: np.sqrt(seconds) for group, seconds in _judging(recordings).items()}
    dealt = sorted(weights, key=lambda group: (-weights[group], group))
    limit = LARGEST_HELD_OUT_SHARE * sum(weights.values())
    fitting = [group for group in dealt if weights[group] <= limit]
    larger = [group for group in dealt if weights[group] > limit]
    first = (*reversed(fitting[:FOLDS]), *reversed(larger))[:FOLDS]
    folds = [{group} for group in first] + [set[str]() for _ in range(FOLDS - len(first))]
    for group in fitting[FOLDS:]:
        least = min(folds, key=lambda fold: sum(weights[held] for held in fold))
        if sum(weights[held] for held in (*least, group)) <= limit:
            least.add(group)
    return folds


def _judging(recordings: Sequence[Recording]) -> dict[str, float]:
    """Return what the groups are worth that may be held out, in seconds.

    Real ones if two are large enough, else soundfonts.
    """
    worth: dict[str, float] = defaultdict(float)
    for recording in recordings:
        worth[recording.group] += worth_s(recording)
    fonts = {r.group for r in recordings if is_soundfont(r)}
    sizeable = {group: s for group, s in worth.items() if s >= LEAST_HELD_OUT_S}
    real = {group: s for group, s in sizeable.items() if group not in fonts}
    if len(real) >= 2:
        enough = {group: s for group, s in real.items() if s >= ENOUGH_HELD_OUT_S}
        return enough if len(enough) >= FOLDS else real
    rendered = {group: s for group, s in sizeable.items() if group in fonts}
    return rendered if len(worth) > 1 else {}


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
