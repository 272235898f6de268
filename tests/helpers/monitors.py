"""Two monitors side by side on one virtual screen, as RandR tells programs of them."""

import ctypes
from collections.abc import Sequence
from typing import ClassVar

LIBRARIES = ("libX11.so.6", "libXrandr.so.2")


class _Monitor(ctypes.Structure):
    """`XRRMonitorInfo`; lengths in pixels and millimetres."""

    _fields_: ClassVar = [
        ("name", ctypes.c_ulong),
        *((name, ctypes.c_int) for name in ("primary", "automatic", "outputs_count")),
        *((name, ctypes.c_int) for name in ("x", "y", "width", "height", "mm_wide", "mm_high")),
        ("outputs", ctypes.c_void_p),
    ]


class _Resources(ctypes.Structure):
    """The beginning of `XRRScreenResources`."""

    _fields_: ClassVar = [
        ("timestamp", ctypes.c_ulong),
        ("config_timestamp", ctypes.c_ulong),
        ("crtcs_count", ctypes.c_int),
        ("crtcs", ctypes.c_void_p),
        ("outputs_count", ctypes.c_int),
        ("outputs", ctypes.POINTER(ctypes.c_ulong)),
    ]


def missing_for_monitors() -> str | None:
    """Return why a screen cannot be divided, or None."""
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            return f"not installed: {name}"
    return None


def divide(display: str, sizes: Sequence[tuple[int, int]]) -> None:
    """Make monitors of these sizes, from left to right, of the screen of a display.

    Programs that are started afterwards find them; the first is the primary one.
    """
    x11, randr = (ctypes.CDLL(name) for name in LIBRARIES)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    randr.XRRGetScreenResources.restype = ctypes.POINTER(_Resources)
    server = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    assert server, f"no display {display}"
    root = ctypes.c_ulong(x11.XDefaultRootWindow(server))
    found = randr.XRRGetScreenResources(server, root).contents
    left = 0
    for number, (width, height) in enumerate(sizes):
        # The one output of a virtual screen belongs to the first monitor.
        outputs = (ctypes.c_ulong * 1)(found.outputs[0]) if number == 0 else None
        monitor = _Monitor(
            x11.XInternAtom(server, f"monitor-{number}".encode(), 0),
            *(int(number == 0), 0, int(number == 0)),
            *(left, 0, width, height, width // 4, height // 4),
            ctypes.cast(outputs, ctypes.c_void_p) if outputs is not None else None,
        )
        randr.XRRSetMonitor(server, root, ctypes.byref(monitor))
        left += width
    x11.XCloseDisplay(server)
