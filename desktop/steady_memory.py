"""Keeps the memory of an evening where it is.

glibc raises the size from which on an array gets pages of its own whenever such an array is given
back. Then large arrays lie between small ones that live for minutes, and the holes that they leave
never go back to the system: some hundred MB in an hour.
"""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
# Said aloud, it stays. What comes and goes with every answer is smaller (a window, its features,
# the colours of a picture): with pages of their own, which are given back and asked for again five
# times a second, a live step takes a third longer.
THRESHOLD_BYTES = 640 * 1024
# Once a threshold is said, what lies free at the end goes back from 128 KiB on, and the next window
# asks for it again, page by page: thousands of faults a second. So much is kept instead; more would
# be growth, after a busy moment, of an evening's memory.
KEPT_BYTES = 4 * 1024 * 1024


def keep_memory_steady() -> bool:
    """Ask the C library for that; return whether it is one that can be asked."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    steady = mallopt(_M_MMAP_THRESHOLD, THRESHOLD_BYTES)
    return bool(steady) and bool(mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES))
