"""The buttons of the bar at the top that do one thing at once, each with its key in its tip."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

from timbrescope.desktop.views.controls.menus import tool_button
from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut
from timbrescope.desktop.views.style.icons import icon, icon_size
from timbrescope.desktop.views.style.theme import Colours, base_points
from timbrescope.desktop.views.words.catalogue import tr

_PAUSE_WIDTH_EM = 8.5


class ActionButtons:
    """Makes the buttons; where they stand and what they do is not theirs to say."""

    def __init__(self) -> None:
        self._is_paused = self._is_terse = False
        self._colours: Colours | None = None
        self.rescan = tool_button(tr("Look for microphones again"), name="icon")
        self.pause = QPushButton(tr("Pause"))
        self.evidence = _toggle(tr("Evidence"), name="evidence")
        self.evidence.setChecked(True)
        self.compare = _toggle(tr("Compare"), name="compare")
        self.picture = tool_button("", name="icon")
        self.present = tool_button("", name="icon")
        self.settings = tool_button("", name="icon")
        self.help = tool_button("", name="icon")
        self._purposes: dict[QAbstractButton, Shortcut] = {
            self.pause: Shortcut.PAUSE,
            self.evidence: Shortcut.EVIDENCE,
            self.compare: Shortcut.COMPARE,
            self.picture: Shortcut.PICTURE,
            self.present: Shortcut.PRESENT,
            self.settings: Shortcut.SETTINGS,
            self.help: Shortcut.HELP,
        }
        self.show_keys(KeyMap())

    def show_keys(self, keys: KeyMap) -> None:
        """Tell in the tips which keys do the same."""
        for button, shortcut in self._purposes.items():
            tip = keys.tip(shortcut)
            button.setToolTip(tip)
            if button is not self.pause:
                button.setAccessibleName(tip)

    def set_terse(self, terse: bool) -> bool:
        """Leave away words where there is no room for them; return whether that is a change."""
        if terse == self._is_terse:
            return False
        self._is_terse = terse
        style = Qt.ToolButtonStyle
        for button in (self.evidence, self.compare):
            wanted = style.ToolButtonIconOnly if terse else style.ToolButtonTextBesideIcon
            button.setToolButtonStyle(wanted)
        self.show_paused(self._is_paused)
        return True

    def set_colours(self, colours: Colours) -> None:
        """Draw the icons in `colours` from now on."""
        self._colours = colours
        for button, name in (
            (self.rescan, "rescan"),
            (self.picture, "picture"),
            (self.present, "present"),
            (self.settings, "settings"),
            (self.help, "help"),
        ):
            button.setIcon(icon(name, colours.text))
        self.evidence.setIcon(icon("evidence", colours.muted, checked=colours.evidence))
        self.compare.setIcon(icon("compare", colours.muted, checked=colours.accent))
        for each in (self.rescan, *self._purposes):
            each.setIconSize(icon_size(base_points()))
        self.show_paused(self._is_paused)

    def show_paused(self, paused: bool) -> None:
        """Label the button with what it would do now."""
        self._is_paused = paused
        text, name = (tr("Listen"), "play") if paused else (tr("Pause"), "pause")
        self.pause.setText("" if self._is_terse else text)
        self.pause.setAccessibleName(text)
        width = 0 if self._is_terse else round(base_points() * _PAUSE_WIDTH_EM)
        self.pause.setMinimumWidth(width)
        if self._colours is not None:
            self.pause.setIcon(icon(name, self._colours.text))


def _toggle(text: str, *, name: str) -> QToolButton:
    button = tool_button("", name=name)
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setCheckable(True)
    return button
