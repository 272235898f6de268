"""The model between engines and views: which is asked for, and which one answers."""

from desktop.settings import Settings
from desktop.views.controls_view import ControlsView
from desktop.views.ports import FilesPort, LivePort
from models.frontend import KINDS, FeatureKind

# A model loads within a few frames; after this long it has been refused.
_PATIENCE_S = 1.0


class ModelPresenter:
    """Asks the live engine for a model; files, views and memory follow the one that answers.

    Parameters
    ----------
    live : LivePort
    files : FilesPort
    settings : Settings
    controls : ControlsView
    """

    def __init__(
        self, live: LivePort, files: FilesPort, settings: Settings, *, controls: ControlsView
    ) -> None:
        self._live, self._files, self._settings = live, files, settings
        self._controls = controls
        self._shown_kind = live.model_kind
        self._controls.show_model(self._shown_kind)
        self._patience_s = 0.0

    def use(self, kind: FeatureKind) -> None:
        """Ask for the model of this kind."""
        # What is shown and remembered follows the engine, which may refuse a damaged model.
        self._patience_s = _PATIENCE_S
        self._live.set_model(kind)

    def switch(self) -> None:
        """Ask for the model after the one in use."""
        self.use(KINDS[(KINDS.index(self._live.model_kind) + 1) % len(KINDS)])

    def follow(self, *, elapsed_s: float) -> None:
        """Show and remember the model that answers now, `elapsed_s` after the last call."""
        kind = self._live.model_kind
        if kind != self._shown_kind:
            self._shown_kind = self._settings.model = kind
            self._files.set_model(kind)
            self._controls.show_model(kind)
        elif self._patience_s > 0:
            self._patience_s -= elapsed_s
            if self._patience_s <= 0:
                self._controls.show_model(kind)
