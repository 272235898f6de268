"""Describes the corpora of a study: classes, lengths, levels, what is left out, what is alike."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from timbrescope.models.instruments import NAMES
from timbrescope.training.labels import TRAIN_SPLIT
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.explore.near_duplicates import NearDuplicates
from timbrescope.training.study.explore.records import (
    ClassFacts,
    Distribution,
    ExampleClip,
    Exploration,
    Format,
    LeftOut,
    LeftOutFile,
    SetFacts,
    read_exploration,
    write_exploration,
)
from timbrescope.training.study.explore.waveforms import shared_pairs
from timbrescope.training.study.inspect.corpora import Corpus
from timbrescope.training.study.inspect.duplicates import across_sets
from timbrescope.training.study.inspect.rows import PROBLEMS, Inspected, clips_with_levels

__all__ = ["Exploration", "explore", "read_exploration", "write_exploration"]

FILES_NAMED = 50
QUANTILES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
LENGTH_EDGES_S = (0.0, 0.5, 1.0, 2.0, 2.9, 3.1, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
LEVEL_EDGES_DBFS = tuple(float(level) for level in range(-60, 1, 5))
# More samples at full scale than this are heard as distortion, not as one hard hit.
CLIPPED_SHARE = 0.001


def explore(
    inspected: Sequence[Inspected],
    clips: Sequence[Clip],
    corpora: Sequence[Corpus],
    *,
    near: NearDuplicates | None,
) -> Exploration:
    """Describe corpora.

    Parameters
    ----------
    inspected : sequence of Inspected
        Every file that the corpora list.
    clips : sequence of Clip
        Those that the study uses.
    corpora : sequence of Corpus
        For their layout and remarks.
    near : NearDuplicates or None
        Of the clips; their waveforms should have been checked.
    """
    levels = {clip.name: level for clip, level in clips_with_levels(inspected)}
    rows_of: dict[str, list[Inspected]] = defaultdict(list)
    for row in sorted(inspected, key=lambda row: row.split != TRAIN_SPLIT):
        rows_of[row.set_name].append(row)
    clips_of: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        clips_of[clip.corpus].append(clip)
    sets = [
        _set_facts(corpus, name, rows, clips_of[name], levels)
        for corpus in corpora
        for name, rows in rows_of.items()
        if rows[0].corpus == corpus.name
    ]
    shared = shared_pairs(near) if near else []
    set_of = {clip.name: clip.corpus for clip in clips}
    return Exploration(
        sets=tuple(sets),
        across_sets=_left_out("duplicate in another corpus", across_sets(inspected)),
        near=near,
        shared_groups=len(shared),
        shared_sets=sum(set_of.get(p.first) != set_of.get(p.second) for p in shared),
        examples=tuple(_examples(clips, levels, order=[facts.name for facts in sets])),
    )


def _set_facts(
    corpus: Corpus,
    name: str,
    rows: Sequence[Inspected],
    clips: Sequence[Clip],
    levels: Mapping[str, int],
) -> SetFacts:
    used = [row for row in rows if row.used]
    formats = Counter((row.measured.rate_hz, row.measured.channels) for row in used)
    windows = sum(len(row.measured.levels_dbfs) for row in used)
    return SetFacts(
        name=name,
        layout=corpus.layout,
        files=len(rows),
        used=len(used),
        clips=len(clips),
        groups=len({clip.group for clip in clips}),
        sources=len({clip.source for clip in clips}),
        seconds=round(sum(row.measured.seconds for row in used), 1),
        classes=tuple(_class_facts(rows, clips)),
        lengths_s=distribution([row.measured.seconds for row in used], edges=LENGTH_EDGES_S),
        levels_dbfs=distribution(
            [levels[clip.name] for clip in clips if clip.name in levels], edges=LEVEL_EDGES_DBFS
        ),
        silent_windows=windows - sum(1 for _ in clips_with_levels(used)),
        clipped_files=sum(row.measured.clipped_share > CLIPPED_SHARE for row in used),
        formats=tuple(Format(*form, count) for form, count in formats.most_common()),
        left_out=tuple(_all_left_out(rows)),
        differences=corpus.differences,
        remarks=corpus.remarks,
    )


def _class_facts(rows: Sequence[Inspected], clips: Sequence[Clip]) -> Iterable[ClassFacts]:
    rows_of: dict[str, list[Inspected]] = defaultdict(list)
    for row in rows:
        rows_of[row.instrument].append(row)
    clips_of: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        clips_of[clip.instrument].append(clip)
    for instrument in NAMES:
        if instrument in rows_of:
            used = [row for row in rows_of[instrument] if row.used]
            yield ClassFacts(
                instrument=instrument,
                files=len(used),
                clips=len(clips_of[instrument]),
                groups=len({clip.group for clip in clips_of[instrument]}),
                seconds=round(sum(row.measured.seconds for row in used), 1),
                left_out=len(rows_of[instrument]) - len(used),
            )


def _all_left_out(rows: Sequence[Inspected]) -> Iterable[LeftOut]:
    for problem in PROBLEMS:
        found = [row for row in rows if row.problem == problem]
        if found:
            yield _left_out(problem, found)


def _left_out(reason: str, rows: Sequence[Inspected]) -> LeftOut:
    named = tuple(LeftOutFile(row.path, row.detail) for row in rows[:FILES_NAMED])
    return LeftOut(reason, len(rows), named)


def distribution(values: ArrayLike, *, edges: Sequence[float]) -> Distribution:
    """Return quantiles and a histogram; the last bin reaches to the largest value.

    Parameters
    ----------
    values : array-like, shape (n,)
    edges : sequence of float
        Increasing; values below the first are counted in the first bin.
    """
    found = np.asarray(values, dtype=float)
    if not found.size:
        return Distribution({}, tuple(edges), (0,) * (len(edges) - 1))
    reached = [*edges[:-1], max(edges[-1], float(found.max()))]
    counts = np.histogram(np.clip(found, reached[0], None), bins=reached)[0]
    at = np.quantile(found, QUANTILES)
    quantiles = {f"{q:g}": round(float(x), 3) for q, x in zip(QUANTILES, at, strict=True)}
    return Distribution(quantiles, tuple(reached), tuple(int(count) for count in counts))


def _examples(
    clips: Sequence[Clip], levels: Mapping[str, int], *, order: Sequence[str]
) -> Iterable[ExampleClip]:
    """Yield for each class, of the first set that has it, the clip of median level."""
    place = {name: number for number, name in enumerate(order)}
    by_class: dict[str, list[Clip]] = defaultdict(list)
    for clip in clips:
        if clip.name in levels:
            by_class[clip.instrument].append(clip)
    for instrument in NAMES:
        if instrument in by_class:
            first = min(place[clip.corpus] for clip in by_class[instrument])
            of_set = [clip for clip in by_class[instrument] if place[clip.corpus] == first]
            of_set.sort(key=lambda clip: (levels[clip.name], clip.name))
            chosen = of_set[len(of_set) // 2]
            yield ExampleClip(instrument, chosen.name, levels[chosen.name])
