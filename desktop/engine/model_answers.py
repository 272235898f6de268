"""What several models say of the same window, and whether they agree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.agreement import Agreement, agreement
from timbrescope.models.analysis import NO_PROBABILITIES, State
from timbrescope.models.instruments import NAMES


@dataclass(frozen=True)
class ModelAnswer:
    """What one model says of a window or of a file.

    Attributes
    ----------
    model : str
        Its reference: the name in the catalogue, or the path of the user's own model file.
    state : State
    probabilities : ndarray, shape (28,), float32
        Zeros when there is nothing to show.
    problem : str
        Why the model cannot answer, else empty; then the other fields say nothing.
    """

    model: str
    state: State
    probabilities: NDArray[np.float32]
    problem: str = ""

    @classmethod
    def failed(cls, model: str, problem: str) -> "ModelAnswer":
        """Return the answer of a model that cannot give one."""
        return cls(model, State.NO_SIGNAL, NO_PROBABILITIES, problem)

    @property
    def best(self) -> int:
        """Class index with the highest probability, whatever the state."""
        return int(self.probabilities.argmax())

    @property
    def instrument(self) -> str | None:
        """Name of the instrument if the model claims one, else None."""
        claims = self.state is State.INSTRUMENT and not self.problem
        return NAMES[self.best] if claims else None

    @property
    def guess(self) -> str | None:
        """Name of the best instrument if the model is not sure of it, else None."""
        guesses = self.state is State.NOT_SURE and not self.problem
        return NAMES[self.best] if guesses else None

    @property
    def probability(self) -> float:
        """Probability of the best class."""
        return float(self.probabilities[self.best])


@dataclass(frozen=True)
class Comparison:
    """The answers of several models to the same window.

    Attributes
    ----------
    start_s : float
        Where the window starts in its stream or file; it is 3 s long.
    answers : tuple of ModelAnswer
        In a stable order, the same for every window.
    skipped : int
        Windows that were not compared since listening began, because it would have cost too
        much time.
    """

    start_s: float
    answers: tuple[ModelAnswer, ...]
    skipped: int = 0

    @property
    def agreement(self) -> Agreement:
        """What the most of those models claim, or guess, that could answer."""
        good = [each for each in self.answers if not each.problem]
        return agreement([each.instrument for each in good], [each.guess for each in good])
