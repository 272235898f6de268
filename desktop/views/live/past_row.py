"""Below the timeline: the last minutes at a glance, and what can be done with them."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from timbrescope.desktop.views.live.overview import Overview
from timbrescope.desktop.views.style.icons import icon, icon_size
from timbrescope.desktop.views.style.theme import CAPTION, Colours, base_points, scaled_font
from timbrescope.desktop.views.words.catalogue import tr


class PastRow(QWidget):
    """Reports what is wanted; it changes nothing by itself."""

    freeze_requested = Signal()
    play_requested = Signal()
    zoom_requested = Signal(float)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overview = Overview(colours)
        self.freeze = self._button(tr("Freeze"), tr("Keep answer and evidence as they are"))
        self.freeze.setCheckable(True)
        self.freeze.clicked.connect(self.freeze_requested)
        self.play = self._button("", "")
        self.play.clicked.connect(self.play_requested)
        self.nearer = self._button("+", tr("Look from nearer (Ctrl and wheel)"))
        self.nearer.clicked.connect(lambda: self.zoom_requested.emit(0.5))
        self.further = self._button("−", tr("Look from further away (Ctrl and wheel)"))
        self.further.clicked.connect(lambda: self.zoom_requested.emit(2.0))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        # On a low page this row gives way, so it must not hold the window open.
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row.setSpacing(6)
        row.addWidget(self.overview, 1)
        for button in (self.further, self.nearer, self.play, self.freeze):
            row.addWidget(button)
        self.set_colours(colours)
        self.show_playing(False)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the least room, which is none."""
        return QSize(200, 0)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("small")
        button.setText(text)
        button.setFont(scaled_font(CAPTION))
        button.setToolTip(tip)
        button.setAccessibleName(tip or text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self.overview.set_colours(colours)
        self.show_playing(False)

    def show_frozen(self, frozen: bool) -> None:
        """Tell whether the past is on view."""
        self.freeze.setChecked(frozen)
        self.freeze.setText(tr("Go on") if frozen else tr("Freeze"))

    def show_playing(self, playing: bool) -> None:
        """Say what the button would do now."""
        words = tr("Stop playing") if playing else tr("Play what is on view")
        self.play.setIcon(icon("pause" if playing else "play", self._colours.text))
        self.play.setIconSize(icon_size(base_points() * 0.7))
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)
