"""A table whose columns are chosen, sorted by and arranged by the user, and fill it until then."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QAbstractItemModel, QByteArray, QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from timbrescope.desktop.views.files.columns import COLUMNS, FILE
from timbrescope.desktop.views.style.theme import base_points
from timbrescope.desktop.views.words.catalogue import tr

PIXELS_PER_POINT = 96 / 72
# Before a layout whose widths nobody chose: they follow the width of the table.
_FITTED = b"fitted:"
# Names and answers stay legible: so much of the width they would like they have at least.
_LEAST_SHARE = 0.45
# Beside the words of a cell: a disc of colour and margins, in heights of the type.
_AROUND_WORDS_LINES = 2.2


class ColumnedTable(QTableView):
    """Shows `COLUMNS` of a model."""

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._is_fitting = True
        self._build_header()

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
        em = base_points() * PIXELS_PER_POINT
        wanted = {number: COLUMNS[number].width_em * em for number in shown}
        widths = {number: self._least_width(number) for number in shown}
        for number in shown:
            if COLUMNS[number].is_figure:
                widths[number] = max(widths[number], wanted[number])
        # Names and answers share what the figures leave; who needs more than its share has it.
        free = [number for number in shown if not COLUMNS[number].is_figure]
        for number in sorted(free, key=lambda each: wanted[each] / widths[each]):
            room = self.viewport().width() - sum(widths[n] for n in shown if n not in free)
            share = room / sum(wanted[n] for n in free)
            widths[number] = max(widths[number], wanted[number] * max(_LEAST_SHARE, share))
            free.remove(number)
        self._is_fitting = False
        for number, width in widths.items():
            self.setColumnWidth(number, math.floor(width))
        self._is_fitting = True

    def _least_width(self, number: int) -> float:
        """Return what a column's title takes with the mark of sorting, and what it never cuts."""
        metrics = QFontMetricsF(self.font())
        words = max(map(metrics.horizontalAdvance, COLUMNS[number].never_cut()), default=0.0)
        title = self.horizontalHeader().sectionSizeHint(number)
        return max(title, words + _AROUND_WORDS_LINES * metrics.height() if words else 0.0)

    def _on_section_resized(self, number: int, before: int, after: int) -> None:  # noqa: ARG002
        # A column that is shown or hidden is no column taken by its edge.
        if self._is_fitting and 0 not in (before, after):
            self._is_fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the columns fill the list (Qt's hook)."""
        super().resizeEvent(event)
        if self._is_fitting:
            self._fit_columns()
