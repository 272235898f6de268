"""How loud each input is, in the list of sources while that is open."""

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.audio.input_levels import InputLevels
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.ports import LivePort


class InputLevelsPresenter:
    """Has the inputs looked at for as long as their list is open, and no longer.

    Parameters
    ----------
    live : LivePort
        Knows how loud the source is that it hears; learns of devices that were plugged in since.
    controls : ControlsView
    levels : InputLevels
        Knows all others. It is closed by whoever made it.
    """

    def __init__(self, live: LivePort, *, controls: ControlsView, levels: InputLevels) -> None:
        self._live, self._controls, self._levels = live, controls, levels
        self._looking = False
        self._learnt: tuple[InputDevice, ...] = ()

    def stop(self) -> None:
        """Let go of all devices: some are for one program only."""
        self._levels.stop()

    def follow(self, update: LiveUpdate) -> None:
        """Show the newest levels if the list is open."""
        if not self._controls.devices_are_open:
            if self._looking:
                self._looking = False
                self._levels.stop()
            return
        source = update.source
        in_use = source.name if source.health in (Health.RUNNING, Health.STARTING) else ""
        if not self._looking:
            self._looking, self._learnt = True, ()
            self._levels.start(without=in_use)
        seen = self._levels.newest()
        if seen.devices and seen.devices != self._learnt:
            self._learnt = seen.devices
            self._live.learn_devices(seen.devices)
        peaks = dict(seen.peaks_dbfs)
        if in_use and update.channels.peaks_dbfs:
            own = [each for each in self._live.devices() if each.name == in_use]
            peaks |= dict.fromkeys(own, max(update.channels.peaks_dbfs))
        self._controls.show_peaks(peaks)
