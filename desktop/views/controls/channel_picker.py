"""Which channels of the source are heard, with a small level beside each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QMenu, QToolButton, QWidget, QWidgetAction

from timbrescope.desktop.engine.messages import ChannelLevels
from timbrescope.desktop.views.controls.small_level import SmallLevel
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr

_ROWS = 16


class ChannelPicker(QToolButton):
    """A button with the list of channels; hidden while the source has only one.

    `channels_chosen` tells which are to be heard, counted from 0; none: those that sound.
    """

    channels_chosen = Signal(tuple)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._levels: ChannelLevels | None = None
        self._boxes: list[QCheckBox] = []
        self._bars: list[SmallLevel] = []
        self.setObjectName("channels")
        self.setToolTip(tr("Which channels are heard"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._automatic = menu.addAction(tr("By themselves: those that sound"))
        self._automatic.setCheckable(True)
        self._automatic.triggered.connect(lambda: self.channels_chosen.emit(()))
        menu.addSeparator()
        self._list: QWidgetAction | None = None
        self.setMenu(menu)
        self.hide()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self._make(len(self._boxes))

    @property
    def chosen(self) -> tuple[int, ...]:
        """The channels that are ticked."""
        return tuple(number for number, box in enumerate(self._boxes) if box.isChecked())

    def show_channels(self, levels: ChannelLevels) -> None:
        """Show how loud each channel is and which are heard."""
        count = len(levels.peaks_dbfs)
        if count == 0:
            # While a source is being opened again, the list stays as it was.
            return
        if count != len(self._boxes):
            self._make(count)
        if self._levels is None or levels.chosen != self._levels.chosen or not self.text():
            self._tick(levels.chosen)
        self._levels = levels
        self.setVisible(count > 1)
        if self.menu().isVisible():
            self._show_levels(levels)

    def _show_levels(self, levels: ChannelLevels) -> None:
        used = levels.used or (False,) * len(levels.peaks_dbfs)
        for bar, peak, heard in zip(self._bars, levels.peaks_dbfs, used, strict=False):
            bar.show_level(peak, used=heard)

    def _make(self, count: int) -> None:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(12, 4, 12, 8)
        self._boxes = [
            QCheckBox(tr("Channel {number}", number=number + 1)) for number in range(count)
        ]
        self._bars = [SmallLevel(self._colours) for _ in range(count)]
        for number, (box, bar) in enumerate(zip(self._boxes, self._bars, strict=True)):
            row, column = number % _ROWS, 2 * (number // _ROWS)
            grid.addWidget(box, row, column)
            grid.addWidget(bar, row, column + 1, Qt.AlignmentFlag.AlignVCenter)
            box.clicked.connect(lambda: self.channels_chosen.emit(self.chosen))
        menu = self.menu()
        if self._list is not None:
            menu.removeAction(self._list)
        # A menu takes a widget when the action is added, not later.
        self._list = QWidgetAction(menu)
        self._list.setDefaultWidget(inner)
        menu.addAction(self._list)
        self._tick(self._levels.chosen if self._levels else ())

    def _tick(self, chosen: Sequence[int]) -> None:
        self._automatic.setChecked(not chosen)
        for number, box in enumerate(self._boxes):
            box.setChecked(number in chosen)
        listed = ", ".join(str(number + 1) for number in chosen)
        words = tr("Channel {number}", number=listed) if listed else tr("All channels")
        self.setText(words)
        self.setAccessibleName(tr("Channels heard: {words}", words=words))
