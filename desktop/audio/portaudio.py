"""Loads sounddevice, and with it PortAudio, when it is first needed."""

import atexit
import ctypes
import os
import re
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

from timbrescope.desktop.audio.in_use import holds_of
from timbrescope.models.errors import AudioDeviceError

APPLICATION_NAME = "Timbrescope"
# What Linux knows the library by; elsewhere sounddevice brings its own.
SONAME = "libportaudio.so.2"

# The library's own words, and what they mean to who reads a banner.
_PLAIN_WORDS = (
    ("Invalid sample rate", "it does not take this sample rate"),
    ("Invalid number of channels", "it does not have so many channels"),
    ("Device unavailable", "it is in use by another program, or was unplugged"),
    ("Unanticipated host error", "the system's sound service refused"),
    ("Illegal combination of I/O devices", "it cannot record"),
    ("Internal PortAudio error", "the system's sound service failed"),
)


def plain(error: Exception) -> str:
    """Return what an error of PortAudio means, without codes; those stand in the log."""
    text = str(error)
    for words, meaning in _PLAIN_WORDS:
        if words in text:
            return meaning
    text = re.sub(r"\s*\[PaErrorCode -?\d+\]", "", text)
    return text.removeprefix("Error opening InputStream: ").removeprefix("Error opening Stream: ")


def load() -> ModuleType:
    """Return the sounddevice module.

    The sound servers' own name for this program is set first: they show ``python3.11``
    otherwise. Names that the user has set stay.

    Raises
    ------
    AudioDeviceError
        If PortAudio is not installed or cannot be initialised.
    """
    # Without OVERRIDE the ALSA plug-in's own name, "ALSA plug-in [python3.11]", stays.
    os.environ.setdefault("PULSE_PROP_OVERRIDE_application.name", APPLICATION_NAME)
    os.environ.setdefault("PIPEWIRE_ALSA", f'{{ application.name = "{APPLICATION_NAME}" }}')
    # Before the import, which starts PortAudio and may hang in a driver, and after it, which tells
    # the name on systems other than Linux.
    _keep_mapped(SONAME)
    try:
        import sounddevice
    # ImportError: the package is missing; OSError: its PortAudio library is. The import also
    # initialises PortAudio, whose own error class cannot be named while that fails.
    except Exception as error:
        raise AudioDeviceError(
            f"the PortAudio library cannot be loaded or started ({error}); if it is missing, "
            "install it (Debian/Ubuntu: libportaudio2, Fedora: portaudio, macOS: brew install "
            "portaudio), else check the system's sound service, and start again; files and the "
            "demo work without it"
        ) from error
    _keep_mapped(getattr(sounddevice, "_libname", SONAME))
    _end_when_alone(sounddevice)
    module: ModuleType = sounddevice
    return module


def _keep_mapped(name: str) -> None:
    """Have a library stay in memory until the process is gone, if there is one of this name.

    A thread may still be inside it then: a driver that hangs, or a window that was closed while
    sound was being opened. sounddevice lets go of the library as Python ends, and the code that the
    thread is in would be gone; what `ctypes` has loaded stays.
    """
    # Whether it is there at all is for the import to say.
    with suppress(OSError):
        ctypes.CDLL(name)


def _end_when_alone(library: Any) -> None:
    """Let PortAudio be ended with the process only if no stream of it is left."""
    own_way = getattr(library, "_exit_handler", None)
    if own_way is not None:
        # It ends PortAudio in any case.
        atexit.unregister(own_way)
        atexit.unregister(_end)
        atexit.register(_end, library, own_way)


def _end(library: Any, own_way: Callable[[], None]) -> None:
    with holds_of(library).alone() as may_end:
        if may_end:
            own_way()
