"""The comparison between engines and views: whether it is on, and which models take part."""

from collections.abc import Sequence

from timbrescope.desktop.engine.model_choices import ModelChoice, available
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import FilesPort, LivePort


class ComparisonPresenter:
    """Keeps engines, views, button and memory of one mind about comparing.

    Parameters
    ----------
    live : LivePort
    files : FilesPort
    settings : Settings
    controls : ControlsView
    live_view : LiveView
    files_view : FilesView
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        controls: ControlsView,
        live_view: LiveView,
        files_view: FilesView,
    ) -> None:
        self._live, self._files, self._settings = live, files, settings
        self._controls, self._live_view, self._files_view = controls, live_view, files_view
        self._wanted: tuple[str, ...] = ()
        self._names: tuple[str, ...] = ()

    def follow_models(self, choices: Sequence[ModelChoice], in_use: str) -> None:
        """Take the models there are, and which one is in use."""
        self._names = available(choices)
        for view in (self._live_view.comparison, self._files_view.detail.comparison):
            view.show_models(choices)
        self._live_view.comparison.mark_in_use(in_use)
        if self._tell_engines() and self._settings.comparing:
            # The window of the file on view, with the models there are now.
            self._files_view.detail.set_comparing(True)

    def show(self, shown: bool) -> None:
        """Show the comparison or hide it, now and in the next run."""
        self._settings.comparing = shown
        self._controls.show_comparing(shown)
        # First the engines: the views ask for what they are to show.
        self._tell_engines()
        self._live_view.set_comparing(shown)
        self._files_view.detail.set_comparing(shown)

    def switch(self) -> None:
        """Show the comparison if it is hidden, hide it if it is shown."""
        self.show(not self._settings.comparing)

    def _tell_engines(self) -> bool:
        """Tell the engines which models to compare; return whether those are others now."""
        wanted = self._names if self._settings.comparing else ()
        if wanted == self._wanted:
            return False
        self._wanted = wanted
        self._live.set_comparing(wanted)
        self._files.set_comparing(wanted)
        return True
