"""What a hand does on the picture: pointing, picking, dragging, scrolling, zooming."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QMoveEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from timbrescope.desktop.views.spectrogram.plot_area import PlotArea

_ZOOM_A_STEP = 1.25


class PictureOverTime(QWidget):
    """Tells what is wanted of the picture, in seconds of stream or file; it changes nothing.

    Whoever inherits says where the picture lies (`area`) and what its zero stands for (`origin_s`).
    """

    scrolled = Signal(float)
    zoomed = Signal(float, float)
    dragged = Signal(float)
    second_picked = Signal(float)
    # The picture lies elsewhere: the view has another size or type.
    placed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pointer: QPointF | None = None
        self._pressed_x, self._was_dragged = 0.0, False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def area(self) -> PlotArea:
        """Where the picture lies, in pixels of this view."""
        raise NotImplementedError

    @property
    def origin_s(self) -> float:
        """The second of stream or file that the picture's zero stands for."""
        raise NotImplementedError

    @property
    def span_s(self) -> tuple[float, float]:
        """The seconds on view, of the stream or file."""
        area = self.area
        return area.start_s + self.origin_s, area.end_s + self.origin_s

    @property
    def picture_edges(self) -> tuple[float, float]:
        """Where the picture begins and ends, in pixels of this view."""
        box = self.area.box
        return box.left(), box.right()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell that the picture lies elsewhere (Qt's hook)."""
        super().resizeEvent(event)
        self.placed.emit()

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802
        """Tell that the picture lies elsewhere (Qt's hook)."""
        super().moveEvent(event)
        self.placed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ask for another part of the past, or for more or less of it (Qt's hook)."""
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            second = self.area.second(event.position().x()) + self.origin_s
            self.zoomed.emit(_ZOOM_A_STEP**-steps, second)
        else:
            self.scrolled.emit(steps)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Remember where a drag may begin (Qt's hook)."""
        self._pressed_x, self._was_dragged = event.position().x(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the second under the pointer (Qt's hook)."""
        place = event.position()
        self._point(place)
        is_click = event.button() == Qt.MouseButton.LeftButton and not self._was_dragged
        if is_click and self.area.box.contains(place):
            self.second_picked.emit(self.area.second(place.x()) + self.origin_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the pointer with the crosshair, and a drag with the picture (Qt's hook)."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event.position().x())
        self._point(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the crosshair away (Qt's hook)."""
        super().leaveEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Scroll with the arrows, look nearer with + and further with − (Qt's hook)."""
        start_s, end_s = self.span_s
        steps = {Qt.Key.Key_Left: 1.0, Qt.Key.Key_Right: -1.0}.get(Qt.Key(event.key()))
        factor = {Qt.Key.Key_Plus: 0.5, Qt.Key.Key_Minus: 2.0}.get(Qt.Key(event.key()))
        if steps is not None:
            self.scrolled.emit(steps)
        elif factor is not None:
            self.zoomed.emit(factor, (start_s + end_s) / 2)
        else:
            super().keyPressEvent(event)

    def _drag(self, x: float) -> None:
        way = x - self._pressed_x
        if self._was_dragged or abs(way) >= QApplication.startDragDistance():
            self._pressed_x, self._was_dragged = x, True
            self.dragged.emit(way / self.area.pixels_per_s)

    def _point(self, place: QPointF | None) -> None:
        self.pointer = place
        self.update()
