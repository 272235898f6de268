"""The limits of answers between settings, engines and views."""

from timbrescope.desktop.engine.narrowing import WHOLE, Narrowing
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.frame.narrowing_strip import NarrowingStrip
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import FilesPort, LivePort


class NarrowingPresenter:
    """Keeps engines, strip, bars and memory of one mind.

    Parameters
    ----------
    live : LivePort
    files : FilesPort
    settings : Settings
    strip : NarrowingStrip
    live_view : LiveView
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        strip: NarrowingStrip,
        live_view: LiveView,
    ) -> None:
        self._live, self._files, self._settings = live, files, settings
        self._strip, self._live_view = strip, live_view
        self._told = WHOLE
        strip.end_requested.connect(lambda: self.use(WHOLE))

    def use(self, narrowing: Narrowing) -> None:
        """Answer within these limits, now and in the next run."""
        self._settings.narrowing = narrowing
        self.restore()

    def restore(self) -> None:
        """Answer within the limits that are remembered."""
        narrowing = self._settings.narrowing
        if narrowing != self._told:
            self._told = narrowing
            self._live.narrow(narrowing)
            self._files.narrow(narrowing)
        self._strip.show_narrowing(narrowing)
        # A file's bars follow what it was judged within, which may be another list by now.
        self._live_view.bars.show_only(narrowing.only)
