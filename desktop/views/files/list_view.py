"""The table of files on screen: columns to choose, sorting, several rows at once, its own menu."""

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from timbrescope.desktop.views.files.answer_delegate import AnswerDelegate
from timbrescope.desktop.views.files.columns import ANSWER, COLUMNS, FILE
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.files.file_table import FileTableModel
from timbrescope.desktop.views.style.theme import Colours, base_points
from timbrescope.desktop.views.words.catalogue import tr, trn

_ROW_HEIGHT_POINTS = 2.4
_PIXELS_PER_POINT = 96 / 72
# Before a layout whose widths nobody chose: they follow the width of the list.
_FITTED = b"fitted:"


class FileListView(QTableView):
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
        super().__init__(parent)
        self._rows = model
        self._delegate = AnswerDelegate(colours)
        self.setModel(model)
        self.setItemDelegateForColumn(ANSWER, self._delegate)
        self._build()
        self._build_header()
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
        rows.setDefaultSectionSize(round(base_points() * _PIXELS_PER_POINT * _ROW_HEIGHT_POINTS))

    def _build_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_columns_menu)
        self._first_layout()
        header.sectionResized.connect(self._on_section_resized)
        # The first column is never hidden: a list without names is no use to anybody.
        header.setSectionHidden(FILE, False)
        self.setSortingEnabled(True)

    def _first_layout(self) -> None:
        """Arrange the columns as they are until the user says otherwise."""
        header = self.horizontalHeader()
        for number, column in enumerate(COLUMNS):
            header.moveSection(header.visualIndex(number), number)
            header.setSectionHidden(number, not column.is_shown)
        self._is_fitting = True
        self._fit_columns()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._delegate.colours = colours
        self.viewport().update()

    # -- columns --------------------------------------------------------------------------

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """The names of the columns on view."""
        return tuple(column.name for n, column in enumerate(COLUMNS) if not self.isColumnHidden(n))

    def show_columns(self, names: Iterable[str]) -> None:
        """Show these columns and no others; that of the files' names always."""
        wanted = set(names)
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, column.name not in wanted and number != FILE)

    def layout_bytes(self) -> QByteArray:
        """Return order, widths and visibility of the columns, for `restore_layout`."""
        kept = self.horizontalHeader().saveState()
        return QByteArray(_FITTED) + kept if self._is_fitting else kept

    def restore_layout(self, layout: QByteArray | None) -> None:
        """Arrange the columns as they were, at first without; nonsense leaves them as they are."""
        if layout is None:
            self._first_layout()
            return
        header = self.horizontalHeader()
        fits = layout.startsWith(_FITTED)
        self._is_fitting = False
        if header.restoreState(layout.sliced(len(_FITTED)) if fits else layout):
            header.setSectionHidden(FILE, False)
            if fits:
                self._fit_columns()
            # Sorting belongs to a list, not to the next one.
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def make_columns_menu(self) -> QMenu:
        """Return a menu with a tick for each column that may be hidden."""
        menu = QMenu(self)
        for number, column in enumerate(COLUMNS):
            if number == FILE:
                continue
            action = menu.addAction(tr(column.title))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.toggled.connect(lambda shown, number=number: self._show_column(number, shown))
        menu.addSeparator()
        menu.addAction(tr("In the order of dropping")).triggered.connect(
            lambda: self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        )
        return menu

    def _show_column(self, number: int, shown: bool) -> None:
        self.setColumnHidden(number, not shown)
        if self._is_fitting:
            self._fit_columns()

    def _open_columns_menu(self, where: QPoint) -> None:
        self.make_columns_menu().popup(self.horizontalHeader().mapToGlobal(where))

    def _fit_columns(self) -> None:
        """Share the width among the columns, until the user takes one by its edge."""
        shown = [n for n in range(len(COLUMNS)) if not self.isColumnHidden(n)]
        em = base_points() * _PIXELS_PER_POINT
        wanted = {number: COLUMNS[number].width_em * em for number in shown}
        fixed = sum(width for number, width in wanted.items() if COLUMNS[number].is_figure)
        free = sum(wanted.values()) - fixed
        room = self.viewport().width() - fixed
        # Names and answers share what the figures leave, but stay legible.
        share = max(0.45, room / free) if free else 1.0
        self._is_fitting = False
        for number, width in wanted.items():
            is_figure = COLUMNS[number].is_figure
            self.setColumnWidth(number, math.floor(width if is_figure else width * share))
        self._is_fitting = True

    def _on_section_resized(self, number: int, before: int, after: int) -> None:  # noqa: ARG002
        # A column that is shown or hidden is no column taken by its edge.
        if self._is_fitting and 0 not in (before, after):
            self._is_fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the columns fill the list (Qt's hook)."""
        super().resizeEvent(event)
        if self._is_fitting:
            self._fit_columns()

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
