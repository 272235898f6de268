"""The list of models."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from timbrescope.desktop.engine.model_choices import ModelChoice
from timbrescope.desktop.views.answers.figure_delegate import FIGURE_ROLE, FigureDelegate
from timbrescope.desktop.views.frame.shortcuts import Shortcut
from timbrescope.desktop.views.style.combo import Combo
from timbrescope.desktop.views.words.catalogue import mark, tr, translated
from timbrescope.models.catalogue import is_own

OPEN_TITLE = mark("Open a model file…")
_OPEN_TIP = mark("A model of your own: an .onnx file with its sidecar (.json) beside it")
_OPEN = "open"
_LEAST_CHARACTERS = 9
_SHORT_ROLE = Qt.ItemDataRole.UserRole + 2


class ModelPicker(Combo):
    """Reports which model the user picks; what is shown as picked is told to it.

    Parameters
    ----------
    choices : sequence of ModelChoice
    parent : QWidget, optional
    """

    model_chosen = Signal(str)
    open_requested = Signal()

    def __init__(self, choices: Sequence[ModelChoice], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Model"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_CHARACTERS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setItemDelegate(FigureDelegate(self))
        self.activated.connect(self._on_activated)
        self.currentIndexChanged.connect(lambda _row: self._tell_model())
        self._shown = choices[0].reference if choices else ""
        self.show_choices(choices)

    @property
    def titles(self) -> tuple[str, ...]:
        """The entries, separators left out."""
        texts = (self.itemText(row) for row in range(self.count()))
        return tuple(text for text in texts if text)

    @property
    def figures(self) -> dict[str, str]:
        """The figure that stands beside each title; titles without one are left out."""
        rows = range(self.count())
        shown = {self.itemText(row): self.itemData(row, FIGURE_ROLE) or "" for row in rows}
        return {title: figure for title, figure in shown.items() if figure}

    def wordings(self) -> Sequence[str]:
        """Return title and figure, the title alone, and its short form."""
        title, row = self.currentText(), self.currentIndex()
        figure = self.itemData(row, FIGURE_ROLE)
        full = f"{title} · {figure}" if figure else title
        return (full, title, self.itemData(row, _SHORT_ROLE) or title)

    def show_choices(self, choices: Sequence[ModelChoice]) -> None:
        """List the models; those that cannot be chosen stand there with the reason."""
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                if is_own(choice.reference):
                    self.insertSeparator(self.count())
                self._add(choice)
            self.insertSeparator(self.count())
            self.addItem(tr(OPEN_TITLE), _OPEN)
            self.setItemData(self.count() - 1, tr(_OPEN_TIP), Qt.ItemDataRole.ToolTipRole)
        # The list may be wider than the box, so that no title is cut.
        height = self.fontMetrics().height()
        widest = self.view().sizeHintForColumn(0)
        self.view().setMinimumWidth(widest + 2 * height)
        self.setMaximumWidth(widest + 4 * height)
        self.show_model(self._shown)
        self._tell_model()

    def _add(self, choice: ModelChoice) -> None:
        # Greyed out by some styles only, so it is said in words too.
        title = tr(choice.title)
        words = title if choice.is_available else tr("{model} (not available)", model=title)
        self.addItem(words, choice.reference)
        row = self.count() - 1
        tip = choice.problem or translated(choice.details) or title
        self.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        self.setItemData(row, translated(choice.figure), FIGURE_ROLE)
        self.setItemData(row, tr(choice.short_title), _SHORT_ROLE)
        model = self.model()
        if not choice.is_available and isinstance(model, QStandardItemModel):
            model.item(row).setEnabled(False)

    def show_model(self, reference: str) -> None:
        """Select the model in use."""
        self._shown = reference
        row = self.findData(reference)
        if row != self.currentIndex():
            self.setCurrentIndex(row)

    def _on_activated(self, row: int) -> None:
        data = self.itemData(row)
        # What is picked is shown once it answers: it may be refused.
        self.show_model(self._shown)
        if data == _OPEN:
            self.open_requested.emit()
        elif data is not None:
            self.model_chosen.emit(data)

    def _tell_model(self) -> None:
        details = self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole) or ""
        self.setToolTip(f"{details}\n{Shortcut.MODEL.purpose} (M)".strip())
