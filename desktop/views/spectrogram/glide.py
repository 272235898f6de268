"""Where the live picture ends: near the newest column, moving evenly between deliveries."""

# How far the picture lags behind the newest column, so that it glides between deliveries.
_LAG_S = 0.08
_PULL_PER_S = 4.0
_LONGEST_LAG_S = 0.4


class Glide:
    """A second of the stream that follows the newest one and never runs ahead of it."""

    def __init__(self) -> None:
        self._end_s = 0.0

    def follow(self, newest_s: float, *, elapsed_s: float | None) -> float:
        """Move on and return the second at which the picture ends.

        Parameters
        ----------
        newest_s : float
            The end of what there is to show.
        elapsed_s : float or None
            Time since the last call; None jumps to the newest.
        """
        if elapsed_s is None:
            self._end_s = newest_s
        elif not newest_s - _LONGEST_LAG_S < self._end_s <= newest_s:
            self._end_s = newest_s - _LAG_S
        else:
            drift_s = newest_s - _LAG_S - self._end_s
            step_s = elapsed_s * (1.0 + _PULL_PER_S * drift_s)
            self._end_s = min(newest_s, self._end_s + max(0.0, step_s))
        return self._end_s
