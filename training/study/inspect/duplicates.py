"""The same sound in several files: one copy is kept, or none if the copies disagree."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from timbrescope.training.labels import TRAIN_SPLIT
from timbrescope.training.study.inspect.rows import Inspected


def mark_duplicates(rows: Sequence[Inspected]) -> list[Inspected]:
    """Return the rows, in their order, with all but the first copy of a sound left out.

    Copies have the same samples, and mostly the same bytes. Files to train with come before
    those to measure with, so that no test set keeps a file that is trained with. A sound that
    lies under two classes is left out wherever it is: one of its labels is wrong.
    """
    copies: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.used and row.measured.fingerprint:
            copies[row.measured.fingerprint].append(place)
    marked = list(rows)
    for places in copies.values():
        if len(places) < 2:
            continue
        places.sort(key=lambda place: (rows[place].split != TRAIN_SPLIT, place))
        kept = rows[places[0]]
        if len({rows[place].instrument for place in places}) > 1:
            for place in places:
                marked[place] = _conflicting(rows[place], [rows[other] for other in places])
        else:
            for place in places[1:]:
                marked[place] = _duplicate(rows[place], kept)
    return marked


def _duplicate(row: Inspected, kept: Inspected) -> Inspected:
    same = "bytes" if row.measured.sha256 == kept.measured.sha256 else "samples"
    return replace(
        row, problem="duplicate", detail=f"same {same} as {kept.name}", same_as=kept.name
    )


def _conflicting(row: Inspected, copies: Sequence[Inspected]) -> Inspected:
    other = next(copy for copy in copies if copy.instrument != row.instrument)
    return replace(
        row,
        problem="conflicting duplicate",
        detail=f"the same sound is {other.instrument} in {other.name}",
        same_as=other.name,
    )


def across_sets(rows: Sequence[Inspected]) -> list[Inspected]:
    """Return the duplicates of which another copy lies in another corpus or split.

    Had they stayed, a test set would share sounds with what is trained with, or with another
    test set.
    """
    set_of = {row.name: row.set_name for row in rows}
    return [row for row in rows if row.same_as and set_of.get(row.same_as) != row.set_name]
