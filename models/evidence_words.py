"""Evidence in a sentence: when and at which pitches what speaks for a class lies."""

from collections.abc import Callable, Sequence
from functools import reduce

from timbrescope.models.evidence import Evidence
from timbrescope.models.evidence_parts import DETAILS, MOST, EvidenceParts, Partial, parts_of
from timbrescope.models.notes import nearest_note
from timbrescope.models.times import clock_with_tenths, plain_figure

# The forms of the sentence; views translate them.
MOSTLY, PARTLY = "mostly from {places}", "partly from {places}"
SPREAD = "spread over the sound from {low} to {high}"
ATTACK, ATTACKS = "the attack at {times}", "attacks at {times}"
MOMENTS = "the sound at {times}"
PARTIAL, PARTIALS = "the partial near {pitches}", "partials near {pitches}"
BOTH = "{first} and {second}"
# Between times: where the decimal sign is a comma, another sign has to stand between them.
TIMES = "{first}, {second}"
FORMS = (MOSTLY, PARTLY, SPREAD, ATTACK, ATTACKS, MOMENTS, PARTIAL, PARTIALS, BOTH, TIMES)
# Below this share at such places the evidence is spread out, and nothing is told of them.
_LEAST_TOLD = 0.2
# Told as what the evidence is mostly made of from this share on, else as what stands out in it.
_MOSTLY_SHARE = 0.5
# Higher ones than the piano's highest are no notes to the ear.
_HIGHEST_NOTE_HZ = 4_300.0


def evidence_in_words(
    evidence: Evidence,
    *,
    start_s: float = 0.0,
    translate: Callable[[str], str] = str,
    figure: Callable[[float, int], str] = plain_figure,
    skip_s: float = 0.0,
) -> str:
    """Return a sentence without its subject, empty if hardly anything speaks for the class.

    Parameters
    ----------
    evidence : Evidence
    start_s : float
        Where its window begins in the stream or file.
    translate : callable, optional
        Gives the form of each of `FORMS` in another language.
    figure : callable, optional
        Writes a number with so many decimals.
    skip_s : float, optional
        No moment is told of so many seconds at the beginning of the window.

    Examples
    --------
    "mostly from attacks at 0:00.4 and 0:01.1 and partials near 880 Hz (A5) and 1,760 Hz (A6)"
    """
    told = _Teller(translate, figure)
    return told.lengths(evidence, (MOST,), start_s=start_s, skip_s=skip_s)[0]


def evidence_in_every_length(
    evidence: Evidence,
    *,
    start_s: float = 0.0,
    translate: Callable[[str], str] = str,
    figure: Callable[[float, int], str] = plain_figure,
    skip_s: float = 0.0,
) -> list[str]:
    """Return the sentence of `evidence_in_words`, and shorter ones for where there is little room.

    One for each of `DETAILS`, the longest first.
    """
    told = _Teller(translate, figure)
    return told.lengths(evidence, DETAILS, start_s=start_s, skip_s=skip_s)


class _Teller:
    """Fills in the forms of one language."""

    def __init__(
        self, translate: Callable[[str], str], figure: Callable[[float, int], str]
    ) -> None:
        self._translate, self._figure = translate, figure

    def lengths(
        self, evidence: Evidence, details: Sequence[int], *, start_s: float, skip_s: float
    ) -> list[str]:
        """Return a sentence for each of `details`; whether it is spread out says the longest."""
        evidence = evidence.with_peaks()
        most = parts_of(evidence, start_s=start_s, skip_s=skip_s)
        if most is None:
            return [""] * len(details)
        is_spread = most.share < _LEAST_TOLD
        found = (
            most
            if detail == MOST
            else parts_of(evidence, start_s=start_s, detail=detail, skip_s=skip_s)
            for detail in details
        )
        return [self._sentence(each or most, is_spread=is_spread) for each in found]

    def _sentence(self, found: EvidenceParts, *, is_spread: bool) -> str:
        parts = []
        if found.attacks_s:
            form = ATTACKS if len(found.attacks_s) > 1 else ATTACK
            parts.append(self.said(form, times=self.times(found.attacks_s)))
        if found.moments_s:
            parts.append(self.said(MOMENTS, times=self.times(found.moments_s)))
        if found.partials:
            form = PARTIALS if len(found.partials) > 1 else PARTIAL
            pitches = [self.pitch(each) for each in found.partials]
            parts.append(self.said(form, pitches=self.listed(pitches)))
        if not parts or is_spread:
            low, high = self.range(found)
            return self.said(SPREAD, low=low, high=high)
        mostly = MOSTLY if found.share >= _MOSTLY_SHARE else PARTLY
        return self.said(mostly, places=self.listed(parts))

    def said(self, form: str, **fields: str) -> str:
        return self._translate(form).format(**fields)

    def listed(self, texts: Sequence[str]) -> str:
        if len(texts) == 1:
            return texts[0]
        return self.said(BOTH, first=", ".join(texts[:-1]), second=texts[-1])

    def times(self, seconds: Sequence[float]) -> str:
        *first, last = (clock_with_tenths(each, figure=self._figure) for each in seconds)
        before = reduce(lambda one, other: self.said(TIMES, first=one, second=other), first or [""])
        return self.said(BOTH, first=before, second=last) if first else last

    def pitch(self, partial: Partial) -> str:
        hertz = partial.hertz
        # Bands lie too far apart to name a note by: no figure says more than they know.
        step = partial.step_hz or (1 if hertz < 1_000 else 10)
        rounded = next((each for each in (500, 200, 100, 50, 20, 10) if each <= step), 1)
        figure = f"{self._figure(rounded * round(hertz / rounded), 0)} Hz"
        is_note = partial.step_hz == 0 and hertz < _HIGHEST_NOTE_HZ
        note = nearest_note(hertz) if is_note else ""
        return f"{figure} ({note})" if note else figure

    def range(self, found: EvidenceParts) -> tuple[str, str]:
        """Return between which frequencies, or else seconds, most of the evidence lies."""
        if found.range_hz is None:
            first, last = (clock_with_tenths(at, figure=self._figure) for at in found.range_s)
            return first, last
        low, high = (round(each, -1) for each in found.range_hz)
        return self._figure(low, 0), f"{self._figure(high, 0)} Hz"
