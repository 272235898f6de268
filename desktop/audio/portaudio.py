"""Loads sounddevice, and with it PortAudio, when it is first needed."""

import os
from types import ModuleType

from timbrescope.models.errors import AudioDeviceError

APPLICATION_NAME = "Timbrescope"


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
    module: ModuleType = sounddevice
    return module
