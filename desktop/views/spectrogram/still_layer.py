"""What stays the same from frame to frame: drawn once, and kept as pixels for the screen."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEngine, QPainter, QPixmap


class StillLayer:
    """Keeps the pixels of what was drawn last; where others are wanted it is drawn anew.

    A picture that is saved as lines and letters, or finer than the screen, gets no pixels.
    """

    def __init__(self) -> None:
        self._pixels = QPixmap()
        self._of: Hashable = None

    def draw(
        self,
        painter: QPainter,
        size: QSize,
        *,
        ratio: float,
        without: QRectF,
        of: Hashable,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Draw the layer into a view.

        Parameters
        ----------
        painter : QPainter
            Of the view, its origin at the upper left corner.
        size : QSize
            Of the view; the layer covers all of it.
        ratio : float
            Pixels of the screen in a pixel of the view.
        without : QRectF
            What is drawn over anyway: kept pixels leave it out.
        of : hashable
            All that the picture depends on.
        paint : callable
            Draws it.
        """
        if not is_screen(painter, ratio):
            paint(painter)
            return
        if (of, size, ratio) != self._of:
            self._of = (of, size, ratio)
            self._pixels = QPixmap(size * ratio)
            self._pixels.setDevicePixelRatio(ratio)
            own = QPainter(self._pixels)
            paint(own)
            own.end()
        for part in _around(without, size):
            source = QRectF(part.topLeft() * ratio, part.size() * ratio)
            painter.drawPixmap(part, self._pixels, source)


def _around(inner: QRectF, size: QSize) -> tuple[QRectF, ...]:
    """Return what `inner` leaves of a view: above, below, at the left and at the right."""
    width, height, middle = float(size.width()), float(size.height()), inner.height()
    return (
        QRectF(0.0, 0.0, width, inner.top()),
        QRectF(0.0, inner.bottom(), width, height - inner.bottom()),
        QRectF(0.0, inner.top(), inner.left(), middle),
        QRectF(inner.right(), inner.top(), width - inner.right(), middle),
    )


def is_screen(painter: QPainter, ratio: float) -> bool:
    """Return whether a painter draws pixels, `ratio` of them for one of the view."""
    return (
        painter.paintEngine().type() is QPaintEngine.Type.Raster
        and painter.deviceTransform().m11() == ratio
    )
