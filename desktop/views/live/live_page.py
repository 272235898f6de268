"""The parts of the live page and how they are arranged, at the desk and for an audience."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.answers.timeline_view import TimelineView
from timbrescope.desktop.views.answers.top_bars import TopBars
from timbrescope.desktop.views.comparison.comparison_view import ComparisonView
from timbrescope.desktop.views.live.first_hint import FirstHint
from timbrescope.desktop.views.live.level_meter import LevelMeter
from timbrescope.desktop.views.live.lowest_part import LowestPart
from timbrescope.desktop.views.live.past_row import PastRow
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.panel import framed
from timbrescope.desktop.views.style.pictured import keep_out_of_pictures
from timbrescope.desktop.views.style.theme import CAPTION, EMPHASIS, Colours
from timbrescope.desktop.views.words.catalogue import tr

# Height of the page, in logical pixels, for each multiple of the body's type in the answer.
_HEIGHT_PER_SCALE = 128.0
_COMPARING_SHARE = 0.6
_GREATEST = 11.0
# On a page lower than this the 28 bars need all the room.
_TOP_BARS_FROM = 560
# On a page lower than this a notice and the answers of all models leave the picture no room: what
# was said before, and the level, make some.
_ALL_FROM = 480
# For an audience: the answer's share of the height, as a scale, that of the three bars, and that
# of what is written round the picture, which must fit its width too.
_PRESENTED_PER_SCALE, _PRESENTED_BARS_PER_SCALE = 78.0, 260.0
_PRESENTED_CAPTION_PER_SCALE, _PRESENTED_CAPTION_PER_WIDTH = 400.0, 600.0


class LivePage(QWidget):
    """Makes the parts and shares the page's room among them; `LiveView` says what they show."""

    def __init__(self, colours: Colours, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = AnswerView(colours)
        self.spectrogram = SpectrogramView(colours)
        self.top_bars = TopBars(colours)
        self.bars = BarsView(colours)
        self.hint = FirstHint(self.spectrogram)
        self.frozen_mark = QLabel(tr("Frozen. Press F to go on"), self.spectrogram)
        self.frozen_mark.setObjectName("frozen")
        self.frozen_mark.hide()
        self.comparison = ComparisonView(colours)
        self._compared = framed(self.comparison, margin=6)
        self._compared.hide()
        self.timeline = TimelineView(colours)
        self.past_row = PastRow(colours)
        self.meter = LevelMeter(colours)
        self.lowest = LowestPart(self.top_bars, self.meter, parent=self)
        self.lowest.hide()
        keep_out_of_pictures(self.frozen_mark, self.past_row, self.meter)
        self._is_presenting = self._has_notices = False
        self._lay_out()

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.answer, 0, 0)
        self.picture = framed(self.spectrogram)
        grid.addWidget(self.picture, 1, 0)
        # Notices take their room from the picture, so that only its height changes.
        self.notice_room = QVBoxLayout()
        grid.addLayout(self.notice_room, 2, 0)
        grid.addWidget(self._compared, 3, 0)
        self._bars = framed(self.bars, margin=8)
        grid.addWidget(self.top_bars, 0, 1)
        grid.addWidget(self._bars, 1, 1, 3, 1)
        below = QVBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.timeline)
        below.addWidget(self.past_row)
        grid.addLayout(below, 4, 0)
        grid.addWidget(self.meter, 4, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the answer grow with the window, so that it is read from further away."""
        self._share_height()
        super().resizeEvent(event)

    def _share_height(self) -> None:
        if self._is_presenting:
            self.answer.set_largest(self.height() / _PRESENTED_PER_SCALE)
            self.lowest.set_scale(self.height() / _PRESENTED_BARS_PER_SCALE)
            by_height = self.height() / _PRESENTED_CAPTION_PER_SCALE
            by_width = self.width() / _PRESENTED_CAPTION_PER_WIDTH
            self.spectrogram.set_type(max(CAPTION, min(by_height, by_width)))
            self.hint.set_type(max(EMPHASIS, min(by_height, by_width)))
            return
        self.spectrogram.set_type(CAPTION)
        self.meter.set_type(CAPTION)
        self.hint.set_type(EMPHASIS)
        # Beside the others' answers the one in large type may be smaller.
        share = _COMPARING_SHARE if not self._compared.isHidden() else 1.0
        self.answer.set_largest(min(_GREATEST, share * self.height() / _HEIGHT_PER_SCALE))
        self.top_bars.set_scale(EMPHASIS)
        self.top_bars.setVisible(self.height() >= _TOP_BARS_FROM)
        self.past_row.setVisible(self.height() >= _TOP_BARS_FROM)
        self.comparison.fit_page(self.height())
        self._share_room()

    def make_room(self, *, for_notices: bool) -> None:
        """Make room for notices, or take it back."""
        self._has_notices = for_notices
        if not self._is_presenting:
            self._share_room()

    def _share_room(self) -> None:
        is_full = not self._compared.isHidden() and self._has_notices
        for view in (self.timeline, self.meter):
            view.setVisible(not is_full or self.height() >= _ALL_FROM)

    def set_presenting(self, presenting: bool) -> None:
        """Show answer, evidence and the three best, as large as can be, and nothing else."""
        self._is_presenting = presenting
        self.spectrogram.shows_focus = not presenting
        for view in (self._bars, self.timeline, self.past_row):
            view.setVisible(not presenting)
        for moved in (self.top_bars, self.meter, self.answer, self.picture):
            self._grid.removeWidget(moved)
        columns = 2 if presenting else 1
        self._grid.addWidget(self.answer, 0, 0, 1, columns)
        self._grid.addWidget(self.picture, 1, 0, 1, columns)
        if presenting:
            self.lowest.begin()
            self._grid.addWidget(self.lowest, 5, 0, 1, 2)
        else:
            self.lowest.end()
            self._grid.removeWidget(self.lowest)
            self._grid.addWidget(self.top_bars, 0, 1)
            self._grid.addWidget(self.meter, 4, 1)
            self.meter.show()
        self.lowest.setVisible(presenting)
        self.hint.set_presenting(presenting)
        self._share_height()

    def set_comparing(self, shown: bool) -> None:
        """Show the answers of all models side by side, or only that of the one in use."""
        self._compared.setVisible(shown)
        self._share_height()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        views = (self.answer, self.spectrogram, self.comparison, self.top_bars, self.bars)
        for view in (*views, self.timeline, self.past_row, self.meter):
            view.set_colours(colours)
