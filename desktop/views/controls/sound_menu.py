"""What can be done with the sound that is heard: keep it, record it, play a file as if live."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from timbrescope.desktop.views.frame.shortcuts import Shortcut
from timbrescope.desktop.views.style.icons import icon, icon_size
from timbrescope.desktop.views.style.theme import Colours, base_points
from timbrescope.desktop.views.words.catalogue import mark, tr

_RECORD, _STOP = mark("Record the session…"), mark("Stop recording")


class SoundMenu(QToolButton):
    """A button with a menu; it is red while a recording is going on."""

    save_requested = Signal()
    record_requested = Signal()
    play_requested = Signal()

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sound")
        self._recording = False
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._save = menu.addAction(f"{tr('Save what was just heard…')}\t{Shortcut.KEEP.keys}")
        self._save.triggered.connect(self.save_requested)
        self._record = menu.addAction("")
        self._record.triggered.connect(self.record_requested)
        self._play = menu.addAction(tr("Play a file as if live…"))
        self._play.triggered.connect(self.play_requested)
        self.setMenu(menu)
        self.set_colours(colours)
        self.show_recording("")

    @property
    def titles(self) -> tuple[str, ...]:
        """The entries of the menu."""
        return tuple(action.text().split("\t")[0] for action in self.menu().actions())

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.setIconSize(icon_size(base_points()))
        self._draw()

    def show_recording(self, words: str) -> None:
        """Tell of the recording that is going on in a few words; empty if there is none."""
        self._recording = bool(words)
        self._record.setText(f"{tr(_STOP if words else _RECORD)}\t{Shortcut.RECORD.keys}")
        self.setText(words)
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly
        )
        tip = tr("Recording: {time}", time=words) if words else tr("Save or record what is heard")
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self._draw()

    def _draw(self) -> None:
        colour = self._colours.error if self._recording else self._colours.text
        self.setIcon(icon("record", colour))
