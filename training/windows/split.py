"""Whole groups to training or to validation: nothing of one recording stands on both sides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.random import Generator

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.recordings import CorpusError, Recording
from timbrescope.training.corpus.soundfonts.presets import SOUNDFONT_SOURCES
from timbrescope.training.labels import BACKGROUND_KINDS, TRAIN_SPLIT

HELD_OUT_SHARE = 0.18
BACKGROUND_HELD_OUT_SHARE = 0.2
# A group of less than this is too little to judge a class by.
SHORTEST_HELD_OUT_S = 15.0
# What is held out is lost to training: beyond this share only if there is nothing smaller.
LARGEST_HELD_OUT_SHARE = 0.22


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


def split_groups(
    recordings: Iterable[Recording], *, seed: int
) -> tuple[list[Recording], list[Recording]]:
    """Split the recordings of instruments into training and validation, by whole groups.

    Each class with at least two groups gives up groups until about `HELD_OUT_SHARE` of its
    seconds are held out. Real recordings are preferred if two or more real groups stay, else
    soundfonts; a class's only real group always trains.

    Raises
    ------
    CorpusError
        If a recording is not of the split ``train``.
    """
    listed = [r for r in require_train(recordings) if r.instrument is not None]
    held: set[str] = set()
    for label, name in enumerate(NAMES):
        of_class = [r for r in listed if r.instrument == name]
        held |= _held_out(of_class, rng=np.random.default_rng([seed, label]))
    train = [r for r in listed if r.group not in held]
    return train, [r for r in listed if r.group in held]


def _held_out(recordings: Sequence[Recording], *, rng: Generator) -> set[str]:
    """Return the groups of one class to hold out; empty where nothing can be spared."""
    seconds: dict[str, float] = defaultdict(float)
    for recording in recordings:
        seconds[recording.group] += recording.seconds
    fonts = {r.group for r in recordings if is_soundfont(r)}
    total = sum(seconds.values())
    sizeable = sorted(g for g, s in seconds.items() if s >= SHORTEST_HELD_OUT_S)
    real_left = sum(group not in fonts for group in sizeable)
    sparable = [g for g in sizeable if real_left > 1 or g in fonts]
    usable = [g for g in sparable if seconds[g] <= LARGEST_HELD_OUT_SHARE * total]
    usable = usable or sorted(sparable, key=lambda group: seconds[group])[:1]
    chosen: set[str] = set()
    order = [usable[i] for i in rng.permutation(len(usable))]
    # Real groups first where enough of them stay, then soundfonts, then a second real group.
    # A third of the real groups at most, and one font, or training would lose its variety.
    spare_real = [g for g in order if g not in fonts][: real_left // 3]
    fallback = [g for g in order if g in fonts][:1]
    last = [g for g in order if g not in fonts and g not in spare_real][: int(real_left == 2)]
    held_s = 0.0
    for group in (*spare_real, *fallback, *last):
        enough = held_s >= 0.5 * HELD_OUT_SHARE * total
        too_much = held_s > 0 and held_s + seconds[group] > 1.5 * HELD_OUT_SHARE * total
        if enough or too_much or len(chosen) + 1 >= len(seconds):
            continue
        chosen.add(group)
        held_s += seconds[group]
    return chosen


def split_background(
    recordings: Iterable[Recording], *, seed: int
) -> tuple[list[Recording], list[Recording]]:
    """Split noise, speech, other instruments and rooms by whole groups, a fifth held out.

    A kind with a single group is not held out; unlabelled music only trains.
    """
    listed = [r for r in require_train(recordings) if r.instrument is None]
    held: set[tuple[str, str]] = set()
    for number, kind in enumerate((*BACKGROUND_KINDS, "ir")):
        groups = sorted({r.group for r in listed if r.kind == kind})
        count = min(len(groups) - 1, max(1, round(BACKGROUND_HELD_OUT_SHARE * len(groups))))
        if count > 0:
            rng = np.random.default_rng([seed, len(NAMES) + number])
            held |= {(kind, groups[i]) for i in rng.permutation(len(groups))[:count]}
    train = [r for r in listed if (r.kind, r.group) not in held]
    return train, [r for r in listed if (r.kind, r.group) in held]
