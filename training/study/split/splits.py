"""The two splits of a study: the paper's random one, and one by origin; both live on disk."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.files import write_csv
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.clips import Clip, read_rows
from timbrescope.training.study.folder import PART_NAMES, SEED, PartName, SplitName

HELD_OUT_SHARE = 0.1
# The last group that fits may exceed the room that is left by half of it.
LARGEST_OVERSHOOT = 1.5
HELD_OUT_PARTS: tuple[PartName, ...] = ("test", "validation")
# With fewer clips, a tenth of a class is less than one.
FEWEST_TO_STRATIFY = 10

Parts = Mapping[str, PartName]


@dataclass(frozen=True)
class Split:
    """Which clip is in which part.

    Attributes
    ----------
    name : str
        ``random`` or ``grouped``.
    parts : mapping
        From a clip's name to ``train``, ``validation`` or ``test``.
    """

    name: str
    parts: Parts

    def identity(self, clips: Sequence[Clip]) -> str:
        """Return a fingerprint of what lies in which part: sounds, classes and origins."""
        return short_hash(
            sorted(
                (self.parts.get(clip.name, ""), clip.name, clip.sha256, clip.instrument, clip.group)
                for clip in clips
            )
        )

    def of_part(self, clips: Sequence[Clip], part: PartName) -> list[Clip]:
        """Return the clips of a part, in their order."""
        return [clip for clip in clips if self.parts.get(clip.name) == part]

    def summary(self, clips: Sequence[Clip]) -> dict[str, object]:
        """Return clips, groups and classes by part, and the classes that a part lacks."""
        stated: dict[str, object] = {"name": self.name, "identity": self.identity(clips)}
        trained = {clip.instrument for clip in clips}
        for part in PART_NAMES:
            chosen = self.of_part(clips, part)
            counts = Counter(clip.instrument for clip in chosen)
            stated[part] = {
                "clips": len(chosen),
                "groups": len({clip.group for clip in chosen}),
                "per_class": {name: counts[name] for name in NAMES},
                "lacks": [name for name in NAMES if name in trained and not counts[name]],
            }
        return stated


def make_split(clips: Sequence[Clip], name: SplitName, *, seed: int = SEED) -> Split:
    """Divide clips 80/10/10.

    ``random`` shuffles the clips of every class (the paper's way: stratified, seed 22), so that
    neighbours in one recording come to lie on both sides. ``grouped`` gives whole groups away.

    Raises
    ------
    CorpusError
        If there are no clips.
    """
    if not clips:
        raise CorpusError("there are no clips to split; is every file of the corpus left out?")
    parts = _random_parts(clips, seed=seed) if name == "random" else grouped(clips, seed=seed)
    return Split(name, parts)


def _random_parts(clips: Sequence[Clip], *, seed: int) -> Parts:
    """Split as the paper's notebooks do: a fifth off, stratified, and that fifth halved."""
    counts = Counter(clip.instrument for clip in clips)
    large = [clip for clip in clips if counts[clip.instrument] >= FEWEST_TO_STRATIFY]
    parts: dict[str, PartName] = {}
    if large:
        train, rest = _halves(large, share=2 * HELD_OUT_SHARE, seed=seed)
        validation, test = _halves(rest, share=0.5, seed=seed)
        named = zip(("train", "validation", "test"), (train, validation, test), strict=True)
        for part, chosen in named:
            parts.update(dict.fromkeys((clip.name for clip in chosen), _part(part)))
    small = [clip for clip in clips if counts[clip.instrument] < FEWEST_TO_STRATIFY]
    return {**parts, **_parts_of_small_classes(small, seed=seed)}


def _halves(clips: Sequence[Clip], *, share: float, seed: int) -> tuple[list[Clip], list[Clip]]:
    """Return the clips that stay and, stratified, the share that goes."""
    # Settings and command line name the splits; they should not wait for scikit-learn.
    from sklearn.model_selection import train_test_split

    labels = [clip.instrument for clip in clips]
    stay, go = train_test_split(list(clips), test_size=share, random_state=seed, stratify=labels)
    return stay, go


def _parts_of_small_classes(clips: Sequence[Clip], *, seed: int) -> Parts:
    """Train with one clip at least, test with another, and validate with a third."""
    by_class: dict[str, list[str]] = defaultdict(list)
    for clip in clips:
        by_class[clip.instrument].append(clip.name)
    parts: dict[str, PartName] = {}
    for instrument, names in sorted(by_class.items()):
        rng = _rng_of(instrument, seed=seed)
        for place, number in enumerate(rng.permutation(len(names))):
            sides: tuple[PartName, ...] = ("train", "test", "validation")
            parts[names[number]] = sides[place] if place < len(sides) else "train"
    return parts


def _rng_of(instrument: str, *, seed: int) -> Generator:
    return np.random.default_rng([seed, NAMES.index(instrument)])


def grouped(clips: Sequence[Clip], *, seed: int = SEED) -> Parts:
    """Put whole groups into parts, each class by itself, as near to 80/10/10 as they allow.

    A group that holds several classes follows the rarest of them. A class with one group only
    trains; with two, one trains and one is tested. What a class cannot give is stated in the
    split's summary, and its absence counts in no figure.
    """
    sizes: dict[str, Counter[str]] = defaultdict(Counter)
    for clip in clips:
        sizes[clip.instrument][clip.group] += 1
    side: dict[str, PartName] = {}
    # First of all, so that no class is tested that could not be learned.
    for of_class in sizes.values():
        if not any(side.get(group) == "train" for group in of_class):
            side[max(sorted(of_class), key=lambda group: of_class[group])] = "train"
    for instrument in sorted(sizes, key=lambda name: (sum(sizes[name].values()), name)):
        _place_groups(sizes[instrument], side, rng=_rng_of(instrument, seed=seed))
    return {clip.name: side[clip.group] for clip in clips}


def _place_groups(sizes: Counter[str], side: dict[str, PartName], *, rng: Generator) -> None:
    """Give the groups of one class a side; those that have one keep it."""
    goal = HELD_OUT_SHARE * sum(sizes.values())
    free = sorted(group for group in sizes if group not in side)
    order = [free[i] for i in rng.permutation(len(free))]
    for part in HELD_OUT_PARTS:
        held = sum(sizes[group] for group in sizes if side.get(group) == part)
        for group in _chosen(order, sizes, room=goal - held, empty=not held):
            side[group] = part
            order.remove(group)
    side.update(dict.fromkeys(order, "train"))


def _chosen(order: Sequence[str], sizes: Counter[str], *, room: float, empty: bool) -> list[str]:
    """Return groups, in the order of chance, that fill the room without bursting it.

    If none fits and the part is empty, it gets the smallest: a part of a class that is too
    large still measures it, an empty one does not.
    """
    chosen: list[str] = []
    for group in order:
        if sizes[group] <= room * LARGEST_OVERSHOOT:
            chosen.append(group)
            room -= sizes[group]
    if not chosen and empty and order:
        chosen.append(min(order, key=lambda group: sizes[group]))
    return chosen


def write_split(split: Split, path: Path) -> None:
    """Write a split as CSV so that a reader never sees half a file."""
    write_csv(path, ["clip", "part"], split.parts.items())


def read_split(path: Path) -> Split:
    """Return a split that was written.

    Raises
    ------
    CorpusError
        If the file is missing or malformed.
    """
    parts = read_rows(
        path,
        lambda row: (row["clip"], _part(row["part"])),
        columns=("clip", "part"),
        what="the split",
        step="split",
    )
    return Split(path.stem, dict(parts))


def _part(word: str) -> PartName:
    for part in PART_NAMES:
        if word == part:
            return part
    raise ValueError(f"{word!r} is none of {', '.join(PART_NAMES)}")
