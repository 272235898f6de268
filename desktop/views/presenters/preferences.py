"""Keys and settings between memory and dialogs: what is shown, changed, and reset."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.frame.help_dialog import HelpDialog
from timbrescope.desktop.views.frame.settings_dialog import SettingsDialog
from timbrescope.desktop.views.frame.shortcuts import KeyMap
from timbrescope.desktop.views.words.catalogue import tr


def confirm_reset(parent: QWidget) -> bool:
    """Ask whether really everything is to be forgotten."""
    question = tr("Forget all settings: colours, keys, columns, the microphone and the model?")
    buttons = QMessageBox.StandardButton
    answer = QMessageBox.question(parent, "Timbrescope", question, buttons.Reset | buttons.Cancel)
    return answer == buttons.Reset


class PreferencesPresenter(QObject):
    """Owns the two dialogs, which are made when they are first wanted.

    Parameters
    ----------
    window : QWidget
    settings : Settings
    keys : KeyMap
    confirm : callable, optional
        Asks before everything is reset; tests pass their own.
    """

    theme_chosen = Signal(str)
    evidence_toggled = Signal(bool)
    narrowing_chosen = Signal(Narrowing)
    keys_changed = Signal()
    was_reset = Signal()
    diagnostics_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        keys: KeyMap,
        *,
        confirm: Callable[[QWidget], bool] = confirm_reset,
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._keys = window, settings, keys
        self._confirm = confirm
        self.help: HelpDialog | None = None
        self.dialog: SettingsDialog | None = None

    def show_help(self) -> None:
        """Show what the keys do."""
        if self.help is None:
            self.help = HelpDialog(self._keys, self._window)
            self.help.diagnostics_wanted.connect(self.diagnostics_wanted)
        self.help.show_keys()
        self.help.show()
        self.help.raise_()

    def show_settings(self) -> None:
        """Show what can be set, as it is now."""
        if self.dialog is None:
            made = self.dialog = SettingsDialog(
                self._keys, confirm=self._confirm, parent=self._window
            )
            made.theme_chosen.connect(self.theme_chosen)
            made.language_chosen.connect(self._keep_language)
            made.evidence_toggled.connect(self.evidence_toggled)
            made.narrowing_chosen.connect(self.narrowing_chosen)
            made.keys_changed.connect(self._keep_keys)
            made.reset_requested.connect(self._reset)
        self._show_choices(self.dialog)
        self.dialog.show()
        self.dialog.raise_()

    def show_answers(self) -> None:
        """Show what can be set about answers."""
        self.show_settings()
        if self.dialog is not None:
            self.dialog.show_answers()

    def refresh(self) -> None:
        """Show what is in force now, if the settings are on view."""
        if self.dialog is not None:
            self._show_choices(self.dialog)

    def _show_choices(self, dialog: SettingsDialog) -> None:
        dialog.show_choices(
            theme=self._settings.theme,
            language=self._settings.language,
            evidence=self._settings.evidence_shown,
            narrowing=self._settings.narrowing,
        )
        dialog.show_keys()

    def _keep_language(self, language: str) -> None:
        self._settings.language = language

    def _keep_keys(self) -> None:
        self._settings.keys = self._keys.changes()
        self.keys_changed.emit()

    def _reset(self) -> None:
        """Forget every choice, and show what is in force without one."""
        self._settings.reset()
        self._keys.reset()
        self.keys_changed.emit()
        self.was_reset.emit()
        self.refresh()
