"""The input devices: one list, best first, and the one that is remembered."""

import logging
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from timbrescope.desktop.audio import portaudio
from timbrescope.desktop.audio.in_use import holds_of
from timbrescope.desktop.audio.sound_server import ServerSource, list_sources
from timbrescope.models import limits
from timbrescope.models.errors import AudioDeviceError

logger = logging.getLogger(__name__)

VIRTUAL_CHANNELS = 32
SERVER_API = "Sound server"
DEFAULT_RATE_HZ = 48_000
# Sound servers share the microphone with other programs and resample; a bare ALSA device
# locks every other program out, so it is offered last.
_SERVERS = ("pipewire", "pulse", "default")
_PLUGINS = ("sysdefault", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix")
# How drivers and cables call what the computer itself plays.
_SYSTEM_SOUND = re.compile(
    r"loopback|\bmonitor of\b|stereo mix|what u hear|wave out mix|blackhole|soundflower|vb-audio",
    re.IGNORECASE,
)
_PREFERRED_APIS = ("Windows WASAPI", "Core Audio", "ALSA", "MME", "Windows DirectSound")


@dataclass(frozen=True)
class InputDevice:
    """An input device as PortAudio lists it, with its own rate and its channel count.

    `server_source` names one of several inputs behind the device; `is_system_sound` says that it
    is what the computer itself plays ("what you hear").
    """

    index: int | None
    name: str
    host_api: str
    channels: int
    sample_rate_hz: int
    is_default: bool
    server_source: str = ""
    is_system_sound: bool = False


@dataclass(frozen=True)
class DeviceWish:
    """The device a user wants, by what survives a restart: its name and host API."""

    name: str
    host_api: str


# Stands for whatever PortAudio takes when no device is named; its listing may fail while
# opening it works (names that are not UTF-8 on some Windows systems).
SYSTEM_DEFAULT = InputDevice(None, "System default", "", 1, DEFAULT_RATE_HZ, True)


def list_input_devices(
    sd: Any = None, *, ask_server: Callable[[], tuple[ServerSource, ...]] | None = None
) -> list[InputDevice]:
    """Return the input devices of the preferred host API, best first; system sound comes last.

    `sd` stands in for sounddevice in tests, `ask_server` for the sound server.

    Raises
    ------
    AudioDeviceError
        If PortAudio is missing or refuses to list devices.
    """
    library = sd or portaudio.load()
    try:
        entries = list(library.query_devices())
        apis = list(library.query_hostapis())
    except UnicodeDecodeError:
        return [SYSTEM_DEFAULT]
    except library.PortAudioError as error:
        raise AudioDeviceError(f"the devices cannot be listed: {portaudio.plain(error)}") from error
    found = [
        _device(index, entry, api=apis[entry["hostapi"]])
        for index, entry in enumerate(entries)
        if entry["max_input_channels"] > 0
    ]
    listed = _of_one_api(found)
    gate = next((each for each in listed if each.name.lower() == "pulse"), None)
    if ask_server is None:
        ask_server = list_sources if sd is None else tuple
    sources = ask_server() if gate is not None else ()
    behind = [] if gate is None else [_behind(gate, each) for each in sources]
    return list(best_first([*(_in_full(each, sources) for each in listed), *behind]))


def _in_full(device: InputDevice, sources: Sequence[ServerSource]) -> InputDevice:
    """Return a device of the server with the channels that its default source really has."""
    default = next((each for each in sources if each.is_default), None)
    if default is None or device.name.lower() not in _SERVERS:
        return device
    return replace(device, channels=min(default.channels, limits.CHANNELS))


def _behind(gate: InputDevice, source: ServerSource) -> InputDevice:
    title = source.title.removeprefix("Monitor of ")
    return InputDevice(
        index=gate.index,
        name=f"What you hear: {title}" if source.is_monitor else title,
        host_api=SERVER_API,
        channels=min(source.channels, limits.CHANNELS),
        # The server converts to whatever is asked for.
        sample_rate_hz=DEFAULT_RATE_HZ,
        is_default=False,
        server_source=source.key,
        is_system_sound=source.is_monitor,
    )


def _device(index: int, entry: Any, *, api: Any) -> InputDevice:
    return InputDevice(
        index=index,
        name=str(entry["name"]),
        host_api=str(api["name"]),
        channels=_channels(int(entry["max_input_channels"]), name=str(entry["name"])),
        sample_rate_hz=int(entry["default_samplerate"] or DEFAULT_RATE_HZ),
        # Each host API has its own; PortAudio's overall default is an MME device on Windows.
        is_default=index == api["default_input_device"],
        is_system_sound=_SYSTEM_SOUND.search(str(entry["name"])) is not None,
    )


def _channels(listed: int, *, name: str) -> int:
    # Sound servers list 32 or more, that is as many as one likes, all mixed from the same input;
    # an interface that lists as many has them.
    is_virtual = name.lower() in (*_SERVERS, *_PLUGINS)
    return 2 if is_virtual and listed >= VIRTUAL_CHANNELS else min(listed, limits.CHANNELS)


def _of_one_api(devices: list[InputDevice]) -> list[InputDevice]:
    """Windows lists each device once per host API; keep the best API's."""
    for api in _PREFERRED_APIS:
        chosen = [device for device in devices if device.host_api == api]
        if chosen:
            return chosen
    return devices


def best_first(devices: Sequence[InputDevice]) -> tuple[InputDevice, ...]:
    """Return devices in the order in which they are offered, and opened if none is named."""
    return tuple(sorted(devices, key=_rank))


def _rank(device: InputDevice) -> tuple[int, int]:
    name = device.name.lower()
    if sys.platform.startswith("linux") and name in _SERVERS:
        return (0, _SERVERS.index(name))
    if device.is_system_sound:
        # Who plays an instrument does not mean the computer's own sound.
        return (5, device.index or 0)
    if device.is_default:
        return (1, 0)
    if "hw:" in name:
        return (4, device.index or 0)
    return (3 if name in _PLUGINS else 2, device.index or 0)


def find_device(wish: DeviceWish, devices: Sequence[InputDevice]) -> InputDevice | None:
    """Return the wanted device if it is there now, else None; the wish itself stays as it is.

    The same name on another host API counts if the wanted one is absent.
    """
    same_name = [device for device in devices if device.name == wish.name]
    same_api = [device for device in same_name if device.host_api == wish.host_api]
    return next(iter(same_api or same_name), None)


def named_device(text: str, devices: Sequence[InputDevice]) -> InputDevice:
    """Return the best device whose name contains `text`, in any case.

    Raises
    ------
    AudioDeviceError
        If there is none; the message lists those there are.
    """
    for device in devices:
        if text.casefold() in device.name.casefold():
            return device
    names = ", ".join(repr(device.name) for device in devices) or "none"
    raise AudioDeviceError(f"No input device is called {text!r}. There are: {names}.")


def rescan(sd: Any = None) -> bool:
    """Make PortAudio look for devices anew, unless a stream is open or not yet closed.

    Returns
    -------
    bool
        Whether it has looked; if not, the devices are those of the last time.

    Raises
    ------
    AudioDeviceError
        If PortAudio does not come up again.
    """
    library = sd or portaudio.load()
    with holds_of(library).alone() as may_end:
        if may_end:
            _begin_anew(library)
        else:
            logger.info("devices are not looked for anew: a stream is open or is being closed")
        return may_end


def _begin_anew(library: Any) -> None:
    try:
        # PortAudio lists devices once, when it is initialised; there is no public call to renew it.
        # After a failed attempt it is no longer initialised, and refuses to be terminated.
        if library._initialized:
            library._terminate()
        library._initialize()
    except library.PortAudioError as error:
        raise AudioDeviceError(
            f"the system's sound cannot be started again: {portaudio.plain(error)}"
        ) from error
