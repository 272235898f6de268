"""``timbrescope devices``, and what other commands ask about them; no model is loaded for that."""

from typing import TextIO

from timbrescope.desktop.audio.devices import InputDevice, named_device
from timbrescope.desktop.engine.audio_system import PortAudioSystem
from timbrescope.desktop.engine.opening import NO_SERVER, SCAN_S
from timbrescope.desktop.engine.patience import OverdueError, ask_within
from timbrescope.models.errors import AudioDeviceError
from timbrescope.models.names import printable


def list_devices(out: TextIO | None = None) -> int:
    """Print the input devices, best first."""
    devices = listed_devices(PortAudioSystem())
    for number, device in enumerate(devices):
        mark = f"{'>' if number == 0 else ' '}{'*' if device.is_default else ' '}"
        print(
            f"{mark} {printable(device.name)}  ({device.host_api}, {device.channels} channels, "
            f"{device.sample_rate_hz} Hz)",
            file=out,
        )
    if devices:
        print("\n> is opened unless you choose another (--device NAME, or in the window)", file=out)
        print("* is the system's default", file=out)
    else:
        print("No input device found.", file=out)
    return 0 if devices else 1


def check_device(text: str) -> None:
    """Raise `AudioDeviceError` if no input device has `text` in its name; say which there are."""
    named_device(text, listed_devices(PortAudioSystem()))


def listed_devices(system: PortAudioSystem) -> tuple[InputDevice, ...]:
    """Return the input devices.

    Raises
    ------
    AudioDeviceError
        If they cannot be listed, or not in time.
    """
    try:
        return ask_within(system.devices, SCAN_S, name="timbrescope-sound")
    except OverdueError:
        raise AudioDeviceError(NO_SERVER) from None
