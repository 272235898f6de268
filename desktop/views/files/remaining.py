"""How long the files still to do will take."""

from collections.abc import Callable
from time import monotonic

from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.desktop.views.words.figures import figure

_LEAST_DONE = 2
_LEAST_S = 2.0


class Remaining:
    """Reckons from the files done since work began; says nothing before two are done.

    Parameters
    ----------
    now_s : callable, optional
        A clock in seconds; tests pass their own.
    """

    def __init__(self, now_s: Callable[[], float] = monotonic) -> None:
        self._now_s = now_s
        self._began_s: float | None = None
        self._most = 0

    def follow(self, unfinished: int) -> None:
        """Take how many files are waiting or running now."""
        if unfinished == 0:
            self._began_s, self._most = None, 0
        elif self._began_s is None:
            self._began_s, self._most = self._now_s(), unfinished
        else:
            self._most = max(self._most, unfinished)

    def seconds(self, unfinished: int) -> float | None:
        """Return how long `unfinished` files will take, None while nobody can know."""
        if self._began_s is None:
            return None
        done, past_s = self._most - unfinished, self._now_s() - self._began_s
        if done < _LEAST_DONE or past_s < _LEAST_S:
            return None
        return unfinished * past_s / done


def remaining_words(seconds: float | None) -> str:
    """Return about how long it will take, in words; empty while nobody can know."""
    if seconds is None:
        return ""
    if seconds < 50:
        return tr("about {count} s left", count=max(5, round(seconds / 5) * 5))
    if seconds < 90 * 60:
        return tr("about {count} min left", count=max(1, round(seconds / 60)))
    return tr("about {hours} h left", hours=figure(seconds / 3600, 1))
