"""Which files of a folder tree come from one recording, as far as their names tell."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from timbrescope.models.audio.decode import open_audio
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import WINDOW_S
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import Recording

# Files of this length, give or take, are pieces that somebody cut from something longer.
CUT_TOLERANCE_S = 0.25
# So many files of a family are asked for their length.
FILES_MEASURED = 15
BLOCKS_PER_CLASS = 20
LARGEST_BLOCK = 50
FEWEST_GROUPS = 3
FEWEST_OF_FAMILY = 2

_FINAL_NUMBER = re.compile(r"^(?P<stem>.*?)(?P<number>\d+)(?P<rest>[^\d]*)$", re.DOTALL)

LengthOf = Callable[[Path], float]


@dataclass(frozen=True)
class Grouping:
    """Recordings with their groups, and what was inferred for how many classes."""

    recordings: tuple[Recording, ...]
    remarks: tuple[str, ...]


def length_s(path: Path) -> float:
    """Return the length that a file's header states; not a number if it cannot be read."""
    try:
        with open_audio(path) as audio:
            return audio.duration_s or math.nan
    except AudioFileError:
        return math.nan


def infer_groups(
    recordings: Sequence[Recording],
    *,
    root: Path,
    corpus: str,
    pattern: str | None = None,
    length_of: LengthOf = length_s,
) -> Grouping:
    """Group the files of a tree with one folder per class.

    A sub-folder of a class is a group. Of the files directly in a class, a *family* has names
    that differ in their last number only. A family with at least half of the files is one
    series: if they are about 3 s long, neighbours in number form blocks, because consecutive
    pieces come from one recording; otherwise every file is a group. A smaller family
    (``take1_003.wav``) is one group, if the class has at least three groups then.

    Parameters
    ----------
    recordings : sequence of Recording
    root : Path
        The folder that holds the class folders.
    corpus : str
        Name that the groups begin with.
    pattern : str or None
        Regular expression that is searched in the path below `root` (with ``/``) and whose
        first capture group is the group, over all classes; then nothing else is inferred.
    length_of : callable
        Returns a file's length in seconds.

    Raises
    ------
    CorpusError
        If `pattern` is no regular expression or has no capture group.
    """
    if pattern is not None:
        return _by_pattern(recordings, root=root, corpus=corpus, pattern=pattern)
    by_folder: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        by_folder[recording.path.relative_to(root).parts[0]].append(recording)
    group_of: dict[Path, str] = {}
    ways: Counter[str] = Counter()
    for folder, members in sorted(by_folder.items()):
        paths = [recording.path for recording in members]
        used: set[str] = set()
        for path, (way, group) in _groups_of_class(paths, root / folder, length_of=length_of):
            group_of[path] = f"{corpus}/{folder}/{group}"
            used.add(way)
        ways.update(used)
    grouped = tuple(replace(found, group=group_of[found.path]) for found in recordings)
    return Grouping(grouped, (_remark(ways, classes=len(by_folder)),))


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern for groups, checked.

    Raises
    ------
    CorpusError
        If it is no regular expression or has no capture group.
    """
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise CorpusError(
            f"the group pattern {pattern!r} is no regular expression: {error}"
        ) from error
    if expression.groups < 1:
        raise CorpusError(
            f"the group pattern {pattern!r} has no capture group; put what names the recording "
            r"in parentheses, as in '([^/]+)_\d+\.wav$'"
        )
    return expression


def _by_pattern(
    recordings: Sequence[Recording], *, root: Path, corpus: str, pattern: str
) -> Grouping:
    expression = compiled(pattern)
    grouped: list[Recording] = []
    unmatched = 0
    for recording in recordings:
        inner = recording.path.relative_to(root).as_posix()
        found = expression.search(inner)
        name = found.group(1) if found else None
        unmatched += name is None
        # A path has no colon before its first slash here, so the two cannot be confused.
        group = f"{corpus}:{name}" if name is not None else f"{corpus}/{inner}"
        grouped.append(replace(recording, group=group))
    remark = f"groups by the pattern {pattern!r}"
    if unmatched:
        count = "1 file, which" if unmatched == 1 else f"{unmatched} files, each of which"
        remark += f"; it does not fit {count} is a group of its own"
    return Grouping(tuple(grouped), (remark,))


def _groups_of_class(
    paths: Sequence[Path], folder: Path, *, length_of: LengthOf
) -> Iterator[tuple[Path, tuple[str, str]]]:
    """Yield each path with the way its group was found, and the group."""
    flat: list[Path] = []
    for path in paths:
        inner = path.relative_to(folder)
        if len(inner.parts) > 1:
            yield path, ("folder", inner.parts[0] + "/")
        else:
            flat.append(path)
    families: dict[str, list[Path]] = defaultdict(list)
    for path in flat:
        families[_family(path)].append(path)
    for name, members in families.items():
        alone = len(members) < FEWEST_OF_FAMILY
        if not alone and 2 * len(members) >= len(flat):
            yield from _series(name, members, length_of=length_of)
        elif not alone and len(families) >= FEWEST_GROUPS:
            yield from ((path, ("stem", name)) for path in members)
        else:
            yield from ((path, ("file", path.name)) for path in members)


def _family(path: Path) -> str:
    """Return the name with its last number hidden, or the whole name."""
    found = _FINAL_NUMBER.match(path.stem)
    return f"{found['stem']}#{found['rest']}{path.suffix}" if found else path.name


def _series(
    name: str, members: Sequence[Path], *, length_of: LengthOf
) -> Iterator[tuple[Path, tuple[str, str]]]:
    """Yield the files of the series that fills a class: in blocks if they look cut."""
    if not _look_cut(members, length_of=length_of):
        yield from ((path, ("file", path.name)) for path in members)
        return
    size = block_size(len(members))
    for place, path in enumerate(sorted(members, key=_number)):
        yield path, ("block", f"{name} block {place // size:03d}")


def block_size(files: int) -> int:
    """Return how many consecutive pieces form a group in a series of so many files."""
    return min(max(math.ceil(files / BLOCKS_PER_CLASS), 1), LARGEST_BLOCK)


def _number(path: Path) -> tuple[int, str]:
    found = _FINAL_NUMBER.match(path.stem)
    return (int(found["number"]) if found else -1, path.name)


def _look_cut(members: Sequence[Path], *, length_of: LengthOf) -> bool:
    """Return whether most of a sample of files is as long as a window."""
    step = max(len(members) // FILES_MEASURED, 1)
    lengths = [length_of(path) for path in sorted(members, key=_number)[::step]]
    readable = [length for length in lengths if not math.isnan(length)]
    cut = [length for length in readable if abs(length - WINDOW_S) <= CUT_TOLERANCE_S]
    return 2 * len(cut) > len(readable)


_WAYS = {
    "folder": "sub-folders as groups",
    "block": (
        "blocks of consecutive numbers as groups (the files are about 3 s long and seem cut "
        "from longer recordings)"
    ),
    "stem": "names that differ in their last number only as groups",
    "file": "single files as groups",
}


def _remark(ways: Counter[str], *, classes: int) -> str:
    stated = "; ".join(
        f"{text} in {ways[way]} of {classes} classes" for way, text in _WAYS.items() if ways[way]
    )
    return (
        f"what comes from one recording was inferred from names: {stated}. A grouped split is "
        "only as good as this; --group-pattern states it"
    )
