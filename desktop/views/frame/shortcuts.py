"""Every key of the window in one place, with the words the help shows."""

from enum import Enum


class Shortcut(Enum):
    """A key sequence and what it does."""

    PAUSE = ("Space", "Pause, or go on listening")
    EVIDENCE = ("E", "Show or hide the evidence")
    MODEL = ("M", "Switch to the next model")
    COMPARE = ("C", "Show all models' answers side by side, or one")
    DEMO = ("D", "Play the demo clips")
    OPEN = ("O", "Open files")
    LIVE = ("1", "Show the live view")
    FILES = ("2", "Show the files")
    FULL_SCREEN = ("F11", "Full screen on or off")
    HELP = ("?", "Show this help")

    @property
    def keys(self) -> str:
        """The key sequence as `QKeySequence` reads it."""
        return str(self.value[0])

    @property
    def purpose(self) -> str:
        """What it does, for the help."""
        return str(self.value[1])
