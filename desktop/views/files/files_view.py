"""The page of dropped files: the list at the left, the file looked at in full at the right."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.file_messages import FileEvidence, FileResult
from timbrescope.desktop.export.formats import Format
from timbrescope.desktop.views.files.empty_page import EmptyPage
from timbrescope.desktop.views.files.file_detail import FileDetail
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.file_rows import STOPPED, FileRow
from timbrescope.desktop.views.files.file_table import FileTableModel
from timbrescope.desktop.views.files.files_bar import FilesBar
from timbrescope.desktop.views.files.groups_label import GroupsLabel
from timbrescope.desktop.views.files.list_view import FileListView
from timbrescope.desktop.views.style.panel import framed
from timbrescope.desktop.views.style.theme import Colours

_EMPTY, _FULL = 0, 1
_LIST_SHARE, _DETAIL_SHARE = 45, 55
# Qt scales them to the width there is.
_FIRST_SIZES = [10 * _LIST_SHARE, 10 * _DETAIL_SHARE]


class FilesView(QWidget):
    """Shows what the files engine reports; asks for evidence, analysing, stopping, exports."""

    evidence_requested = Signal(Path, float, float)
    cancel_requested = Signal()
    give_up_requested = Signal(list)
    add_requested = Signal(list)
    export_requested = Signal(Format, list)
    play_requested = Signal(Path, float)
    external_requested = Signal(Path)
    cleared = Signal()
    open_requested = Signal()
    folder_requested = Signal()
    reopen_requested = Signal()
    count_changed = Signal(int)

    def __init__(
        self,
        colours: Colours,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = FileTableModel(colours)
        self.bar = FilesBar()
        self.table = FileListView(self.model, colours)
        self.groups = GroupsLabel(colours)
        self.detail = FileDetail(colours)
        self.empty = EmptyPage()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._cleared: list[FileRow] = []
        self._count = 0
        self._lay_out()
        self._connect()
        self._show_tally()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(framed(self.table), 1)
        column.addWidget(self.groups)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(12)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.detail)
        self._splitter.setStretchFactor(0, _LIST_SHARE)
        self._splitter.setStretchFactor(1, _DETAIL_SHARE)
        self._splitter.setSizes(_FIRST_SIZES)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._splitter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 10)
        outer.addWidget(self._stack, 1)
        # Notices lie below list and picture.
        self.notice_room = QVBoxLayout()
        outer.addLayout(self.notice_room)

    def make_room(self, *, for_notices: bool) -> None:
        """Do nothing for notices: list and picture are low enough."""

    def _connect(self) -> None:
        self.detail.evidence_requested.connect(self.evidence_requested)
        self.detail.play_requested.connect(self.play_requested)
        self.empty.open_requested.connect(self.open_requested)
        self.empty.folder_requested.connect(self.folder_requested)
        self.empty.reopen_requested.connect(self.reopen_requested)
        bar, table = self.bar, self.table
        bar.filter_changed.connect(self._filter)
        bar.export_requested.connect(self._export)
        bar.stop_requested.connect(self.cancel_requested)
        bar.resume_requested.connect(self.resume)
        bar.clear_requested.connect(self.clear)
        bar.undo_requested.connect(self.undo_clear)
        self.groups.group_chosen.connect(bar.choose_group)
        table.row_chosen.connect(self._show_row)
        table.play_requested.connect(lambda path: self.play_requested.emit(path, 0.0))
        table.external_requested.connect(self.external_requested)
        table.folder_requested.connect(_show_in_folder)
        table.again_requested.connect(self.add_requested)
        table.remove_requested.connect(self.remove)
        self.model.layoutChanged.connect(self._keep_current_in_view)

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        for view in (self.model, self.table, self.groups, self.detail):
            view.set_colours(colours)

    # -- what comes in --------------------------------------------------------------------

    def apply(self, events: Iterable[FileEvent]) -> None:
        """Take what the files engine reports."""
        current = self.table.currentIndex()
        was_in_view = current.isValid() and self.table.is_in_view(current)
        changed = self.model.apply(events)
        if not changed:
            return
        self._cleared = []
        self._refresh()
        row = self.table.current_row()
        if row is None or (row.is_folder and not self.table.selected_rows()):
            self._look_at_first()
        elif row.path in changed:
            self._show_row(row)
        # Rows that come in above must not push the one looked at out of sight.
        if was_in_view:
            self._keep_current_in_view()

    def show_evidence(self, evidence: FileEvidence) -> None:
        """Show the evidence of a window that was asked for."""
        self.detail.show_evidence(evidence)

    def restore(self, rows: Iterable[FileRow]) -> None:
        """Put back rows of an earlier list."""
        self.model.restore(rows)
        self._cleared = []
        self._refresh()
        self._look_at_first()

    # -- what the user does ---------------------------------------------------------------

    def clear(self) -> None:
        """Empty the list and give up what is waiting; it can be undone until more is added."""
        self.cancel_requested.emit()
        self._cleared = self.model.clear()
        self._refresh()
        self._show_row(None)
        self.cleared.emit()

    def undo_clear(self) -> None:
        """Put back the list that was cleared; what had no result yet counts as stopped."""
        self.restore(row.stopped() for row in self._cleared)

    def resume(self) -> None:
        """Ask for the analysis of what was stopped."""
        rows = self.model.rows()
        self.add_requested.emit([row.path for row in rows if row.group == STOPPED])

    def remove(self, paths: Iterable[Path]) -> None:
        """Take files out of the list."""
        paths = list(paths)
        places = [place for path in paths if (place := self.model.place_of(path)) is not None]
        place = min(places, default=0)
        gone = self.model.remove(paths)
        if waiting := [row.path for row in gone if row.is_unfinished]:
            self.give_up_requested.emit(waiting)
        self._refresh()
        # The next file moves up under the pointer, as in every list.
        if self.model.rowCount():
            self.table.selectRow(min(place, self.model.rowCount() - 1))
        else:
            self._show_row(None)

    def results(self) -> list[FileResult]:
        """Return the results to export: those of the rows selected if several are, else shown."""
        selected = self.table.selected_rows()
        rows = selected if len(selected) > 1 else self.model.shown_rows()
        return [row.result for row in rows if row.result is not None]

    def _export(self, wanted: Format) -> None:
        self.export_requested.emit(wanted, self.results())

    def _filter(self, wanted: FileFilter) -> None:
        self.model.set_filter(wanted)
        self._show_tally()
        if self.table.current_row() is None:
            self._look_at_first()

    # -- inside ---------------------------------------------------------------------------

    def _refresh(self) -> None:
        count = self.model.tally.total
        has_page = count > 0 or bool(self._cleared)
        self._stack.setCurrentIndex(_FULL if has_page else _EMPTY)
        self._show_tally()
        if count != self._count:
            self._count = count
            self.count_changed.emit(count)

    def _look_at_first(self) -> None:
        rows = [row for row in self.model.shown_rows() if not row.is_folder]
        first = next((row for row in rows if row.is_answered), rows[0] if rows else None)
        place = None if first is None else self.model.place_of(first.path)
        if place is not None:
            self.table.selectRow(place)
        else:
            self._show_row(None)

    def _keep_current_in_view(self) -> None:
        if (current := self.table.currentIndex()).isValid():
            self.table.scrollTo(current)

    def _show_row(self, row: FileRow | None) -> None:
        self.detail.show_row(row)

    def _show_tally(self) -> None:
        tally = self.model.tally
        self.bar.offer_undo(bool(self._cleared))
        self.bar.show_tally(tally, shown=self.model.rowCount())
        self.groups.show_groups(tally.groups)

    # -- what is remembered ---------------------------------------------------------------

    def layout_bytes(self) -> tuple[QByteArray, QByteArray]:
        """Return how columns and splitter are arranged, for `restore_layout`."""
        return self.table.layout_bytes(), self._splitter.saveState()

    def restore_layout(self, columns: QByteArray | None, splitter: QByteArray | None) -> None:
        """Arrange columns and splitter as they were; without, as they are at first."""
        self.table.restore_layout(columns)
        if splitter is None or not self._splitter.restoreState(splitter):
            self._splitter.setSizes(_FIRST_SIZES)


def _show_in_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
