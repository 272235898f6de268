"""What a report states of the corpora: counts, files left out, lengths, levels, copies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip, read_clips
from timbrescope.training.study.explore.near_duplicates import RELATIONS, NearDuplicates
from timbrescope.training.study.explore.records import (
    Distribution,
    Exploration,
    LeftOut,
    SetFacts,
    read_exploration,
)
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.inspect.kaggle import PAPER_COUNTS
from timbrescope.training.study.report.cells import duration
from timbrescope.training.study.report.table import Cell, Table

_KAGGLE = "kaggle"
# So many files are named with each reason; all stand in the table of the inspection.
_FILES_NAMED = 3
_PAIRS_NAMED = 10
_QUANTILES = {
    "0": "least",
    "0.05": "5 %",
    "0.25": "25 %",
    "0.5": "median",
    "0.75": "75 %",
    "0.95": "95 %",
    "1": "greatest",
}
_MEANINGS = {
    "within a group": "within a group: the grouped split keeps them together",
    "across groups": "across groups of one class: one recording cut or encoded anew, or much alike",
    "across classes": "across classes: much alike, or a wrong label",
}


@dataclass(frozen=True)
class CorpusFacts:
    """The corpora of a study.

    Attributes
    ----------
    tables : tuple of Table
        Sizes first.
    per_class : Table
        Clips by class and corpus, with the paper's counts if one is its corpus.
    explored : bool
        Whether more than the clips is known.
    remarks : tuple of str
    """

    tables: tuple[Table, ...]
    per_class: Table
    explored: bool
    remarks: tuple[str, ...] = ()


def corpus_facts(folder: StudyFolder) -> CorpusFacts | None:
    """Return what is known of the corpora, None before they were inspected.

    Raises
    ------
    CorpusError
        If the list of clips or the exploration is there but cannot be read.
    """
    if folder.exploration.is_file():
        return _explored(read_exploration(folder.exploration))
    if not folder.clips.is_file():
        return None
    clips = read_clips(folder.clips)
    of_sets = {name: [clip for clip in clips if clip.corpus == name] for name in _sets(clips)}
    counts = {name: Counter(clip.instrument for clip in of_set) for name, of_set in of_sets.items()}
    sizes = tuple(
        (
            name,
            len({clip.sha256 for clip in of_set}),
            len(of_set),
            len({clip.group for clip in of_set}),
            len(counts[name]),
        )
        for name, of_set in of_sets.items()
    )
    columns = ("corpus", "files", "clips", "groups", "classes")
    return CorpusFacts(
        (Table("corpora", "The corpora", columns, sizes),), _per_class(counts), False
    )


def _sets(clips: Sequence[Clip]) -> list[str]:
    return list(dict.fromkeys(clip.corpus for clip in clips))


def _per_class(counts: dict[str, Counter[str]], *, papers: bool = False) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(of_set[name] or None for of_set in counts.values()),
            *((PAPER_COUNTS[name],) if papers else ()),
        )
        for name in NAMES
    ]
    columns = ("class", *counts, *(("the paper",) if papers else ()))
    notes = ("The paper’s counts are of all files of its corpus.",) if papers else ()
    return Table("clips", "Clips per class", columns, tuple(rows), notes)


def _explored(found: Exploration) -> CorpusFacts:
    counts = {
        of_set.name: Counter({row.instrument: row.clips for row in of_set.classes})
        for of_set in found.sets
    }
    papers = any(of_set.layout == _KAGGLE for of_set in found.sets)
    tables = [
        _sizes(found.sets),
        _differences(found.sets),
        _left_out(found),
        _distributions(
            "lengths", "Length of the files in seconds", {s.name: s.lengths_s for s in found.sets}
        ),
        _distributions(
            "levels",
            "Level of the clips in dBFS (RMS)",
            {s.name: s.levels_dbfs for s in found.sets},
        ),
    ]
    if found.near is not None:
        tables += [_near(found, found.near), _near_pairs(found.near)]
    return CorpusFacts(
        tables=tuple(table for table in tables if table),
        per_class=_per_class(counts, papers=papers),
        explored=True,
        remarks=tuple(f"{of_set.name}: {text}" for of_set in found.sets for text in of_set.remarks),
    )


def _sizes(sets: Sequence[SetFacts]) -> Table:
    rows = tuple(
        (
            of_set.name,
            of_set.layout,
            of_set.files,
            of_set.used,
            of_set.clips,
            of_set.groups,
            of_set.sources,
            sum(1 for row in of_set.classes if row.clips),
            duration(of_set.seconds),
            of_set.silent_windows,
            of_set.clipped_files,
        )
        for of_set in sets
    )
    columns = ("corpus", "layout", "files", "used", "clips", "groups", "sources", "classes")
    others = ("length", "silent windows", "clipped files")
    notes = tuple(f"{of_set.name}: {_formats(of_set)}." for of_set in sets if of_set.formats)
    return Table("corpora", "The corpora", (*columns, *others), rows, notes)


def _formats(of_set: SetFacts) -> str:
    """Return the most frequent formats in words."""
    named = [
        f"{form.rate_hz / 1000:g} kHz, {form.channels} channel{'s' * (form.channels != 1)}"
        f" ({form.files:,} file{'s' * (form.files != 1)})"
        for form in of_set.formats[:_FILES_NAMED]
    ]
    more = len(of_set.formats) - len(named)
    return "; ".join(named) + (f"; {more} other formats" if more else "")


def _differences(sets: Sequence[SetFacts]) -> Table:
    rows = tuple(
        (of_set.name, row.instrument, row.paper, row.found)
        for of_set in sets
        for row in of_set.differences
    )
    caption = "Classes with other counts of files than in the paper"
    return Table("differences", caption, ("corpus", "class", "the paper", "found"), rows)


def _left_out(found: Exploration) -> Table:
    rows = [
        (of_set.name, *_reason(left_out))
        for of_set in found.sets
        for left_out in of_set.left_out
        if left_out.count
    ]
    note = "All stand in corpus/inspection.csv, with the file that a copy is a copy of."
    notes = [note]
    if found.across_sets.count:
        notes.append(
            f"{found.across_sets.count:,} of the duplicates are copies of a file of another "
            "corpus: left in, they would have been trained with and tested."
        )
    columns = ("corpus", "reason", "files", "for example")
    return Table("left-out", "Files that are left out", columns, tuple(rows), tuple(notes))


def _reason(left_out: LeftOut) -> tuple[str, int, str]:
    named = [
        f"{file.path} ({file.detail})" if file.detail else file.path
        for file in left_out.files[:_FILES_NAMED]
    ]
    return left_out.reason, left_out.count, "; ".join(named)


def _distributions(name: str, caption: str, of_sets: dict[str, Distribution]) -> Table:
    rows = tuple(
        (of_set, *(_one_digit(found.quantiles.get(key)) for key in _QUANTILES))
        for of_set, found in of_sets.items()
        if found.quantiles
    )
    return Table(name, caption, ("corpus", *_QUANTILES.values()), rows)


def _one_digit(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}".replace("-", "−")


def _near(found: Exploration, near: NearDuplicates) -> Table:
    rows = tuple(
        (
            _MEANINGS[relation],
            near.pairs.get(relation, 0),
            near.clips.get(relation, 0),
            near.groups.get(relation, 0),
        )
        for relation in RELATIONS
    )
    notes = (
        f"{near.compared:,} clips were compared, each with each, by coarse pictures of their mel "
        f"spectrograms; a correlation from {near.threshold:g} on counts.",
        "Pairs of groups whose waveforms show one and the same recording: "
        f"{found.shared_groups:,}; {found.shared_sets:,} of them lie in two corpora. The grouped "
        "split keeps such groups on one side.",
    )
    return Table(
        "near-copies",
        "Clips that sound nearly the same",
        ("where", "pairs of clips", "clips in them", "groups, or pairs of groups"),
        rows,
        notes,
    )


def _near_pairs(near: NearDuplicates) -> Table:
    chosen = [pair for pair in near.examples if pair.relation != "within a group"][:_PAIRS_NAMED]
    rows = tuple(
        (pair.first, pair.second, pair.relation, pair.similarity, pair.waveform) for pair in chosen
    )
    columns = ("clip", "other clip", "where", "correlation of pictures", "of waveforms")
    return Table("near-pairs", "The most alike in different groups", columns, rows)
