"""A stand-in for sounddevice: devices from a list, streams whose callback the test calls."""

from types import SimpleNamespace
from typing import Any

import numpy as np


class FakePortAudioError(Exception):
    pass


class FakeStream:
    def __init__(self, owner: "FakePortAudio", settings: dict[str, Any]) -> None:
        self.owner, self.settings = owner, settings
        self.started = self.closed = False

    def start(self) -> None:
        self.started = True

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True
        self.settings["finished_callback"]()

    def deliver(self, block: np.ndarray, *, overflow: bool = False) -> None:
        status = SimpleNamespace(input_overflow=overflow)
        self.settings["callback"](block, len(block), None, status)


class FakePortAudio:
    """Devices and host APIs from lists.

    `default` is the index of the default input, or one for each host API; `refused` maps a channel
    count to PortAudio's message on opening with it; while `broken`, PortAudio does not start.
    """

    PortAudioError = FakePortAudioError

    def __init__(
        self,
        devices: list[dict[str, Any]],
        *,
        apis: tuple[str, ...] = ("ALSA",),
        default: int | tuple[int, ...] = -1,
        refused: dict[int, str] | None = None,
    ) -> None:
        self._devices, self._apis = devices, apis
        self._defaults = default if isinstance(default, tuple) else (default,) * len(apis)
        self.broken = False
        self._initialized = 1
        self.refused = refused or {}
        self.streams: list[FakeStream] = []
        self.calls: list[str] = []

    def query_devices(self) -> list[dict[str, Any]]:
        return self._devices

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [
            {"name": name, "default_input_device": default}
            for name, default in zip(self._apis, self._defaults, strict=True)
        ]

    def InputStream(self, **settings: Any) -> FakeStream:  # noqa: N802 - sounddevice's name
        if settings["channels"] in self.refused:
            raise FakePortAudioError(self.refused[settings["channels"]])
        self.streams.append(FakeStream(self, settings))
        return self.streams[-1]

    def WasapiSettings(self, **settings: Any) -> dict[str, Any]:  # noqa: N802 - sounddevice's name
        return settings

    def _terminate(self) -> None:
        if not self._initialized:
            raise FakePortAudioError("PortAudio not initialized [PaErrorCode -10000]")
        self._initialized -= 1
        self.calls.append("terminate")

    def _initialize(self) -> None:
        if self.broken:
            raise FakePortAudioError("Unanticipated host error [PaErrorCode -9999]")
        self._initialized += 1
        self.calls.append("initialize")


def device(
    name: str, *, inputs: int = 2, rate: float = 48_000.0, hostapi: int = 0
) -> dict[str, Any]:
    return {
        "name": name,
        "hostapi": hostapi,
        "max_input_channels": inputs,
        "default_samplerate": rate,
    }
