"""Who is inside PortAudio, so that it is never ended under somebody's feet.

To see new devices, PortAudio has to be ended and begun anew, and a process that leaves ends it too.
That frees everything that its streams stand on, in whatever thread they are: one that is playing,
or is still being closed by a driver that hangs, then crashes the process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Any
from weakref import WeakKeyDictionary

from timbrescope.models.errors import AudioDeviceError

# PortAudio begins anew in some tens of milliseconds; a sound server that is starting takes seconds.
BEGIN_ANEW_S = 5.0


class Holds:
    """Counts streams, from before they are opened until their close has come back. Any thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0
        self._ending = False

    @property
    def any(self) -> bool:
        """Whether a stream is there, or PortAudio is being ended or begun."""
        with self._changed:
            return self._ending or self._count > 0

    def take(self, *, seconds: float = BEGIN_ANEW_S) -> None:
        """Announce a stream; `release` has to follow once it is closed.

        Raises
        ------
        AudioDeviceError
            If PortAudio is just being ended and begun, and that takes longer than `seconds`.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: not self._ending, seconds):
                raise AudioDeviceError(
                    f"the system's sound has not come up again within {seconds:g} s; wait, or "
                    "restart its sound service"
                )
            self._count += 1

    def release(self) -> None:
        """Say that a stream is closed."""
        with self._changed:
            self._count -= 1

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Say whether there is no stream; if so, there will be none until the block is left."""
        with self._changed:
            is_alone = self._ending_allowed()
            self._ending = self._ending or is_alone
        try:
            yield is_alone
        finally:
            if is_alone:
                with self._changed:
                    self._ending = False
                    self._changed.notify_all()

    def _ending_allowed(self) -> bool:
        return not self._ending and self._count == 0


_known: WeakKeyDictionary[Any, Holds] = WeakKeyDictionary()
_knowing = Lock()


def holds_of(library: Any) -> Holds:
    """Return the holds on sounddevice, or on what stands in for it."""
    with _knowing:
        return _known.setdefault(library, Holds())


def in_use() -> bool:
    """Return whether any stream is there, or PortAudio is being ended or begun."""
    with _knowing:
        return any(holds.any for holds in _known.values())
