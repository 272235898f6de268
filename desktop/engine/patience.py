"""Asking what may never answer: dead network shares, sound servers that hang."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

_Answer = TypeVar("_Answer")


class OverdueError(Exception):
    """No answer came in time."""


def ask_within(ask: Callable[[], _Answer], seconds: float, *, name: str) -> _Answer:
    """Return what `ask` returns, or raise what it raises, if it does so within `seconds`.

    It runs in a thread called `name`, which is left behind with it when it does not.

    Raises
    ------
    OverdueError
        If it takes longer.
    """
    outcomes: SimpleQueue[tuple[_Answer | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            outcomes.put((ask(), None))
        # Whatever it is, it is raised again where it was asked for.
        except Exception as error:  # noqa: BLE001
            outcomes.put((None, error))

    Thread(target=run, name=name, daemon=True).start()
    try:
        answer, error = outcomes.get(timeout=seconds)
    except Empty:
        raise OverdueError(f"{name}: no answer within {seconds:g} s") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]
