"""The end of the process while a driver or a sound server hangs.

Libraries tidy up when a process ends. Where one of their calls has not come back in another thread,
that crashes it; so then the process ends without.
"""

import contextlib
import logging
import os
import sys
import threading

from timbrescope.desktop.audio.in_use import in_use

_SOUND_THREADS = ("timbrescope-live", "timbrescope-sound", "timbrescope-close")


def sound_is_stuck() -> bool:
    """Return whether a stream or a call to the system's sound has been left behind."""
    return in_use() or any(thread.name in _SOUND_THREADS for thread in threading.enumerate())


def leave(status: int) -> int:
    """Return `status`, or end the process with it if sound is stuck. All is closed by now."""
    if not sound_is_stuck():
        return status
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)
