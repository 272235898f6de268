"""What was said in a session, as JSON records and as labels; times count from where one wishes."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from timbrescope.desktop.engine.messages import Gap
from timbrescope.models.analysis import Analysis, Doubt, Reason, State
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
        "model": f"{verdict.model.name} {verdict.model.version}",
        "evidence": _evidence_record(verdict, begin_s),
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
    doubt = "" if verdict.state is State.INSTRUMENT else "?"
    return f"{NAMES[verdict.best]}{doubt} {verdict.probability:.0%}"


def doubt_in_brief(doubt: Doubt | None) -> str:
    """Return what keeps a sound from its name, in a few words; empty if nothing is known of it."""
    if doubt is None or doubt.reason is Reason.CHANGING:
        return ""
    if doubt.reason is Reason.PERHAPS_NONE:
        return f"none of the 28 {doubt.found:.0%}, a name needs less than {doubt.needed:.0%}"
    return f"a name needs {doubt.needed:.0%}"


def label_line(start_s: float, end_s: float, words: str) -> str:
    """Return one line of a label track."""
    return f"{start_s:.6f}\t{max(start_s, end_s):.6f}\t{' '.join(words.split())}\n"
