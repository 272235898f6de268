"""What was said in a session, as JSON records and as labels; times count from where one wishes."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from timbrescope.desktop.engine.doubt_words import guess_words
from timbrescope.desktop.engine.messages import Gap
from timbrescope.models.analysis import Analysis, Doubt, State
from timbrescope.models.evidence import BACKGROUND
from timbrescope.models.evidence_words import evidence_in_words
from timbrescope.models.instruments import NAMES

_LABELLED = (State.INSTRUMENT, State.NOT_SURE, State.NONE_OF_THEM)


def verdict_record(verdict: Analysis, *, begin_s: float = 0.0) -> dict[str, Any]:
    """Return a verdict as a JSON record; its times count from `begin_s`."""
    # JSON has no infinity: the level of digital silence is null.
    level = round(verdict.level_dbfs, 2) if math.isfinite(verdict.level_dbfs) else None
    return {
        "start_s": round(verdict.start_s - begin_s, 3),
        "end_s": round(verdict.end_s - begin_s, 3),
        "level_dbfs": level,
        "state": str(verdict.state),
        "instrument": verdict.instrument,
        "probability": round(verdict.probability, 6),
        "not_sure_of": NAMES[verdict.best] if verdict.state is State.NOT_SURE else None,
        "doubt": doubt_record(verdict.doubt),
        "model": f"{verdict.model.name} {verdict.model.version}",
        "evidence": _evidence_record(verdict, begin_s),
    }


def doubt_record(doubt: Doubt | None) -> dict[str, Any] | None:
    """Return why nothing is claimed as a JSON record."""
    if doubt is None:
        return None
    return {
        "reason": str(doubt.reason),
        "found": round(doubt.found, 6),
        "needed": round(doubt.needed, 6),
    }


def _evidence_record(verdict: Analysis, begin_s: float) -> dict[str, Any] | None:
    found = verdict.evidence
    if found is None:
        return None
    return {
        "explained": "none of them" if found.explained == BACKGROUND else NAMES[found.explained],
        "for_nats": round(found.gain, 4),
        "against_nats": round(found.loss, 4),
        "in_words": evidence_in_words(found, start_s=verdict.start_s - begin_s),
    }


def gap_record(gap: Gap, *, begin_s: float = 0.0) -> dict[str, Any]:
    """Return a gap as a JSON record; its times count from `begin_s`."""
    return {
        "start_s": round(gap.start_s - begin_s, 3),
        "end_s": round(gap.end_s - begin_s, 3),
        "lasted_s": round(gap.lasted_s, 3),
        "reason": str(gap.reason),
        "detail": gap.detail,
    }


def labels_of(events: Iterable[Gap | Analysis]) -> Iterator[tuple[float, float, str]]:
    """Give begin, end and words of what there is to label: no silence, nothing too short."""
    for event in events:
        if isinstance(event, Gap):
            yield event.start_s, event.end_s, event.words
        elif event.state in _LABELLED:
            yield event.start_s, event.end_s, _label(event)


def _label(verdict: Analysis) -> str:
    if verdict.state is State.NONE_OF_THEM:
        return str(verdict.state)
    name = NAMES[verdict.best]
    if verdict.state is State.INSTRUMENT:
        return f"{name} {verdict.probability:.0%}"
    return guess_words(name, verdict.probability, verdict.doubt)


def label_line(start_s: float, end_s: float, words: str) -> str:
    """Return one line of a label track."""
    return f"{start_s:.6f}\t{max(start_s, end_s):.6f}\t{' '.join(words.split())}\n"
