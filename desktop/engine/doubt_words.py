"""Why no instrument is named, in words: `models.decision.doubt_of` decides, everything tells it so.

Window and report tell a whole sentence; labels, tables and the terminal, which name the likeliest
instrument beside it, tell it in brief.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import Doubt, Reason
from timbrescope.models.instruments import NAMES

# Names of instruments with their probabilities, the likeliest first.
Likely = Sequence[tuple[str, float]]

# The forms of the sentence; views translate them.
PERHAPS_NONE = "{first}, but perhaps none of the 28 ({share}; a name needs less than {limit})"
CHANGING = "{first} now, and named if it stays"
UNLIKELY = "{first}, but a name needs {limit}"
BETWEEN = "Between {first} and {second}"
FORMS = (PERHAPS_NONE, CHANGING, UNLIKELY, BETWEEN)
# Of what is likelier than all else together it is not said that it is between two.
_LIKELY = 0.5
# Figures that look alike in whole per cent are told with so many digits more.
_MOST_DIGITS = 3


def likeliest(probabilities: NDArray[np.floating]) -> tuple[tuple[str, float], ...]:
    """Return the two likeliest instruments with their probabilities (28,)."""
    order = np.argsort(probabilities)[::-1][:2]
    return tuple((NAMES[int(index)], float(probabilities[index])) for index in order)


def plain_percent(probability: float) -> str:
    """Return a probability as programs and the terminal write it."""
    return f"{probability:.0%}"


def doubt_in_words(
    likely: Likely,
    doubt: Doubt | None,
    *,
    translate: Callable[[str], str] = str,
    figure: Callable[[float], str] = plain_percent,
) -> str:
    """Return why an answer is not sure, with what was found and what a name needs.

    Parameters
    ----------
    likely : sequence of (name, probability)
        The two likeliest instruments.
    doubt : Doubt or None
        None where it is not known: lists kept by earlier versions do not tell.
    translate : callable, optional
        Gives a form of the sentence, or a name, in another language.
    figure : callable, optional
        Writes a probability.
    """
    first, second = (f"{translate(name)} {figure(share)}" for name, share in likely)
    reason = None if doubt is None else doubt.reason
    if doubt is not None and reason is Reason.PERHAPS_NONE:
        share, limit = (figure(each) for each in _alike(doubt))
        return translate(PERHAPS_NONE).format(first=first, share=share, limit=limit)
    if reason is Reason.CHANGING:
        return translate(CHANGING).format(first=first)
    if doubt is not None and doubt.found > _LIKELY and figure(doubt.needed) != figure(doubt.found):
        return translate(UNLIKELY).format(first=first, limit=figure(doubt.needed))
    return translate(BETWEEN).format(first=first, second=second)


def doubt_in_brief(doubt: Doubt | None) -> str:
    """Return what keeps the likeliest instrument from its name; empty if that is not known."""
    if doubt is None:
        return ""
    if doubt.reason is Reason.CHANGING:
        return "named if it stays"
    if doubt.reason is Reason.PERHAPS_NONE:
        share, limit = (plain_percent(each) for each in _alike(doubt))
        return f"perhaps none of the 28 ({share}; a name needs less than {limit})"
    if plain_percent(doubt.found) != plain_percent(doubt.needed):
        return f"a name needs {doubt.needed:.0%}"
    told = ((f"{doubt.found:.{n}%}", f"{doubt.needed:.{n}%}") for n in range(1, _MOST_DIGITS + 1))
    found, needed = next((pair for pair in told if pair[0] != pair[1]), ("", ""))
    return f"a name needs {needed} ({found})" if needed else "a name needs a little more"


def guess_words(name: str, probability: float, doubt: Doubt | None) -> str:
    """Return what a sound would be named, with a question mark, and what keeps it from that."""
    brief = doubt_in_brief(doubt)
    return f"{name}? {probability:.0%}" + (brief and f", {brief}")


def _alike(doubt: Doubt) -> tuple[float, float]:
    """Return both figures so that, rounded, what was found is not below what it has to be below."""
    return max(0.01, doubt.found), max(0.01, doubt.needed)
