"""Lets the window's thread go first while others have much to do.

Measured by ``make bench-window ARGS="--only load"``, which tells waits for a core from waits for
the interpreter's lock.
"""

import os
import sys
from threading import get_native_id

# CPython lets a thread that computes in Python go on for so long before it hands over. A frame of
# the window gives up the interpreter dozens of times, and waits so long each time that another
# thread takes it: 5 ms, as it is by default, is too long for that.
SWITCH_INTERVAL_S = 0.001
# A thread that waits much longer for a core would keep the interpreter meanwhile, and with it the
# window: more is worse.
STEPS_BEHIND = 5
_LOWEST = 19


def hand_over_soon() -> None:
    """Let threads of this process take turns in the interpreter more often."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def give_way() -> bool:
    """Let the calling thread have a core after the others that want one.

    Returns
    -------
    bool
        Whether the system can do that for one thread; elsewhere nothing changes.
    """
    # Elsewhere the call means the whole process, the window included.
    if not sys.platform.startswith("linux"):
        return False
    thread = get_native_id()
    try:
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(_LOWEST, now + STEPS_BEHIND))
    except OSError:
        return False
    return True
