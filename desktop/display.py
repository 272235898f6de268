"""Whether there is a screen to show a window on, asked without Qt.

Qt ends the whole process where a screen is named and does not answer: after a remote session has
ended, or in a terminal multiplexer that outlived its desktop.
"""

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from timbrescope.desktop.engine.patience import OverdueError, ask_within

# Platforms of Qt that need no screen.
_WITHOUT_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
_ANSWER_S = 5.0


def why_no_display(environment: Mapping[str, str] = os.environ) -> str:
    """Return why no window can be shown, or an empty string if one can."""
    if sys.platform in ("win32", "darwin"):
        return ""
    if environment.get("QT_QPA_PLATFORM", "").split(":")[0] in _WITHOUT_SCREEN:
        return ""
    wayland, x11 = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    if not wayland and not x11:
        return "DISPLAY is not set"
    if wayland and _wayland_answers(Path(environment.get("XDG_RUNTIME_DIR", "")) / wayland):
        return ""
    if not x11:
        return f"WAYLAND_DISPLAY={wayland} does not answer"
    return "" if _x11_answers(x11) else f"DISPLAY={x11} does not answer"


def _wayland_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(_ANSWER_S)
        try:
            asked.connect(str(path))
        except OSError:
            return False
    return True


def _x11_answers(display: str) -> bool:
    try:
        return ask_within(lambda: _opens(display), _ANSWER_S, name="ask-display")
    except OverdueError:
        return False


def _opens(display: str) -> bool:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        # Qt says which library it lacks.
        return True
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    opened = x11.XOpenDisplay(os.fsencode(display))
    if opened:
        x11.XCloseDisplay(opened)
    return bool(opened)
