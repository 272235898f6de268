"""What a report states of the corpora: counts, files left out, lengths and levels."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from models.instruments import NAMES
from training.study.clips import read_clips
from training.study.folder import StudyFolder
from training.study.report_facts import flat, read_json
from training.study.table import Cell, Table


@dataclass(frozen=True)
class CorpusFacts:
    """The corpora of a study.

    Attributes
    ----------
    clips : Table
        Clips by class and corpus.
    sizes : Table
        Clips, files, groups and classes of each corpus.
    explored : bool
        Whether the exploration was run.
    tables : tuple of Table
    details : tuple of (str, str)
        What else the exploration states.
    """

    clips: Table
    sizes: Table
    explored: bool
    tables: tuple[Table, ...]
    details: tuple[tuple[str, str], ...]


def corpus_facts(folder: StudyFolder) -> CorpusFacts | None:
    """Return what is known of the corpora, None before they were inspected."""
    if not folder.clips.is_file():
        return None
    clips = read_clips(folder.clips)
    corpora = list(dict.fromkeys(clip.corpus for clip in clips))
    counts = Counter((clip.instrument, clip.corpus) for clip in clips)
    by_class: list[tuple[Cell, ...]] = [
        (name, *(counts[name, corpus] or None for corpus in corpora)) for name in NAMES
    ]
    sizes: list[tuple[Cell, ...]] = []
    for corpus in corpora:
        of_it = [clip for clip in clips if clip.corpus == corpus]
        sizes.append(
            (
                corpus,
                len(of_it),
                len({clip.sha256 for clip in of_it}),
                len({clip.group for clip in of_it}),
                len({clip.instrument for clip in of_it}),
            )
        )
    explored: Any = read_json(folder.exploration) or {}
    return CorpusFacts(
        clips=Table("clips", "Clips per class", ("class", *corpora), tuple(by_class)),
        sizes=Table(
            "corpora",
            "The corpora",
            ("corpus", "clips", "files", "groups", "classes"),
            tuple(sizes),
        ),
        explored=bool(explored),
        tables=(),
        details=tuple(flat(explored).items()),
    )
