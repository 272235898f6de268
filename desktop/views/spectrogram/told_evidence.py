"""The evidence in a sentence, in the language in use."""

from collections.abc import Sequence
from dataclasses import replace

from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.desktop.views.words.figures import figure
from timbrescope.models.evidence import Evidence
from timbrescope.models.evidence_parts import LEAST_NATS
from timbrescope.models.evidence_words import evidence_in_every_length
from timbrescope.models.instruments import NAMES

# Those of `models.evidence_words`, which knows one language.
FORMS = (
    mark("mostly from {places}"),
    mark("partly from {places}"),
    mark("spread over the sound from {low} to {high}"),
    mark("the attack at {times}"),
    mark("attacks at {times}"),
    mark("the sound at {times}"),
    mark("the partial near {pitches}"),
    mark("partials near {pitches}"),
    mark("{first} and {second}"),
    mark("{first}, {second}"),
)


def told_evidence(
    evidence: Evidence, *, start_s: float, with_against: bool, skip_s: float = 0.0
) -> tuple[str, ...]:
    """Return whose evidence it is and what it is, from the whole sentence to ever shorter ones.

    Of two that are compared both sides are told, and of one what speaks against it if wanted;
    short forms leave the other side out. There is none if hardly anything speaks for the class.
    No moment is told of the first `skip_s` seconds of the window.
    """
    evidence = evidence.with_peaks()
    if evidence.gain < LEAST_NATS:
        return ()
    name = tr(NAMES[evidence.explained])
    is_compared = 0 <= evidence.against < len(NAMES)
    rival = tr(NAMES[evidence.against]) if is_compared else ""
    whose = tr("{this} rather than {that}", this=name, that=rival) if rival else name
    told = _in_every_length(evidence, start_s=start_s, skip_s=skip_s)
    forms = [tr("{name}: {words}", name=whose, words=each) for each in told]
    if with_against or rival:
        turned = replace(evidence, grid=-evidence.grid)
        others = _in_every_length(turned, start_s=start_s, skip_s=skip_s)
        forms = _both_sides(forms, others, rival=rival) + forms
    return tuple(
        dict.fromkeys((*forms, tr("{name}: {words}", name=name, words=told[-1]), told[-1]))
    )


def _in_every_length(evidence: Evidence, *, start_s: float, skip_s: float) -> list[str]:
    return evidence_in_every_length(
        evidence, start_s=start_s, translate=tr, figure=figure, skip_s=skip_s
    )


def _both_sides(forms: Sequence[str], others: Sequence[str], *, rival: str) -> list[str]:
    both = zip(forms, others, strict=True)
    name = rival or tr("against it")
    return [
        f"{form}; {tr('{name}: {words}', name=name, words=other)}" for form, other in both if other
    ]
