"""The evidence in a sentence, in the language in use."""

from collections.abc import Sequence
from dataclasses import replace

from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.desktop.views.words.figures import figure
from timbrescope.models.evidence import Evidence
from timbrescope.models.evidence_parts import DETAILS
from timbrescope.models.evidence_words import evidence_in_words
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


def told_evidence(evidence: Evidence, *, start_s: float, with_against: bool) -> tuple[str, ...]:
    """Return whose evidence it is and what it is, from the whole sentence to ever shorter ones.

    Of two that are compared both sides are told, and of one what speaks against it if wanted;
    short forms leave the other side out. There is none if hardly anything speaks for the class.
    """
    evidence = evidence.with_peaks()
    if not evidence_in_words(evidence):
        return ()
    name = tr(NAMES[evidence.explained])
    is_compared = 0 <= evidence.against < len(NAMES)
    rival = tr(NAMES[evidence.against]) if is_compared else ""
    whose = tr("{this} rather than {that}", this=name, that=rival) if rival else name
    told = _in_every_length(evidence, start_s=start_s)
    forms = [tr("{name}: {words}", name=whose, words=each) for each in told]
    if with_against or rival:
        forms = _both_sides(evidence, forms, start_s=start_s, rival=rival) + forms
    return tuple(
        dict.fromkeys((*forms, tr("{name}: {words}", name=name, words=told[-1]), told[-1]))
    )


def _in_every_length(evidence: Evidence, *, start_s: float) -> list[str]:
    return [
        evidence_in_words(evidence, start_s=start_s, translate=tr, figure=figure, detail=each)
        for each in DETAILS
    ]


def _both_sides(
    evidence: Evidence, forms: Sequence[str], *, start_s: float, rival: str
) -> list[str]:
    turned = replace(evidence, grid=-evidence.grid)
    both = zip(forms, _in_every_length(turned, start_s=start_s), strict=True)
    name = rival or tr("against it")
    return [
        f"{form}; {tr('{name}: {words}', name=name, words=other)}" for form, other in both if other
    ]
