"""The parts of the page of one file, and how they are arranged."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.answers.timeline_view import TimelineView
from timbrescope.desktop.views.comparison.comparison_view import ComparisonView
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.panel import framed
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr

LARGEST = 2.6


class FileDetailPage(QWidget):
    """Makes the parts and shares the page's room among them; `FileDetail` says what they show."""

    def __init__(self, colours: Colours, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = AnswerView(colours, largest=LARGEST)
        self.timeline = TimelineView(colours, of_file=True)
        self.spectrogram = SpectrogramView(colours)
        self.bars = BarsView(colours)
        self.comparison = ComparisonView(colours, with_time=True)
        self._compared = framed(self.comparison, margin=6)
        self._compared.hide()
        self._note = QLabel()
        self._note.setObjectName("muted")
        self._note.setWordWrap(True)
        self._note.hide()
        self._play = QPushButton(tr("Play"))
        self._play.setToolTip(tr("Play the file, from the block that is looked at"))
        self._whole = QPushButton(tr("Whole file"))
        self._whole.setToolTip(tr("Show the answer for the whole file again"))
        self._lay_out()

    def _lay_out(self) -> None:
        self._whole.hide()
        head = QHBoxLayout()
        head.addWidget(self.answer, 1)
        for button in (self._whole, self._play):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        grid.addLayout(head, 0, 0, 1, 2)
        grid.addWidget(self._note, 1, 0, 1, 2)
        grid.addWidget(self.timeline, 2, 0)
        grid.addWidget(framed(self.spectrogram), 3, 0)
        grid.addWidget(self._compared, 4, 0)
        grid.addWidget(framed(self.bars, margin=8), 2, 1, 3, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        for view in (self.answer, self.timeline, self.spectrogram, self.bars, self.comparison):
            view.set_colours(colours)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the comparison grow with the page (Qt's hook)."""
        self.comparison.fit_page(self.height())
        super().resizeEvent(event)
