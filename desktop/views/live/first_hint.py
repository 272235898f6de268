"""What stands on the empty picture until the first sound comes."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from timbrescope.desktop.views.style.theme import EMPHASIS, scaled_font
from timbrescope.desktop.views.words.catalogue import mark, tr

_WORDS = mark(
    "Play an instrument near the microphone: its sound scrolls by here, and the answer stands "
    "above.\nWarm colours will show which notes and attacks spoke for it."
)
# Not for an audience: keys are locked then.
_OTHERWISE = mark("No instrument at hand? Press D for the demo, or drop sound files anywhere.")


class FirstHint(QLabel):
    """Lies over a view in its middle; it takes no clicks.

    Parameters
    ----------
    over : QWidget
        The view that is empty.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("hint")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.set_presenting(False)
        self.set_type(EMPHASIS)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)

    def set_presenting(self, presenting: bool) -> None:
        """Tell an audience what it will see, and others what else they can do."""
        words = (_WORDS,) if presenting else (_WORDS, _OTHERWISE)
        self.setText("\n".join(map(tr, words)))

    def set_type(self, scale: float) -> None:
        """Set the type, as a multiple of the body's."""
        self.setFont(scaled_font(scale))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay in the middle (Qt's hook)."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            margin = watched.width() // 8
            self.setGeometry(watched.rect().adjusted(margin, 0, -margin, 0))
        return False

    def end(self) -> None:
        """Go for good: there is something to see."""
        parent = self.parentWidget()
        if parent is not None:
            parent.removeEventFilter(self)
        self.hide()
