"""The list of models."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.views.combo import Combo
from desktop.views.shortcuts import Shortcut
from models.frontend import FeatureKind

MODEL_TITLES: Mapping[FeatureKind, str] = {"mel": "Mel spectrogram CNN", "mfcc": "MFCC CNN"}


class ModelPicker(Combo):
    """Reports which kind of model the user picks; what is shown as picked is told to it.

    Parameters
    ----------
    details : mapping of str to str
        Tooltip for each model kind.
    parent : QWidget, optional
    """

    model_chosen = Signal(str)

    def __init__(
        self, details: Mapping[FeatureKind, str], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Model")
        for row, (kind, title) in enumerate(MODEL_TITLES.items()):
            self.addItem(title, kind)
            self.setItemData(row, details.get(kind, title), Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(lambda row: self.model_chosen.emit(self.itemData(row)))
        self.currentIndexChanged.connect(lambda _row: self._tell_model())
        self._tell_model()

    def show_model(self, kind: str) -> None:
        """Select the model in use."""
        row = self.findData(kind)
        if row != self.currentIndex():
            self.setCurrentIndex(row)

    def _tell_model(self) -> None:
        details = self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self.setToolTip(f"{details}\n{Shortcut.MODEL.purpose} (M)")
