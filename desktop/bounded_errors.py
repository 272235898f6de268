"""Keeps what system libraries write to standard error within bounds.

PortAudio 19.6 on ALSA has a loop without an end: the thread of a device that vanishes before its
first block complains of it a million times a second, for as long as the process lives. On a disk
that is a gigabyte a minute, and one core. Nobody can end that thread; but it waits when nobody
reads what it writes.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from threading import Thread
from typing import BinaryIO

if sys.platform.startswith("linux"):
    import termios
    import tty

logger = logging.getLogger(__name__)

# Enough for all that a library has to say at a start, and little enough to cost nothing.
LINES_AT_ONCE = 500
LINES_A_SECOND = 100
_LONGEST_LINE_BYTES = 4_096


def bound_errors() -> None:
    """Let libraries write to file 2 only so much in a second from now on.

    Python's own errors have to go elsewhere before, to a copy of file 2. Where there is no file 2,
    and elsewhere than on Linux, nothing changes.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        target = open(os.dup(2), "wb", buffering=0)  # noqa: PTH123, SIM115 - for the whole run
        # Not a pipe: programs that we start have it, too, and writing to one without a reader, when
        # we have left, would end them. What they write to this is then refused.
        reading, writing = os.openpty()
        tty.setraw(writing)
        os.dup2(writing, 2)
        os.close(writing)
    except (OSError, termios.error) as error:
        logger.info("errors of libraries are not bounded: %s", error)
        return
    source = open(reading, "rb")  # noqa: PTH123, SIM115
    Thread(target=pass_on, args=(source, target), name="timbrescope-errors", daemon=True).start()


def pass_on(
    source: BinaryIO,
    target: BinaryIO,
    *,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Pass lines on until there are no more; one that says the same as the last is left out.

    Whoever writes more than `LINES_A_SECOND` for long waits.

    Parameters
    ----------
    source, target : binary file
    clock, wait : callable, optional
        Return seconds, and let them pass; for tests.
    """
    allowed, seen_s, last = float(LINES_AT_ONCE), clock(), b""
    while line := _next_line(source):
        now_s = clock()
        allowed = min(LINES_AT_ONCE, allowed + (now_s - seen_s) * LINES_A_SECOND) - 1
        seen_s = now_s
        if allowed < 0:
            wait(-allowed / LINES_A_SECOND)
        if line == last:
            continue
        last = line
        try:
            target.write(line)
        # Its reader has gone, or its disk is full: what libraries say is lost, nothing else.
        except OSError:
            continue


def _next_line(source: BinaryIO) -> bytes:
    try:
        return source.readline(_LONGEST_LINE_BYTES)
    except OSError:
        # Nobody has the other end any more.
        return b""
