"""The page of dropped files: a table above, the selected file in full below."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.messages import FileEvidence
from timbrescope.desktop.views.files.file_detail import FileDetail, framed
from timbrescope.desktop.views.files.file_table import (
    ANSWER,
    FILE,
    LENGTH,
    PROBABILITY,
    AnswerDelegate,
    FileTableModel,
)
from timbrescope.desktop.views.spectrogram.content import EvidenceOf
from timbrescope.desktop.views.style.theme import EMPHASIS, TITLE, Colours, base_points, scaled_font
from timbrescope.models import heatmaps

_ROW_HEIGHT_POINTS = 2.6
_EMPTY, _FULL = 0, 1


class FilesView(QWidget):
    """Shows what the files engine reports; asks for evidence, cancelling and clearing."""

    evidence_requested = Signal(Path, float)
    cancel_requested = Signal()
    cleared = Signal()
    open_requested = Signal()
    count_changed = Signal(int)

    def __init__(
        self,
        colours: Colours,
        *,
        evidence_of: EvidenceOf = heatmaps.evidence,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = FileTableModel(colours)
        self.table = QTableView()
        self.detail = FileDetail(colours, evidence_of=evidence_of)
        self._delegate = AnswerDelegate(colours)
        self._summary = QLabel()
        self._cancel = QPushButton("Cancel")
        self._clear = QPushButton("Clear list")
        self._build_table()
        self._build()
        self._show_summary()

    def _build_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegateForColumn(ANSWER, self._delegate)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setAcceptDrops(False)
        table.viewport().setAcceptDrops(False)
        table.setAccessibleName("Files")
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(round(base_points() * _ROW_HEIGHT_POINTS))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(ANSWER, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(LENGTH, round(base_points() * 9))
        table.setColumnWidth(PROBABILITY, round(base_points() * 11))
        table.selectionModel().currentRowChanged.connect(self._on_row)
        table.activated.connect(self._on_row)

    def _build(self) -> None:
        self._cancel.clicked.connect(self.cancel_requested)
        self._clear.clicked.connect(self.clear)
        self.detail.evidence_requested.connect(self.evidence_requested)
        head = QHBoxLayout()
        head.addWidget(self._summary, 1)
        head.addWidget(self._cancel)
        head.addWidget(self._clear)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(framed(self.table))
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setHandleWidth(10)
        # Five or six rows of the table, the rest for the file on view.
        splitter.setSizes([round(base_points() * _ROW_HEIGHT_POINTS * 7), 10_000])
        self.table.setMinimumHeight(round(base_points() * _ROW_HEIGHT_POINTS * 4))
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(splitter, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty_page())
        self._stack.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 10)
        outer.addWidget(self._stack)

    def _make_empty_page(self) -> QFrame:
        page = QFrame()
        page.setObjectName("dropZone")
        title = QLabel("Drop sound files or folders here")
        title.setFont(scaled_font(TITLE, bold=True))
        words = QLabel("WAV, FLAC, OGG, MP3 or AIFF, of any length")
        words.setFont(scaled_font(EMPHASIS))
        words.setObjectName("muted")
        button = QPushButton("Open files…")
        button.setObjectName("primary")
        button.clicked.connect(self.open_requested)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        for widget in (title, words, button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self.model.set_colours(colours)
        self._delegate.colours = colours
        self.detail.set_colours(colours)
        self.table.viewport().update()

    def apply(self, events: Iterable[FileEvent]) -> None:
        """Take what the files engine reports."""
        changed = self.model.apply(events)
        if not changed:
            return
        self._stack.setCurrentIndex(_FULL)
        self._show_summary()
        self.count_changed.emit(self.model.rowCount())
        current = self.table.currentIndex()
        if not current.isValid():
            self.table.selectRow(changed[0])
        elif current.row() in changed:
            self._on_row(current)

    def show_evidence(self, evidence: FileEvidence) -> None:
        """Show the evidence of a window that was asked for."""
        self.detail.show_evidence(evidence)

    def clear(self) -> None:
        """Forget all files, those still waiting too."""
        self.cancel_requested.emit()
        self.model.clear()
        self._stack.setCurrentIndex(_EMPTY)
        self._show_summary()
        self.count_changed.emit(0)
        self.cleared.emit()

    def _on_row(self, index: QModelIndex, previous: QModelIndex | None = None) -> None:  # noqa: ARG002
        if not index.isValid():
            return
        row = self.model.row(index.row())
        if row.result is not None and row.result is not self.detail.result:
            self.detail.show_result(row.result)
        # A row without a result has nothing to show; the last one would be taken for its own.
        self.detail.setEnabled(row.result is not None)
        self.detail.setVisible(row.result is not None)

    def _show_summary(self) -> None:
        total, waiting = self.model.rowCount(), self.model.unfinished
        failed = sum(self.model.row(number).is_error for number in range(total))
        words = [f"{total} file{'s' if total != 1 else ''}"]
        if waiting:
            words.append(f"{waiting} to go")
        if failed:
            words.append(f"{failed} could not be read")
        self._summary.setText(" · ".join(words))
        self._cancel.setEnabled(waiting > 0)
