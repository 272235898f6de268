"""The part of the settings about answers: what can be playing, and how sure a name has to be."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.views.style.percent_box import PercentBox
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.instruments import NAMES

_COLUMNS = 4
_FIRST_PERCENT = 70


class AnswersPage(QWidget):
    """Reports each change at once."""

    narrowing_chosen = Signal(Narrowing)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.instruments = {name: self._make_instrument(name) for name in NAMES}
        self.with_limit = QCheckBox(tr("Name an instrument from"))
        self.with_limit.clicked.connect(lambda _: self._tell())
        self.limit = self._make_limit()
        self._none = QPushButton(tr("Untick all"))
        self._none.clicked.connect(self._untick)
        self._lay_out()

    def _make_instrument(self, name: str) -> QCheckBox:
        box = QCheckBox(tr(name))
        box.clicked.connect(lambda _: self._tell())
        return box

    def _make_limit(self) -> PercentBox:
        name = tr("Probability from which on an instrument is named")
        limit = PercentBox(name, value=_FIRST_PERCENT, most=99)
        limit.valueChanged.connect(lambda _: self._on_limit())
        return limit

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        shown = sorted(self.instruments.values(), key=lambda box: box.text().casefold())
        rows = -(-len(shown) // _COLUMNS)
        for number, box in enumerate(shown):
            grid.addWidget(box, number % rows, number // rows)
        limit = QHBoxLayout()
        for widget in (self.with_limit, self.limit):
            limit.addWidget(widget)
        limit.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            _hint(
                tr(
                    "Only these instruments: tick what can be playing, and the probabilities are "
                    "those among it. Without a tick it can be any of the 28."
                )
            )
        )
        column.addLayout(grid)
        column.addWidget(self._none, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(limit)
        column.addWidget(
            _hint(
                tr(
                    "How sure the answer has to be: below it the answer is “not sure”. Without a "
                    "tick each model has the limit that was measured for it. Live, a name that "
                    "has been given is kept until it is 8 % less probable."
                )
            )
        )

    def show_narrowing(self, narrowing: Narrowing) -> None:
        """Show what is in force."""
        for name, box in self.instruments.items():
            box.setChecked(name in narrowing.only)
        self.with_limit.setChecked(narrowing.threshold is not None)
        if narrowing.threshold is not None:
            self.limit.blockSignals(True)
            self.limit.setValue(round(100 * narrowing.threshold))
            self.limit.blockSignals(False)

    def _untick(self) -> None:
        for box in self.instruments.values():
            box.setChecked(False)
        self._tell()

    def _on_limit(self) -> None:
        self.with_limit.setChecked(True)
        self._tell()

    def _tell(self) -> None:
        only = tuple(name for name, box in self.instruments.items() if box.isChecked())
        limit = self.limit.value() / 100 if self.with_limit.isChecked() else None
        self.narrowing_chosen.emit(Narrowing(only, limit))


def _hint(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setObjectName("muted")
    return label
