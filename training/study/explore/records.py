"""What the corpora of a study are like: the records, and the JSON file that holds them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.files import read_json, write_json
from timbrescope.training.state import set_aside
from timbrescope.training.study.explore.near_duplicates import NearDuplicates, NearPair
from timbrescope.training.study.inspect.kaggle import CountDifference


@dataclass(frozen=True)
class Distribution:
    """How a quantity is distributed.

    Attributes
    ----------
    quantiles : dict of str to float
        ``0``, ``0.05``, ``0.25``, ``0.5``, ``0.75``, ``0.95`` and ``1``; empty without values.
    edges : tuple of float
        Of the histogram's bins, one more than `counts`.
    counts : tuple of int
    """

    quantiles: dict[str, float]
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ClassFacts:
    """One class in one set: files that are used, their clips, groups and seconds."""

    instrument: str
    files: int
    clips: int
    groups: int
    seconds: float
    left_out: int


@dataclass(frozen=True)
class LeftOutFile:
    """A file that is not used."""

    path: str
    detail: str


@dataclass(frozen=True)
class LeftOut:
    """The files that are not used for one reason.

    Attributes
    ----------
    reason : str
        One of `training.study.inspect.rows.PROBLEMS`.
    count : int
    files : tuple of LeftOutFile
        The first of them; all stand in the table of the inspection.
    """

    reason: str
    count: int
    files: tuple[LeftOutFile, ...]


@dataclass(frozen=True)
class Format:
    """So many files of a set have this rate and number of channels."""

    rate_hz: int
    channels: int
    files: int


@dataclass(frozen=True)
class SetFacts:
    """A corpus, or the part of one that is only measured with.

    Attributes
    ----------
    name : str
        As the clips state it: the corpus, or the corpus and a split.
    layout : str
    files, used : int
        Listed, and without a problem.
    clips, groups, sources : int
        Of the files that are used.
    seconds : float
        Length of all files that are used.
    classes : tuple of ClassFacts
        In class order; those that occur.
    lengths_s : Distribution
        Of the files that are used.
    levels_dbfs : Distribution
        RMS of the clips.
    silent_windows : int
        Windows of used files that are no clips because they are silent.
    clipped_files : int
        Used files with more than one sample of a thousand at full scale.
    formats : tuple of Format
        The most frequent first.
    left_out : tuple of LeftOut
    differences : tuple of CountDifference
        From the paper's counts, of its own data set.
    remarks : tuple of str
    """

    name: str
    layout: str
    files: int
    used: int
    clips: int
    groups: int
    sources: int
    seconds: float
    classes: tuple[ClassFacts, ...]
    lengths_s: Distribution
    levels_dbfs: Distribution
    silent_windows: int
    clipped_files: int
    formats: tuple[Format, ...]
    left_out: tuple[LeftOut, ...]
    differences: tuple[CountDifference, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class ExampleClip:
    """The clip of a class whose level is the median of the class."""

    instrument: str
    clip: str
    level_dbfs: int


@dataclass(frozen=True)
class Exploration:
    """What the corpora of a study are like.

    Attributes
    ----------
    sets : tuple of SetFacts
        Corpora in the order in which they were given; of each, what is trained with first.
    across_sets : LeftOut
        Duplicates whose other copy lies in another set.
    near : NearDuplicates or None
        Of clips; None if they were not compared.
    shared_groups : int
        Pairs of groups of one class of which the compared waveforms show one recording.
    shared_sets : int
        Those among them whose groups lie in two sets: material of a test set is trained with.
    examples : tuple of ExampleClip
        One for each class, in class order.
    """

    sets: tuple[SetFacts, ...]
    across_sets: LeftOut
    near: NearDuplicates | None
    shared_groups: int
    shared_sets: int
    examples: tuple[ExampleClip, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return this for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stated: Mapping[str, Any]) -> "Exploration":
        """Return what `as_dict` stated.

        Raises
        ------
        KeyError, TypeError
            If something is missing or unknown.
        """
        return cls(
            sets=tuple(_set(entry) for entry in stated["sets"]),
            across_sets=_left_out(stated["across_sets"]),
            near=None if stated["near"] is None else _near(stated["near"]),
            shared_groups=stated["shared_groups"],
            shared_sets=stated["shared_sets"],
            examples=tuple(ExampleClip(**entry) for entry in stated["examples"]),
        )


def _set(stated: dict[str, Any]) -> SetFacts:
    return SetFacts(
        **stated
        | {
            "classes": tuple(ClassFacts(**entry) for entry in stated["classes"]),
            "lengths_s": _distribution(stated["lengths_s"]),
            "levels_dbfs": _distribution(stated["levels_dbfs"]),
            "formats": tuple(Format(**entry) for entry in stated["formats"]),
            "left_out": tuple(_left_out(entry) for entry in stated["left_out"]),
            "differences": tuple(CountDifference(**entry) for entry in stated["differences"]),
            "remarks": tuple(stated["remarks"]),
        }
    )


def _distribution(stated: Mapping[str, Any]) -> Distribution:
    return Distribution(stated["quantiles"], tuple(stated["edges"]), tuple(stated["counts"]))


def _left_out(stated: Mapping[str, Any]) -> LeftOut:
    files = tuple(LeftOutFile(**entry) for entry in stated["files"])
    return LeftOut(stated["reason"], stated["count"], files)


def _near(stated: dict[str, Any]) -> NearDuplicates:
    examples = tuple(NearPair(**entry) for entry in stated["examples"])
    return NearDuplicates(**stated | {"examples": examples})


def write_exploration(found: Exploration, path: Path) -> None:
    """Write an exploration as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, found.as_dict())


def read_exploration(path: Path) -> Exploration:
    """Return an exploration that was written.

    Raises
    ------
    CorpusError
        If the file is missing or malformed.
    """
    try:
        return Exploration.from_dict(read_json(path))
    except OSError as error:
        raise CorpusError(
            f"cannot read the exploration {path}: {error}; run the step 'explore'"
        ) from error
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{set_aside(path, repr(error))} by the step 'explore'") from error
