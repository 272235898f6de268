"""Trouble that does not end a stream but spoils it: overflows, clipping, a computer that is busy.

Time is that of the sound, so the same sound gives the same warnings on any machine.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.errors import ModelFileError

# Once may happen to anyone; in three of the last five seconds it is how things are.
SPAN_S = 5
LEAST_S = 3
# Sound that is loud touches full scale; sound that is cut off stays there.
CLIPPED_LEVEL = 0.999
CLIPPED_RUN = 3
# Of five that are due in a second.
DROPPED_PREVIEWS = 2


@dataclass(frozen=True)
class Trouble:
    """What is wrong, in a sentence for the user, and what only an expert wants to know."""

    words: str
    details: str = ""


NO_TROUBLE = Trouble("")
CLIPPING = Trouble(
    "Too loud: the input is clipping, and answers suffer. Turn its gain down, or move away from "
    "the microphone.",
)
OVERFLOW = Trouble(
    "Sound is being lost on its way from the device. Close other programs that use sound, or "
    "choose another input or a lower sample rate.",
)
STARVED = Trouble(
    "This computer is too busy to answer five times a second. Close other programs, end the "
    "comparison of models, or choose a smaller model.",
)


def trouble_of(error: Exception) -> Trouble:
    """Return what is told of an error that ended listening."""
    if isinstance(error, ModelFileError):
        return Trouble(f"No model can answer: {error}")
    words = "Listening stopped because of a fault. It is tried again by itself."
    return Trouble(words, repr(error))


class Sustained:
    """Whether something happens again and again: in 3 of the last 5 seconds."""

    def __init__(self, least_a_second: int = 1) -> None:
        self._least = least_a_second
        self._counts: deque[tuple[int, int]] = deque()

    def note(self, at_s: float, count: int) -> None:
        """Note that it happened `count` times at `at_s`."""
        second = int(at_s)
        if self._counts and self._counts[-1][0] == second:
            count += self._counts.pop()[1]
        if count:
            self._counts.append((second, count))
        while self._counts and self._counts[0][0] <= second - SPAN_S:
            self._counts.popleft()

    @property
    def holds(self) -> bool:
        """Whether it goes on."""
        return sum(count >= self._least for _, count in self._counts) >= LEAST_S


class Watchdog:
    """Looks at each chunk of a stream. Owned by the engine's thread."""

    def __init__(self) -> None:
        self._overflows, self._clipping = Sustained(), Sustained()
        self._dropped = Sustained(DROPPED_PREVIEWS)
        self._overruns_before = 0

    def see(
        self, block: NDArray[np.float32], *, at_s: float, overruns: int, dropped_previews: int
    ) -> None:
        """Look at the newest sound.

        Parameters
        ----------
        block : ndarray, shape (n, channels)
        at_s : float
            Seconds of the stream.
        overruns : int
            How often sound was lost since the stream began.
        dropped_previews : int
            How many were left out with this chunk.
        """
        self._overflows.note(at_s, max(0, overruns - self._overruns_before))
        self._overruns_before = overruns
        self._clipping.note(at_s, int(is_clipped(block)))
        self._dropped.note(at_s, dropped_previews)

    @property
    def trouble(self) -> Trouble:
        """The worst of what goes on, `NO_TROUBLE` if all is well."""
        found = ((self._dropped, STARVED), (self._overflows, OVERFLOW), (self._clipping, CLIPPING))
        return next((trouble for kind, trouble in found if kind.holds), NO_TROUBLE)


def is_clipped(block: NDArray[np.float32]) -> bool:
    """Return whether any channel of a block (n, channels) stays at full scale."""
    with np.errstate(invalid="ignore"):
        full = np.abs(block) >= CLIPPED_LEVEL
    if not full.any() or len(full) < CLIPPED_RUN:
        return False
    runs = np.lib.stride_tricks.sliding_window_view(full, CLIPPED_RUN, axis=0)
    return bool(runs.all(axis=-1).any())
