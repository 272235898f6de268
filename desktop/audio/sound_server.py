"""What Linux's sound server (PulseAudio, or PipeWire in its place) can record from.

PortAudio reaches the server through one ALSA device, ``pulse``, which hides the rest: the names
of inputs, how many channels each has, and the monitors of outputs ("what you hear").
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from timbrescope.desktop.audio.portaudio import APPLICATION_NAME

logger = logging.getLogger(__name__)

CONNECT_S = 2.0
# Read by the server's client library whenever a stream is opened.
_CHOICE = "PULSE_SOURCE"


@dataclass(frozen=True)
class ServerSource:
    """An input of the sound server.

    Attributes
    ----------
    key : str
        Its name for the server.
    title : str
        Its name for people.
    channels : int
    is_monitor : bool
        Whether it is what an output plays.
    is_default : bool
    """

    key: str
    title: str
    channels: int
    is_monitor: bool
    is_default: bool


def list_sources() -> tuple[ServerSource, ...]:
    """Return what the server can record from; nothing where there is no server."""
    if not sys.platform.startswith("linux"):
        return ()
    try:
        import pulsectl
    # OSError: the server's client library is missing.
    except (ImportError, OSError) as error:
        logger.info("the sound server is not asked: %s", error)
        return ()
    try:
        with pulsectl.Pulse(APPLICATION_NAME, connect=False) as pulse:
            pulse.connect(timeout=CONNECT_S)
            default = pulse.server_info().default_source_name
            return tuple(_source(each, default=default) for each in pulse.source_list())
    except pulsectl.PulseError as error:
        logger.info("the sound server does not answer: %s", error)
        return ()


def _source(entry: object, *, default: str) -> ServerSource:
    key, title = str(entry.name), str(entry.description)  # type: ignore[attr-defined]
    return ServerSource(
        key=key,
        title=title,
        # The binding's copies of rates point to memory that is not its own any more.
        channels=int(entry.channel_count),  # type: ignore[attr-defined]
        is_monitor=bool(entry.monitor_of_sink_name),  # type: ignore[attr-defined]
        is_default=key == default,
    )


@contextmanager
def recording_from(key: str) -> Iterator[None]:
    """Lead a stream that is opened meanwhile to a source of the server; to the default if empty."""
    before = os.environ.get(_CHOICE)
    if key:
        os.environ[_CHOICE] = key
    try:
        yield
    finally:
        if before is not None:
            os.environ[_CHOICE] = before
        elif key:
            os.environ.pop(_CHOICE, None)
