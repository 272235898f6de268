"""Keeps the screen from going dark while an audience looks at it."""

import ctypes
import logging
import os
import subprocess
import sys

from PySide6.QtDBus import QDBusConnection, QDBusInterface, QDBusMessage

logger = logging.getLogger(__name__)

_SERVICE, _PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
# SetThreadExecutionState of the Windows API.
_CONTINUOUS, _DISPLAY_REQUIRED = 0x8000_0000, 0x0000_0002


class KeepAwake:
    """Asks the system, in the way of each; where it does not listen, nothing happens."""

    def __init__(self) -> None:
        self._cookie: int | None = None
        self._helper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Keep the screen on from now on."""
        if sys.platform == "win32":
            _tell_windows(_CONTINUOUS | _DISPLAY_REQUIRED)
        elif sys.platform == "darwin":
            # It ends with us, should we never come to stop it.
            self._helper = subprocess.Popen(["/usr/bin/caffeinate", "-d", "-w", str(os.getpid())])
        else:
            self._inhibit()

    def stop(self) -> None:
        """Let the screen go dark again."""
        if sys.platform == "win32":
            _tell_windows(_CONTINUOUS)
        if self._helper is not None:
            self._helper.terminate()
            self._helper = None
        if self._cookie is not None:
            _screen_saver().call("UnInhibit", self._cookie)
            self._cookie = None

    def _inhibit(self) -> None:
        if not QDBusConnection.sessionBus().isConnected():
            return
        reply = _screen_saver().call("Inhibit", "Timbrescope", "presentation")
        if reply.type() == QDBusMessage.MessageType.ReplyMessage:
            self._cookie = int(reply.arguments()[0])
        else:
            logger.info("the screen may go dark: %s", reply.errorMessage())


def _screen_saver() -> QDBusInterface:
    return QDBusInterface(_SERVICE, _PATH, _SERVICE, QDBusConnection.sessionBus())


def _tell_windows(state: int) -> None:
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetThreadExecutionState(state)
