"""What a file's result says, ready to be written anywhere: the claim, the guess, the runner-up."""

from dataclasses import dataclass

import numpy as np

from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES


@dataclass(frozen=True)
class FileClaim:
    """The likeliest two instruments of a file and what may be said of them.

    Attributes
    ----------
    instrument : str or None
        None unless one is claimed.
    guess : str or None
        What it would be if the model were sure.
    probability : float
        Of the one or the other; 0 without either.
    runner_up : str or None
    runner_up_probability : float
    """

    instrument: str | None
    guess: str | None
    probability: float
    runner_up: str | None
    runner_up_probability: float

    @property
    def words(self) -> str:
        """The claim, or what the model is not sure of."""
        if self.instrument is not None:
            return self.instrument
        return f"{self.guess}?" if self.guess is not None else ""


def none_of_the_28(result: FileResult) -> float | None:
    """Return the probability of none of the 28; None for an error, silence, or what is quiet."""
    said = result.answer
    return said.none_of_them if result.status == "ok" and said.claims else None


def claim_of(result: FileResult) -> FileClaim:
    """Return what a result says; nothing for an error, silence, or what is too quiet."""
    if result.status != "ok" or result.state not in (State.INSTRUMENT, State.NOT_SURE):
        return FileClaim(None, None, 0.0, None, 0.0)
    best, second = (int(index) for index in np.argsort(result.probabilities)[::-1][:2])
    claims = result.state is State.INSTRUMENT
    return FileClaim(
        NAMES[best] if claims else None,
        None if claims else NAMES[best],
        float(result.probabilities[best]),
        NAMES[second],
        float(result.probabilities[second]),
    )
