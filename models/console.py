"""What the two command lines have in common: how they end when they cannot write or are stopped."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

# As shells put it: 128 and the number of the signal.
INTERRUPTED = 130


class _Writable(Protocol):
    def write(self, text: str, /) -> object: ...


class Parser(argparse.ArgumentParser):
    """A parser whose help is either written or raises: argparse's own ends as if it had been."""

    def _print_message(self, message: str, file: _Writable | None = None) -> None:
        # argparse would write to standard error in place of a closed standard output.
        if file is None:
            raise OSError("standard output is closed: there is nowhere to answer")
        file.write(message)


def flush_output() -> None:
    """Write what is still to be written.

    What does not fit on a full disk is to be told by the program, not while Python ends.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_output() -> None:
    """Send what is still to be written nowhere, so that Python does not fail on it at the end."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


@contextmanager
def interrupts_as_such() -> Iterator[None]:
    """Raise `KeyboardInterrupt` for errors that an interrupt (Ctrl-C) is behind.

    A compiled module whose import is interrupted makes an `ImportError` or a `SystemError` of it.
    """
    try:
        yield
    except (ImportError, SystemError) as error:
        behind: BaseException | None = error
        while behind is not None and not isinstance(behind, KeyboardInterrupt):
            behind = behind.__cause__ or behind.__context__
        if behind is None:
            raise
        raise KeyboardInterrupt from error
