"""Fewer clips of large classes: so many of a class and corpus, drawn evenly from its groups."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip


def limit_clips(clips: Sequence[Clip], *, per_class: int | None, seed: int) -> list[Clip]:
    """Return at most `per_class` clips of every class of every corpus, in their order.

    The groups of a class give one clip after the other in turn, so that a long recording does
    not crowd out the others.

    Parameters
    ----------
    clips : sequence of Clip
    per_class : int or None
        None keeps all.
    seed : int
        Decides which clips of a group come first.
    """
    if per_class is None:
        return list(clips)
    by_class: dict[tuple[str, str], list[Clip]] = defaultdict(list)
    for clip in clips:
        by_class[(clip.corpus, clip.instrument)].append(clip)
    kept: set[str] = set()
    for (_, instrument), listed in by_class.items():
        rng = np.random.default_rng([seed, NAMES.index(instrument)])
        order = _in_turn([listed[i] for i in rng.permutation(len(listed))])
        kept.update(clip.name for clip in order[:per_class])
    return [clip for clip in clips if clip.name in kept]


def _in_turn(clips: Sequence[Clip]) -> list[Clip]:
    """Return the clips so that every group's first comes before any group's second."""
    seen: dict[str, int] = defaultdict(int)
    turns: list[tuple[int, int]] = []
    for place, clip in enumerate(clips):
        turns.append((seen[clip.group], place))
        seen[clip.group] += 1
    return [clips[place] for _, place in sorted(turns)]
