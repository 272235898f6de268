"""Rows of which one is picked, by mouse or keyboard: the class whose evidence is wanted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from timbrescope.desktop.views.answers.bar_rows import BARS, NONE_OF_THEM, ROWS, RowPlaces


class PickedClass(QWidget):
    """Knows which row is picked and which lies under the pointer; whoever inherits draws them."""

    class_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: int | None = None
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def chosen(self) -> int | None:
        """Class picked for its evidence, None for the best."""
        return self._chosen

    @property
    def _places(self) -> RowPlaces:
        return RowPlaces(self.width(), self.height())

    def choose(self, index: int | None) -> None:
        """Pick the class whose evidence is wanted; picking it again picks none."""
        if index == NONE_OF_THEM:
            return
        wanted = None if index == self._chosen else index
        if wanted != self._chosen:
            self._chosen = wanted
            self.update()
            self.class_chosen.emit(wanted)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the class under the pointer (Qt's hook)."""
        row = self._places.row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row is not None:
            self.choose(BARS[row])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Highlight the row under the pointer (Qt's hook)."""
        row = self._places.row_at(event.position().y())
        self._hover(None if row is None else BARS[row])

    def leaveEvent(self, event: object) -> None:  # noqa: ARG002, N802
        """Highlight no row (Qt's hook)."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the pick with the arrow keys, drop it with Escape (Qt's hook)."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            row = ROWS.index(self._chosen) + step if self._chosen is not None else 0
            self.choose(ROWS[row % len(ROWS)])
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(self._chosen)
        else:
            super().keyPressEvent(event)
