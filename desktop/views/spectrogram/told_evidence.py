"""The evidence in a sentence, in the language in use."""

from dataclasses import replace

from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.evidence import Evidence
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
)


def told_evidence(evidence: Evidence, *, start_s: float, with_against: bool) -> str:
    """Return whose evidence it is and what it is, empty if hardly anything speaks for the class.

    Of two that are compared both sides are told, and of one what speaks against it if wanted.
    """
    told = evidence_in_words(evidence, start_s=start_s, translate=tr)
    if not told:
        return ""
    name = tr(NAMES[evidence.explained])
    is_compared = 0 <= evidence.against < len(NAMES)
    rival = tr(NAMES[evidence.against]) if is_compared else ""
    whose = tr("{this} rather than {that}", this=name, that=rival) if rival else name
    if not with_against and not rival:
        return f"{whose}: {told}"
    turned = replace(evidence, grid=-evidence.grid)
    other = evidence_in_words(turned, start_s=start_s, translate=tr)
    if not other:
        return f"{whose}: {told}"
    return f"{whose}: {told}; {rival or tr('against it')}: {other}"
