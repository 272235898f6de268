"""The list of files on screen: several rows at once, with a menu and keys of their own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from timbrescope.desktop.views.files.answer_delegate import AnswerDelegate
from timbrescope.desktop.views.files.columned_table import PIXELS_PER_POINT, ColumnedTable
from timbrescope.desktop.views.files.columns import ANSWER, COLUMNS
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.files.file_table import FileTableModel
from timbrescope.desktop.views.style.theme import Colours, base_points
from timbrescope.desktop.views.words.catalogue import tr, trn

_ROW_HEIGHT_POINTS = 2.4


class FileListView(ColumnedTable):
    """Reports which file is looked at, and what is wanted of those selected."""

    row_chosen = Signal(object)
    play_requested = Signal(Path)
    external_requested = Signal(Path)
    folder_requested = Signal(Path)
    again_requested = Signal(list)
    remove_requested = Signal(list)

    def __init__(
        self, model: FileTableModel, colours: Colours, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, parent)
        self._rows = model
        self._delegate = AnswerDelegate(colours)
        self.setItemDelegateForColumn(ANSWER, self._delegate)
        self._build()
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda index: self._play(self._at(index)))

    def _build(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setAccessibleName(tr("Files"))
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        rows = self.verticalHeader()
        rows.hide()
        # Rows of one height: Qt need not ask each of them.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(round(base_points() * PIXELS_PER_POINT * _ROW_HEIGHT_POINTS))

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._delegate.colours = colours
        self.viewport().update()

    # -- rows -----------------------------------------------------------------------------

    def selected_rows(self) -> list[FileRow]:
        """Return the rows selected, in the order in which they are shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._rows.row(place) for place in places]

    def current_row(self) -> FileRow | None:
        """Return the row looked at, None without one."""
        index = self.currentIndex()
        return self._at(index) if index.isValid() else None

    def is_in_view(self, index: QModelIndex) -> bool:
        """Return whether a row can be seen without scrolling."""
        return self.viewport().rect().intersects(self.visualRect(index))

    def copied_text(self) -> str:
        """Return the rows selected as lines with tabs, as spreadsheets take them."""
        header = self.horizontalHeader()
        shown = [header.logicalIndex(at) for at in range(len(COLUMNS))]
        shown = [number for number in shown if not self.isColumnHidden(number)]
        lines = [[COLUMNS[number].text(row) for number in shown] for row in self.selected_rows()]
        return "\n".join("\t".join(cell.replace("\t", " ") for cell in line) for line in lines)

    def copy(self) -> None:
        """Put the rows selected on the clipboard."""
        if text := self.copied_text():
            QGuiApplication.clipboard().setText(text)

    def _at(self, index: QModelIndex) -> FileRow:
        return self._rows.row(index.row())

    def _on_current(self, index: QModelIndex, previous: QModelIndex) -> None:  # noqa: ARG002
        self.row_chosen.emit(self._at(index) if index.isValid() else None)

    def _paths(self) -> list[Path]:
        return [row.path for row in self.selected_rows()]

    # -- menu and keys --------------------------------------------------------------------

    def make_row_menu(self) -> QMenu:
        """Return the menu of the rows selected."""
        menu, rows = QMenu(self), self.selected_rows()
        count = len(rows)
        entries: tuple[tuple[str, str, Callable[[], object]] | None, ...] = (
            (tr("Play"), "Return", lambda: self._play(rows[0])),
            (tr("Open in another program"), "", lambda: self.external_requested.emit(rows[0].path)),
            (tr("Show in folder"), "", lambda: self.folder_requested.emit(rows[0].path)),
            None,
            (trn("Copy", "Copy {count} files", count), "Ctrl+C", self.copy),
            (
                trn("Analyse again", "Analyse {count} files again", count),
                "",
                lambda: self.again_requested.emit(self._paths()),
            ),
            (
                trn("Remove from the list", "Remove {count} files from the list", count),
                "Del",
                self._remove,
            ),
        )
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            text, keys, act = entry
            action = menu.addAction(f"{text}\t{keys}" if keys else text)
            action.triggered.connect(lambda _=False, act=act: act())
            action.setEnabled(bool(rows))
        menu.actions()[0].setEnabled(bool(rows) and not rows[0].is_folder)
        return menu

    def _play(self, row: FileRow) -> None:
        if not row.is_folder:
            self.play_requested.emit(row.path)

    def _open_menu(self, where: QPoint) -> None:
        self.make_row_menu().popup(self.viewport().mapToGlobal(where))

    def _remove(self) -> None:
        if paths := self._paths():
            self.remove_requested.emit(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy, play, remove (Qt's hook)."""
        row = self.current_row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._play(row)
        else:
            super().keyPressEvent(event)
