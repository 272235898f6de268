"""Whether several models say the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """What the most models claim or, if none claims anything, what the most of them guess.

    Attributes
    ----------
    instrument : str or None
        The instrument that more models claim (or, without claims, guess) than any other; None
        on a tie and if there is neither.
    votes : int
        How many claim it; on a tie, how many claim each of those that lead.
    guesses : int
        How many are not sure but would guess it.
    claims : int
        How many claim any instrument.
    asked : int
        How many gave an answer at all.
    """

    instrument: str | None
    votes: int
    guesses: int
    claims: int
    asked: int


def agreement(claims: Sequence[str | None], guesses: Sequence[str | None] = ()) -> Agreement:
    """Count the answers.

    Parameters
    ----------
    claims : sequence of str or None
        One for each model; None stands for an answer that claims no instrument.
    guesses : sequence of str or None, optional
        What those that are not sure would guess.
    """
    claimed, guessed = _counted(claims), _counted(guesses)
    instrument, votes = _leading(claimed or guessed)
    return Agreement(
        instrument=instrument,
        votes=votes if claimed else 0,
        guesses=guessed[instrument] if instrument else 0,
        claims=claimed.total(),
        asked=len(claims),
    )


def _counted(names: Sequence[str | None]) -> Counter[str]:
    return Counter(name for name in names if name is not None)


def _leading(counted: Counter[str]) -> tuple[str | None, int]:
    """Return the most frequent name, None on a tie, and how often it comes."""
    leading = counted.most_common(2)
    if not leading:
        return None, 0
    name, votes = leading[0]
    tied = len(leading) > 1 and leading[1][1] == votes
    return (None if tied else name), votes
