"""Every key of the window in one place, with the words the help shows; the user may change them."""

from collections.abc import Mapping
from enum import Enum

from PySide6.QtGui import QKeySequence

from timbrescope.desktop.views.words.catalogue import mark, tr


class Shortcut(Enum):
    """What a key does, and which key that is until the user says otherwise."""

    PAUSE = ("Space", mark("Pause, or go on listening"))
    FREEZE = ("F", mark("Freeze the picture while listening goes on, or go on"))
    PLAY = ("L", mark("Play the last seconds, or what is on view, or stop"))
    PICTURE = ("S", mark("Save a picture of what is on view"))
    KEEP = ("K", mark("Save what was just heard: sound, verdicts, labels"))
    RECORD = ("R", mark("Record the session to disk, or end the recording"))
    EVIDENCE = ("E", mark("Show or hide the evidence"))
    AGAINST = ("A", mark("Show what speaks against the answer, too, or only what speaks for it"))
    MODEL = ("M", mark("Switch to the next model"))
    COMPARE = ("C", mark("Show all models' answers side by side, or one"))
    DEMO = ("D", mark("Play the demo clips, or go back to the microphone"))
    OPEN = ("O", mark("Open files"))
    OPEN_FOLDER = ("Shift+O", mark("Open a folder"))
    FIND = ("Ctrl+F", mark("Search the list of files"))
    LIVE = ("1", mark("Show the live view"))
    FILES = ("2", mark("Show the files"))
    PRESENT = (
        "P",
        mark("Present the live answer to an audience, as large as the screen, or end that"),
    )
    FULL_SCREEN = ("F11", mark("Full screen on or off"))
    LEAVE = ("Esc", mark("Leave the presentation, the past, or full screen"))
    SETTINGS = ("Ctrl+,", mark("Settings"))
    HELP = ("?", mark("Show this help"))

    @property
    def keys(self) -> str:
        """The key sequence as `QKeySequence` reads it, unless the user chose another."""
        return str(self.value[0])

    @property
    def purpose(self) -> str:
        """What it does, for the help."""
        return tr(str(self.value[1]))


class KeyMap:
    """Which key does what: the first choice, or the user's.

    Parameters
    ----------
    chosen : mapping, optional
        The user's keys under the names of the shortcuts; what nobody knows is left aside.
    """

    def __init__(self, chosen: Mapping[str, str] | None = None) -> None:
        self._chosen: dict[Shortcut, str] = {}
        for shortcut in Shortcut:
            keys = (chosen or {}).get(shortcut.name)
            if keys is not None and self.holder(keys, besides=shortcut) is None:
                self._chosen[shortcut] = keys

    def keys(self, shortcut: Shortcut) -> str:
        """Return the keys of a shortcut, empty if the user wants none."""
        return self._chosen.get(shortcut, shortcut.keys)

    def tip(self, shortcut: Shortcut) -> str:
        """Return what a shortcut does, with its keys, for the tip of a button."""
        keys = QKeySequence(self.keys(shortcut))
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        return f"{shortcut.purpose} ({shown})" if shown else shortcut.purpose

    def holder(self, keys: str, *, besides: Shortcut) -> Shortcut | None:
        """Return which other shortcut has these keys already."""
        wanted = QKeySequence(keys)
        if wanted.isEmpty():
            return None
        others = (each for each in Shortcut if each is not besides)
        return next((each for each in others if QKeySequence(self.keys(each)) == wanted), None)

    def choose(self, shortcut: Shortcut, keys: str) -> Shortcut | None:
        """Give a shortcut these keys; if another has them, return that one and change nothing."""
        holder = self.holder(keys, besides=shortcut)
        if holder is None:
            self._chosen[shortcut] = keys
        return holder

    def reset(self) -> None:
        """Go back to the first choice of every key."""
        self._chosen.clear()

    def changes(self) -> dict[str, str]:
        """Return what differs from the first choice, to be remembered."""
        return {each.name: keys for each, keys in self._chosen.items() if keys != each.keys}
