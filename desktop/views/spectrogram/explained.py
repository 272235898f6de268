"""Which stretch an evidence explains, and what stands there of its answer; no Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.instruments import INSTRUMENTS, NAMES

_EXPLAINED_STATES = (State.INSTRUMENT, State.NOT_SURE)


@dataclass(frozen=True)
class ExplainedSpan:
    """A stretch of time that an evidence explains.

    `colour` is that of the instrument shown in `label`, None when none is claimed; `is_asked` says
    whether it is the one that somebody asked for, or one beside it.
    """

    start_s: float
    end_s: float
    label: str
    colour: str | None
    is_asked: bool = True


def side_by_side(spans: Iterable[ExplainedSpan], *, asked: int) -> tuple[ExplainedSpan, ...]:
    """Return spans each of which begins where the one before ends, at the earliest.

    A file's last window overlaps the one before it; two frames in each other would say nothing.
    That with the number `asked` is the one that was asked for.
    """
    found: list[ExplainedSpan] = []
    for number, span in enumerate(spans):
        end_s = found[-1].end_s if found else span.start_s
        start_s = max(span.start_s, end_s)
        found.append(replace(span, start_s=start_s, is_asked=number == asked))
    return tuple(found)


def explained_span(
    analysis: Analysis, *, state: State, origin_s: float, is_picked: bool, is_named: bool
) -> ExplainedSpan:
    """Return the stretch of an analysis with what is said of it.

    Parameters
    ----------
    analysis : Analysis
    state : State
        The steady answer; nothing is claimed before it does.
    origin_s : float
        What the picture's zero stands for.
    is_picked : bool
        Whether somebody picked the class that is explained.
    is_named : bool
        Whether the headline names the answer already.
    """
    # Before its first sample a stream has nothing to explain.
    start_s, end_s = max(0.0, analysis.start_s - origin_s), analysis.end_s - origin_s
    if analysis.state not in _EXPLAINED_STATES or state not in _EXPLAINED_STATES:
        return ExplainedSpan(start_s, end_s, "", None)
    evidence = analysis.evidence
    index = analysis.best if evidence is None else evidence.explained
    colour = INSTRUMENTS[index].colour
    named = f"{tr(NAMES[index])} {percent(float(analysis.probabilities[index]))}"
    if evidence is not None and 0 <= evidence.against < len(NAMES):
        label = tr(
            "why {this} rather than {that}",
            this=tr(NAMES[index]),
            that=tr(NAMES[evidence.against]),
        )
        return ExplainedSpan(start_s, end_s, label, colour)
    if is_picked and evidence is not None:
        return ExplainedSpan(start_s, end_s, tr("for {answer}", answer=named), colour)
    if is_named:
        return ExplainedSpan(start_s, end_s, "", colour)
    if state is State.INSTRUMENT:
        return ExplainedSpan(start_s, end_s, named, colour)
    return ExplainedSpan(start_s, end_s, f"{named}?", None)
