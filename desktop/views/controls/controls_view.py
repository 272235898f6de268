"""The bar at the top: page, source of sound, model, and what to do."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QWidget,
)

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine.model_choices import ModelChoice
from timbrescope.desktop.views.controls.action_buttons import ActionButtons
from timbrescope.desktop.views.controls.asking import (
    AskFiles,
    AskModel,
    ask_files,
    ask_folder,
    ask_model_file,
)
from timbrescope.desktop.views.controls.channel_picker import ChannelPicker
from timbrescope.desktop.views.controls.device_picker import DevicePicker
from timbrescope.desktop.views.controls.menus import OpenMenu, ThemeMenu
from timbrescope.desktop.views.controls.model_picker import ModelPicker
from timbrescope.desktop.views.controls.page_buttons import PageButtons
from timbrescope.desktop.views.controls.sound_menu import SoundMenu
from timbrescope.desktop.views.frame.shortcuts import KeyMap
from timbrescope.desktop.views.style.icons import icon, icon_size
from timbrescope.desktop.views.style.theme import Colours, base_points

# In multiples of the type size: below the first, words give way to icons.
_TERSE_BELOW_EM, _LEAST_WIDTH_EM = 128, 78


class ControlsView(QWidget):
    """Reports what was chosen; it changes nothing by itself.

    Parameters
    ----------
    colours : Colours
    models : sequence of ModelChoice, optional
        What the list of models offers.
    ask, ask_for_folder, ask_model : callable, optional
        Ask for sound files, for a folder and for a model file; tests pass their own.
    parent : QWidget, optional
    """

    device_chosen = Signal(object)
    demo_chosen = Signal()
    rescan_requested = Signal()
    model_chosen = Signal(str)
    model_file_chosen = Signal(Path)
    compare_toggled = Signal(bool)
    pause_toggled = Signal(bool)
    evidence_toggled = Signal(bool)
    files_chosen = Signal(list)
    watch_requested = Signal()
    theme_chosen = Signal(str)
    page_chosen = Signal(int)
    help_requested = Signal()
    settings_requested = Signal()
    picture_requested = Signal()
    present_requested = Signal()

    def __init__(
        self,
        colours: Colours,
        *,
        models: Sequence[ModelChoice] = (),
        ask: AskFiles = ask_files,
        ask_for_folder: AskFiles = ask_folder,
        ask_model: AskModel = ask_model_file,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._ask, self._ask_for_folder, self._ask_model = ask, ask_for_folder, ask_model
        self._paused = False
        self._actions = ActionButtons()
        self._pages = PageButtons(self)
        self._pages.idClicked.connect(self.page_chosen)
        self._device_combo = DevicePicker(colours)
        self._device_combo.device_chosen.connect(self.device_chosen)
        self._device_combo.demo_chosen.connect(self.demo_chosen)
        self.channels = ChannelPicker(colours)
        self._model_combo = ModelPicker(models)
        self._model_combo.model_chosen.connect(self.model_chosen)
        self._model_combo.open_requested.connect(self.open_model)
        self.sound = SoundMenu(colours)
        self._open, self._theme = OpenMenu(), ThemeMenu()
        self._open.files_requested.connect(self.open_files)
        self._open.folder_requested.connect(self.open_folder)
        self._open.watch_requested.connect(self.watch_requested)
        self._theme.theme_chosen.connect(self.theme_chosen)
        self._connect()
        self._lay_out()
        self.set_colours(colours)

    # -- making ---------------------------------------------------------------------------

    def _connect(self) -> None:
        actions = self._actions
        self._pause, self._evidence, self._compare = (
            actions.pause,
            actions.evidence,
            actions.compare,
        )
        for button, wanted in (
            (actions.rescan, self.rescan_requested),
            (actions.evidence, self.evidence_toggled),
            (actions.compare, self.compare_toggled),
            (actions.picture, self.picture_requested),
            (actions.present, self.present_requested),
            (actions.settings, self.settings_requested),
            (actions.help, self.help_requested),
        ):
            button.clicked.connect(wanted)
        actions.pause.clicked.connect(lambda: self.pause_toggled.emit(not self._paused))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        for button in self._pages.buttons():
            row.addWidget(button)
        row.addSpacing(12)
        # Where there is little room the model has a short title; devices have none.
        row.addWidget(self._device_combo, 5)
        row.addWidget(self.channels)
        row.addWidget(self._actions.rescan)
        row.addSpacing(4)
        row.addWidget(self._model_combo, 4)
        actions = self._actions
        for button in (actions.pause, actions.evidence, actions.compare):
            row.addWidget(button)
        row.addStretch()
        for menu in (self.sound, self._open):
            row.addWidget(menu)
        for widget in (actions.picture, actions.present, self._theme):
            row.addWidget(widget)
        row.addWidget(actions.settings)
        row.addWidget(actions.help)

    # -- fitting --------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room: that of the bar without words."""
        return QSize(_LEAST_WIDTH_EM * round(base_points()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave away words where there is no room for them (Qt's hook)."""
        super().resizeEvent(event)
        self._set_terse(event.size().width() < _TERSE_BELOW_EM * base_points())

    def _set_terse(self, terse: bool) -> None:
        if self._actions.set_terse(terse):
            self._open.setToolButtonStyle(self._evidence.toolButtonStyle())

    # -- showing --------------------------------------------------------------------------

    def set_colours(self, colours: Colours) -> None:
        """Draw the icons in `colours` from now on."""
        self._actions.set_colours(colours)
        for button, name in ((self._theme, "theme"), (self._open, "open")):
            button.setIcon(icon(name, colours.text))
            button.setIconSize(icon_size(base_points()))
        self.sound.set_colours(colours)
        self.channels.set_colours(colours)
        self._device_combo.set_colours(colours)

    def show_keys(self, keys: KeyMap) -> None:
        """Tell in the tips which keys do the same as the buttons."""
        self._actions.show_keys(keys)

    def show_devices(self, devices: Sequence[InputDevice]) -> None:
        """List `devices` and the demo; the current choice stays if it is still there."""
        self._device_combo.show_devices(devices)

    @property
    def devices_are_open(self) -> bool:
        """Whether the list of sources is on screen."""
        return self._device_combo.is_open

    def show_peaks(self, peaks_dbfs: Mapping[InputDevice, float]) -> None:
        """Show the newest peak of each device in the list of sources."""
        self._device_combo.show_peaks(peaks_dbfs)

    def show_source(self, name: str, *, is_demo: bool) -> None:
        """Select what is being listened to."""
        self._device_combo.show_source(name, is_demo=is_demo)

    def show_models(self, choices: Sequence[ModelChoice]) -> None:
        """List the models there are."""
        self._model_combo.show_choices(choices)

    def show_model(self, reference: str) -> None:
        """Select the model in use."""
        self._model_combo.show_model(reference)

    def show_paused(self, paused: bool) -> None:
        """Label the button with what it would do now."""
        self._paused = paused
        self._actions.show_paused(paused)

    def show_evidence(self, shown: bool) -> None:
        """Tell whether the evidence is drawn."""
        self._evidence.setChecked(shown)

    def show_comparing(self, shown: bool) -> None:
        """Tell whether all models are shown side by side."""
        self._compare.setChecked(shown)

    def show_theme(self, name: str) -> None:
        """Tick the theme in use."""
        self._theme.show_theme(name)

    def show_page(self, page: int) -> None:
        """Tell which page is on view."""
        self._pages.show_page(page)

    def show_file_count(self, count: int) -> None:
        """Tell how many files there are."""
        self._pages.show_file_count(count)

    # -- doing ----------------------------------------------------------------------------

    def open_files(self) -> None:
        """Ask for files and report them."""
        if paths := self._ask(self):
            self.files_chosen.emit(paths)

    def ask_for_files(self) -> list[Path]:
        """Ask for files and return them."""
        return self._ask(self)

    def open_folder(self) -> None:
        """Ask for a folder and report it."""
        if paths := self._ask_for_folder(self):
            self.files_chosen.emit(paths)

    def open_model(self) -> None:
        """Ask for a model file and report it."""
        if (path := self._ask_model(self)) is not None:
            self.model_file_chosen.emit(path)

    @property
    def model_title(self) -> str:
        """The model shown as the one in use."""
        return self._model_combo.currentText()

    @property
    def device_titles(self) -> tuple[str, ...]:
        """The entries of the list of sources, separators left out."""
        return self._device_combo.titles
