"""``timbrescope diagnostics``: what whoever helps needs to know, ready to be pasted."""

from typing import TextIO

from timbrescope.desktop.commands.devices import listed_devices
from timbrescope.desktop.engine.audio_system import PortAudioSystem
from timbrescope.desktop.engine.diagnostics import as_text, device_facts, program_facts
from timbrescope.desktop.log_file import log_folder
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.errors import AudioDeviceError


def run(out: TextIO | None = None) -> int:
    """Print versions, the computer, the input devices, the default model and where the log is."""
    try:
        devices = device_facts(listed_devices(PortAudioSystem()))
    except AudioDeviceError as error:
        devices = {"inputs": f"none: {error}"}
    rest = {"model": DEFAULT_MODEL, "log": str(log_folder())}
    # PortAudio's version is known once its devices have been listed.
    print(as_text(program_facts(), devices or {"inputs": "none"}, rest), end="", file=out)
    return 0
