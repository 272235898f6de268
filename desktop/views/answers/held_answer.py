"""An answer that stays long enough to be read from far away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.views.answers.wording import AnswerText
from timbrescope.models.analysis import Analysis, State

HELD_S = 2.0


@dataclass(frozen=True)
class Held:
    """An answer, the probabilities (28,) that it was given with, and what it was given of."""

    answer: AnswerText
    shares: NDArray[np.float32]
    preview: Analysis | None = None
    state: State | None = None


class HeldAnswer:
    """Gives each claim at least two seconds; what is no claim gives way at once.

    Answer, probabilities and evidence stay together: a headline above bars or a picture that say
    something else would be two truths.
    """

    def __init__(self) -> None:
        self._shown: Held | None = None
        self._age_s = 0.0

    def follow(self, newest: Held, *, elapsed_s: float) -> Held:
        """Return what to show, `elapsed_s` after the last call."""
        self._age_s += elapsed_s
        shown = self._shown
        is_held = (
            shown is not None
            and shown.answer.index is not None
            and shown.answer.headline != newest.answer.headline
            and self._age_s < HELD_S
        )
        if shown is not None and is_held:
            return shown
        # A claim that is confirmed is young again.
        self._shown, self._age_s = newest, 0.0
        return newest

    def forget(self) -> None:
        """Show the next answer at once."""
        self._shown = None
