"""What stands on the empty picture until the first sound comes."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from timbrescope.desktop.views.style.theme import EMPHASIS, scaled_font
from timbrescope.desktop.views.words.catalogue import mark, tr

_WORDS = mark(
    "Play an instrument near the microphone: its sound scrolls by here, and the answer stands "
    "above.\nWarm colours will show which notes and attacks spoke for it.\n"
    "No instrument at hand? Press D for the demo, or drop sound files anywhere."
)


class FirstHint(QLabel):
    """Lies over a view in its middle; it takes no clicks.

    Parameters
    ----------
    over : QWidget
        The view that is empty.
    """

    def __init__(self, over: QWidget) -> None:
        super().__init__(tr(_WORDS), over)
        self.setObjectName("hint")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setFont(scaled_font(EMPHASIS))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)

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
