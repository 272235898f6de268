"""The models between engines and views: which is asked for, which answers, which compare."""

from collections.abc import Callable
from pathlib import Path

from timbrescope.desktop.engine.model_choices import ModelChoice, available, model_choices
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.ports import FilesPort, LivePort
from timbrescope.models.catalogue import is_own, own_reference

Choices = tuple[ModelChoice, ...]


class ModelPresenter:
    """Asks the live engine for a model; files, views and memory follow the one that answers.

    Parameters
    ----------
    live : LivePort
    files : FilesPort
    settings : Settings
    controls : ControlsView
    banner : Banner
        Tells why a model was refused.
    list_models : callable, optional
        Gives the choices there are, with the user's own model; tests pass their own.
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        controls: ControlsView,
        banner: Banner,
        list_models: Callable[[str | None], Choices] = model_choices,
    ) -> None:
        self._live, self._files, self._settings = live, files, settings
        self._controls, self._banner = controls, banner
        self._list_models = list_models
        self._listeners: list[Callable[[Choices, str], None]] = []
        self._shown = self._asked = live.model
        if is_own(self._shown):
            settings.own_model = settings.model = self._shown
        self._list_anew()

    def on_change(self, listener: Callable[[Choices, str], None]) -> None:
        """Call `listener` with the choices and the model in use, now and after each change."""
        self._listeners.append(listener)
        listener(self.choices, self._shown)

    def use(self, reference: str) -> None:
        """Ask for a model."""
        # What is shown and remembered follows the engine, which may refuse a damaged model.
        self._banner.clear()
        self._asked = reference
        self._live.set_model(reference)

    def open(self, path: Path) -> None:
        """Ask for a model file of the user's own."""
        reference = own_reference(path)
        self.use(reference)
        if reference == self._shown:
            # The same file, perhaps trained anew: its name and figures may be others.
            self._list_anew()

    def switch(self) -> None:
        """Ask for the model after the one in use, of those that can be used."""
        names = available(self.choices)
        if not names:
            return
        # One that was refused is not asked for again and again.
        last = self._asked if self._live.model_problem else self._shown
        here = names.index(last) if last in names else -1
        self.use(names[(here + 1) % len(names)])

    def follow(self) -> None:
        """Show and remember the model that answers now, and why another one was refused."""
        if problem := self._live.model_problem:
            self._banner.show_message(problem, Severity.ERROR)
        if self._live.model == self._shown:
            return
        self._shown = self._live.model
        if not problem:
            # What had to take another's place is not what was wished for.
            self._settings.model = self._shown
        self._files.set_model(self._shown)
        if is_own(self._shown):
            self._settings.own_model = self._shown
        self._list_anew()

    def _list_anew(self) -> None:
        self.choices = self._list_models(self._settings.own_model)
        self._controls.show_models(self.choices)
        self._controls.show_model(self._shown)
        for listener in self._listeners:
            listener(self.choices, self._shown)
