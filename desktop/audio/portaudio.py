"""Loads sounddevice, and with it PortAudio, when it is first needed."""

import os
from types import ModuleType

from models.errors import AudioDeviceError

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
    os.environ.setdefault("PULSE_PROP_application.name", APPLICATION_NAME)
    os.environ.setdefault("PIPEWIRE_ALSA", f'{{ application.name = "{APPLICATION_NAME}" }}')
    try:
        import sounddevice
    # ImportError: the package is missing; OSError: its PortAudio library is.
    except (ImportError, OSError) as error:
        raise AudioDeviceError(
            f"the PortAudio library cannot be loaded ({error}); install it (Debian/Ubuntu: "
            "libportaudio2, Fedora: portaudio, macOS: brew install portaudio) and start again; "
            "files and the demo work without it"
        ) from error
    return sounddevice
