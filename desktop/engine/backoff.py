"""When to try a lost source again: soon at first, then ever less often."""


class Reopening:
    """A back-off whose waits double, e.g. 1, 2, 4, 8 and then every 10 s.

    Owned by one thread; time is passed in.
    """

    def __init__(self, *, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._wait_s = first_s
        self._next_s: float | None = None

    @property
    def scheduled(self) -> bool:
        """Whether another try is to come."""
        return self._next_s is not None

    def failed(self, now_s: float) -> None:
        """Note a failure at `now_s` and wait longer than after the last one."""
        self._next_s = now_s + self._wait_s
        self._wait_s = min(2 * self._wait_s, self._longest_s)

    def due(self, now_s: float) -> bool:
        """Return whether to try again now."""
        return self._next_s is not None and now_s >= self._next_s

    def tried(self) -> None:
        """Note that the try that was due is made; the next failure still waits longer."""
        self._next_s = None

    def succeeded(self) -> None:
        """Start over with the shortest wait."""
        self._wait_s = self._first_s
        self._next_s = None
