"""When to try a lost source again: soon at first, then ever less often."""

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 10.0


class Reopening:
    """A back-off of 1, 2, 4, 8 and then every 10 s. Owned by one thread; time is passed in."""

    def __init__(self) -> None:
        self._wait_s = FIRST_WAIT_S
        self._next_s: float | None = None

    def failed(self, now_s: float) -> None:
        """Note a failure at `now_s` and wait longer than after the last one."""
        self._next_s = now_s + self._wait_s
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)

    def due(self, now_s: float) -> bool:
        """Return whether to try again now."""
        return self._next_s is not None and now_s >= self._next_s

    def succeeded(self) -> None:
        """Start over with the shortest wait."""
        self._wait_s = FIRST_WAIT_S
        self._next_s = None

    def stop(self) -> None:
        """Do not try again until the next failure."""
        self._next_s = None
