"""Keeps the memory of an evening where it is.

glibc raises the size from which on an array gets pages of its own whenever such an array is given
back. Then large arrays lie between small ones that live for minutes, and the holes that they leave
never go back to the system: some hundred MB in an hour.
"""

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
# Said aloud, it stays. A window's samples and features are smaller: with pages of their own, which
# are given back and asked for again five times a second, a live step takes a third longer.
THRESHOLD_BYTES = 512 * 1024


def keep_memory_steady() -> bool:
    """Ask the C library for that; return whether it is one that can be asked."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_M_MMAP_THRESHOLD, THRESHOLD_BYTES))
