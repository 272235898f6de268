"""What stands above the table of files: search, filter, export, progress, stop and clear."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from timbrescope.desktop.export.formats import FORMATS, Format
from timbrescope.desktop.views.files.file_filter import FileFilter
from timbrescope.desktop.views.files.file_rows import (
    ERRORS,
    NONE_OF_THEM,
    NOT_SURE,
    QUIET,
    STOPPED,
    WAITING,
    Tally,
)
from timbrescope.desktop.views.files.remaining import Remaining, remaining_words
from timbrescope.desktop.views.style.combo import Combo
from timbrescope.desktop.views.style.percent_box import PercentBox
from timbrescope.desktop.views.words.catalogue import mark, tr, trn
from timbrescope.models.instruments import NAMES

_ALL, _BELOW, _MIXED = mark("All files"), mark("Below …"), mark("Several instruments")
_FIRST_BELOW_PERCENT = 70
_GROUPS = (ERRORS, NOT_SURE, NONE_OF_THEM, QUIET, WAITING, STOPPED)


class FilterCombo(Combo):
    """Offers the groups that there are, with their numbers, each time it is opened."""

    about_to_open = Signal()

    def showPopup(self) -> None:  # noqa: N802
        """Fill the list, then show it (Qt's hook)."""
        self.about_to_open.emit()
        super().showPopup()


class FilesBar(QWidget):
    """Reports what the user wants of the list; it changes nothing by itself."""

    filter_changed = Signal(FileFilter)
    export_requested = Signal(Format)
    stop_requested = Signal()
    resume_requested = Signal()
    clear_requested = Signal()
    undo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tally = Tally()
        self._remaining = Remaining()
        self.search = self._make_search()
        self._filter = self._make_filter()
        self._below = self._make_below()
        self._export = self._make_export()
        self._stop = QPushButton(tr("Stop"))
        self._clear = QPushButton(tr("Clear"))
        self._words = QLabel()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Files analysed"))
        self._may_undo = False
        self._stop.clicked.connect(self._on_stop)
        self._clear.clicked.connect(self._on_clear)
        self._lay_out()

    # -- making ---------------------------------------------------------------------------

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setPlaceholderText(tr("Search (Ctrl+F)"))
        search.setAccessibleName(tr("Search names, folders and answers"))
        search.setClearButtonEnabled(True)
        # Files dropped here would become text; the window takes them.
        search.setAcceptDrops(False)
        search.textChanged.connect(self._tell_filter)
        return search

    def _make_filter(self) -> FilterCombo:
        combo = FilterCombo()
        combo.setAccessibleName(tr("Which files are shown"))
        combo.addItem(tr(_ALL), "")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(13)
        combo.about_to_open.connect(self._fill_filter)
        combo.activated.connect(lambda _: self._tell_filter())
        return combo

    def _make_below(self) -> PercentBox:
        name = tr("Probability below which files are shown")
        below = PercentBox(name, value=_FIRST_BELOW_PERCENT, most=100)
        below.valueChanged.connect(lambda _: self._tell_filter())
        below.hide()
        return below

    def _make_export(self) -> QToolButton:
        button = QToolButton()
        button.setText(tr("Export"))
        button.setToolTip(tr("Write the files shown, or those selected, for other programs"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for each in FORMATS:
            menu.addAction(tr(each.title)).triggered.connect(
                lambda _=False, each=each: self.export_requested.emit(each)
            )
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.search, 1)
        row.addWidget(self._filter)
        row.addWidget(self._below)
        state = QHBoxLayout()
        state.setContentsMargins(2, 0, 0, 0)
        # Many words give way before they widen the list.
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        state.addWidget(self._words, 1)
        for widget in (self._export, self._stop, self._clear):
            state.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(state)
        column.addWidget(self._progress)

    # -- showing --------------------------------------------------------------------------

    def show_tally(self, tally: Tally, *, shown: int) -> None:
        """Tell how far the work is; `shown` rows are in the table now."""
        self._tally = tally
        self._remaining.follow(tally.unfinished)
        self._words.setText(self._summary(tally, shown))
        self._words.setToolTip(self._words.text())
        self._progress.setVisible(tally.unfinished > 0)
        self._progress.setRange(0, max(1, tally.total))
        self._progress.setValue(tally.total - tally.unfinished)
        resumes = tally.unfinished == 0 and tally.stopped > 0
        self._stop.setText(tr("Resume") if resumes else tr("Stop"))
        self._stop.setEnabled(tally.unfinished > 0 or resumes)
        self._export.setEnabled(tally.total > tally.unfinished)
        self._show_clear()

    def offer_undo(self, offered: bool) -> None:
        """Tell whether the list that was cleared last can be had again."""
        self._may_undo = offered
        self._show_clear()

    def _show_clear(self) -> None:
        undoes = self._may_undo and self._tally.total == 0
        self._clear.setText(tr("Undo clear") if undoes else tr("Clear"))
        self._clear.setEnabled(undoes or self._tally.total > 0)

    @property
    def words(self) -> str:
        """What is said about the whole list."""
        return self._words.text()

    def _summary(self, tally: Tally, shown: int) -> str:
        words = [trn("{count} file", "{count} files", tally.files)]
        if shown != tally.total:
            words.append(tr("{count} shown", count=shown))
        if tally.unfinished:
            words.append(tr("{count} to go", count=tally.unfinished))
            left = remaining_words(self._remaining.seconds(tally.unfinished))
            words += [left] if left else []
        if tally.errors:
            words.append(tr("{count} could not be read", count=tally.errors))
        if tally.stopped:
            words.append(tr("{count} stopped", count=tally.stopped))
        return " · ".join(words)

    def _fill_filter(self) -> None:
        chosen = self._filter.currentData()
        self._filter.clear()
        self._filter.addItem(tr(_ALL), "")
        for group in (*_GROUPS, *NAMES):
            if count := self._tally.groups[group]:
                self._filter.addItem(f"{tr(group)} ({count})", group)
        self._filter.addItem(tr(_BELOW), _BELOW)
        self._filter.addItem(tr(_MIXED), _MIXED)
        self._filter.setCurrentIndex(max(0, self._filter.findData(chosen)))

    # -- doing ----------------------------------------------------------------------------

    def choose_group(self, group: str) -> None:
        """Show only the files that count as `group`; all if it is empty."""
        self._fill_filter()
        self._filter.setCurrentIndex(max(0, self._filter.findData(group)))
        self._tell_filter()

    def _tell_filter(self, *_: object) -> None:
        chosen = self._filter.currentData() or ""
        self._below.setVisible(chosen == _BELOW)
        self.filter_changed.emit(
            FileFilter(
                words=self.search.text().strip(),
                group="" if chosen in (_BELOW, _MIXED) else chosen,
                below=self._below.value() / 100 if chosen == _BELOW else None,
                mixed=chosen == _MIXED,
            )
        )

    def focus_search(self) -> None:
        """Let the user type what to search for."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _on_stop(self) -> None:
        if self._tally.unfinished:
            self.stop_requested.emit()
        else:
            self.resume_requested.emit()

    def _on_clear(self) -> None:
        if self._tally.total:
            self.clear_requested.emit()
        else:
            self.undo_requested.emit()
