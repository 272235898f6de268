"""The source of sound between engine and views: what is asked for, and what became of it."""

import time
from collections.abc import Callable
from pathlib import Path

from timbrescope.desktop.audio.demo import DemoSource
from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine.messages import Health, SourceReport
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.ports import LivePort
from timbrescope.desktop.views.words.catalogue import mark

PLAY_DEMO = mark("Play the demo")
TRY_AGAIN = mark("Try again")
# So long the source has to be well before a notice that was closed may come again.
WELL_S = 30.0


class SourcePresenter:
    """Keeps the list of sources, the pause button and the banner true to the engine's reports.

    Parameters
    ----------
    live : LivePort
    settings : Settings
    controls : ControlsView
    banner : Banner
    now_s : callable, optional
        The clock; tests pass their own.
    """

    def __init__(
        self,
        live: LivePort,
        settings: Settings,
        *,
        controls: ControlsView,
        banner: Banner,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._live, self._settings = live, settings
        self._controls, self._banner = controls, banner
        self._devices = live.devices()
        self._are_listed = bool(self._devices)
        if self._are_listed:
            self._controls.show_devices(self._devices)
        self._source_name = ""
        self._paused = False
        self._now_s = now_s
        self._well_since_s: float | None = None
        self._told = ""
        self._closed: set[str] = set()
        banner.closed.connect(lambda: self._closed.add(self._told))

    # -- what is asked for ----------------------------------------------------------------

    def use_device(self, device: InputDevice) -> None:
        """Listen to `device`, now and in the next run."""
        self._settings.device_wish = (device.name, device.host_api)
        self._live.use_device(device, channels=self._settings.channels_of(device.name))

    def use_channels(self, channels: tuple[int, ...]) -> None:
        """Hear these channels of the source, now and whenever it is opened again."""
        if self._source_name and self._source_name != DemoSource.name:
            self._settings.keep_channels(self._source_name, channels)
        self._live.use_channels(channels)

    def use_demo(self) -> None:
        """Listen to the built-in clips."""
        # The demo is no device: what the user wants to listen to stays remembered.
        self._live.use_demo()

    def use_first(self) -> None:
        """Listen to the system's own choice, if it is a device that is listened to."""
        if any(each.name == self._source_name for each in self._devices):
            self._live.use_device(None, channels=())

    def use_file(self, path: Path) -> None:
        """Listen to a sound file as if it were live."""
        self._live.use_file(path)

    def switch_demo(self) -> str:
        """Play the demo, or go back to the microphone.

        Returns the name of the source that is not heard any more, empty if none was.
        """
        if self._source_name == DemoSource.name:
            wished = self._wished()
            channels = () if wished is None else self._settings.channels_of(wished.name)
            self._live.use_device(wished, channels=channels)
            return ""
        before = self._source_name
        self.use_demo()
        return before

    def _wished(self) -> InputDevice | None:
        """Return the device that the user chose last, None for the system's own choice."""
        wish = self._settings.device_wish
        return next((each for each in self._devices if (each.name, each.host_api) == wish), None)

    def rescan(self) -> None:
        """Look for devices anew and reopen the one wanted."""
        self._live.rescan()

    def set_paused(self, paused: bool) -> None:
        """Stop or go on listening."""
        # The button follows the engine's report, which comes within a frame or two.
        self._live.set_paused(paused)

    def switch_paused(self) -> None:
        """Pause, or go on listening."""
        self.set_paused(not self._paused)

    # -- what became of it ----------------------------------------------------------------

    def show_report(self, source: SourceReport) -> None:
        """Show the newest report, and the devices if there are others now."""
        devices = self._live.devices()
        # None known while it starts does not mean that there are none.
        are_listed = self._are_listed or bool(devices) or source.health is not Health.STARTING
        if devices != self._devices or are_listed != self._are_listed:
            self._devices, self._are_listed = devices, are_listed
            self._controls.show_devices(devices)
            self._source_name = ""
        if source.name != self._source_name:
            self._source_name = source.name
            self._controls.show_source(source.name, is_demo=source.name == DemoSource.name)
        paused = source.health is Health.PAUSED
        if paused != self._paused:
            self._paused = paused
            self._controls.show_paused(paused)
        self._show_trouble(source)

    def _show_trouble(self, source: SourceReport) -> None:
        if source.health is Health.STARTING:
            # What was wrong stays to be read while the device is tried again.
            return
        if not source.message or source.health is Health.PAUSED:
            self._banner.clear()
            self._note_well(source.health is Health.RUNNING)
            return
        self._note_well(False)
        self._told = _kind(source.message)
        if self._told in self._closed:
            self._banner.clear()
            return
        if source.health is Health.RUNNING:
            self._banner.show_message(source.message, Severity.WARNING, details=source.details)
            return
        severity = {Health.FAILED: Severity.ERROR, Health.STALLED: Severity.WARNING}.get(
            source.health, Severity.INFO
        )
        first, second = PLAY_DEMO, TRY_AGAIN
        if source.health is Health.STALLED:
            first, second = second, first
        self._banner.show_message(
            source.message, severity, actions=(first, second), details=source.details
        )

    def _note_well(self, well: bool) -> None:
        """Let notices that were closed come again once the source has been well for a while."""
        if not well:
            self._well_since_s = None
        elif self._well_since_s is None:
            self._well_since_s = self._now_s()
        elif self._now_s() - self._well_since_s >= WELL_S:
            self._closed.clear()


def _kind(message: str) -> str:
    """Return a message without its figures, which go up while the trouble is the same."""
    return "".join(each for each in message if not each.isdigit())
