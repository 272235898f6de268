"""Asking what may never answer: dead network shares, sound servers that hang."""

import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, TypeVar

from timbrescope.models.errors import TimbrescopeError

ASK_AGAIN_S = 20.0
MOST_LEFT_BEHIND = 3

_Answer = TypeVar("_Answer")


class OverdueError(TimbrescopeError):
    """No answer came in time."""


def ask_within(ask: Callable[[], _Answer], seconds: float, *, name: str) -> _Answer:
    """Return what `ask` returns, or raise what it raises, if it does so within `seconds`.

    It runs in a thread called `name`, which is left behind with it when it does not.

    Raises
    ------
    OverdueError
        If it takes longer.
    """
    return OneAtATime(name).ask(ask, seconds)


class OneAtATime:
    """Makes calls that may hang, each in a thread called `name`. Owned by one thread.

    Another thread may `give_up` for it.

    After a call that hangs there is none for a while: libraries that are stuck in one call may not
    bear another. But some never come back from one, whatever happens to what they waited for; so
    then it is tried again, a few times in all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._left_behind: list[Thread] = []
        self._left_s = 0.0
        self._given_up = Event()
        self._outcomes: SimpleQueue[tuple[Any, Exception | None] | None] = SimpleQueue()

    def give_up(self) -> None:
        """Let the call that is waited for, and any other from now on, be overdue at once."""
        self._given_up.set()
        self._outcomes.put(None)

    def ask(
        self,
        call: Callable[[], _Answer],
        seconds: float,
        *,
        too_late: Callable[[], None] | None = None,
    ) -> _Answer:
        """Return what `call` returns, or raise what it raises, if it does so within `seconds`.

        `too_late` is called, in the call's own thread, if it comes back later than that.

        Raises
        ------
        OverdueError
            If it takes longer, an earlier call has still not come back, or `give_up` is called.
        """
        self._left_behind = [each for each in self._left_behind if each.is_alive()]
        waited_s = time.monotonic() - self._left_s
        if len(self._left_behind) >= MOST_LEFT_BEHIND or (
            self._left_behind and waited_s < ASK_AGAIN_S
        ):
            raise OverdueError(f"{self._name}: an earlier call has not come back")
        outcomes: SimpleQueue[tuple[_Answer | None, Exception | None] | None] = SimpleQueue()
        self._outcomes = outcomes
        if self._given_up.is_set():
            raise OverdueError(f"{self._name}: given up")
        settling, abandoned = Lock(), Event()

        def run() -> None:
            answer, error = None, None
            try:
                answer = call()
            # Whatever it is, it is raised again where it was asked for.
            except Exception as raised:  # noqa: BLE001
                error = raised
            with settling:
                outcomes.put((answer, error))
                late = abandoned.is_set()
            if late and error is None and too_late is not None:
                too_late()

        thread = Thread(target=run, name=self._name, daemon=True)
        thread.start()
        with suppress(Empty):
            if (outcome := outcomes.get(timeout=seconds)) is not None:
                return _opened(outcome)
        with settling:
            # It may have come at the last moment.
            while not outcomes.empty():
                if (outcome := outcomes.get()) is not None:
                    return _opened(outcome)
            abandoned.set()
        self._left_behind.append(thread)
        self._left_s = time.monotonic()
        raise OverdueError(f"{self._name}: no answer within {seconds:g} s")


def _opened(outcome: tuple[_Answer | None, Exception | None]) -> _Answer:
    answer, error = outcome
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]
