"""What whoever helps needs to know: versions, devices, how listening goes. No sound, no files."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable

from timbrescope import __version__
from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.models.catalogue import is_own
from timbrescope.models.names import printable

LIBRARIES = (
    *("numpy", "scipy", "onnxruntime", "PySide6-Essentials"),
    *("sounddevice", "soundfile", "soxr", "av", "pulsectl", "python-osc"),
)


class ProcessorShare:
    """How much of one core this process takes, between two calls. Owned by one thread."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.process_time,
    ) -> None:
        self._clock, self._spent = clock, spent
        self._before = clock(), spent()

    def since_last(self) -> float:
        """Return the share since the last call, or since the beginning; 1 is a whole core."""
        now = self._clock(), self._spent()
        passed_s = now[0] - self._before[0]
        share = (now[1] - self._before[1]) / passed_s if passed_s > 0 else 0.0
        self._before = now
        return share


def program_facts() -> dict[str, str]:
    """Return versions and the computer."""
    return {
        "timbrescope": __version__,
        "python": f"{platform.python_version()} ({sys.implementation.name})",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "processors": str(os.cpu_count()),
        **{name: found for name in LIBRARIES if (found := _version(name))},
        "portaudio": _portaudio(),
    }


def _version(package: str) -> str:
    # It reads mails, which is no reason to keep a window waiting.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _portaudio() -> str:
    module = sys.modules.get("sounddevice")
    return "not loaded" if module is None else str(module.get_portaudio_version()[1])


def live_facts(update: LiveUpdate, *, model: str, processor_share: float) -> dict[str, str]:
    """Return how listening goes; `model` is a reference, of one's own only that it is."""
    source = update.source
    facts = {
        "source": f"{source.name or 'none'} ({source.health})",
        "rate": f"{source.sample_rate_hz} Hz, {source.channels} channels",
        "latency": f"{1000 * source.latency_s:.0f} ms" if source.latency_s else "unknown",
        "lost": f"{source.overruns} overruns, {source.dropped_windows} answers left out",
        "message": source.message,
        "details": source.details,
        "heard": f"{update.position_s:.0f} s",
        "model": "one of the user's own" if is_own(model) else model,
        "processor": f"{100 * processor_share:.0f} % of a core",
    }
    if update.preview is not None:
        facts["answer"] = f"{update.preview.cost_ms:.1f} ms"
    return {name: words for name, words in facts.items() if words}


def device_facts(devices: Iterable[InputDevice]) -> dict[str, str]:
    """Return the input devices, best first."""
    return {
        f"input {number}": f"{each.name} ({each.host_api}, {each.channels} channels, "
        f"{each.sample_rate_hz} Hz{', default' if each.is_default else ''})"
        for number, each in enumerate(devices, start=1)
    }


def as_text(*parts: dict[str, str]) -> str:
    """Return facts as lines to be pasted into a report."""
    lines = (f"{name}: {printable(words)}" for part in parts for name, words in part.items())
    return "\n".join(lines) + "\n"
