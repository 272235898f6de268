"""The picture of the spectrogram: codes to colours through one table, drawn smoothly."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from timbrescope.desktop.drawing.colour_maps import LEVELS, rows_of_codes
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S


class ColumnImage(pg.GraphicsObject):
    """Columns at their place in stream seconds (x) and bands (y).

    pyqtgraph's own image item converts every frame to a format that Qt converts again; here
    one table look-up gives the format that Qt draws.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pixels = np.zeros((1, 1), np.uint32)
        self._rect = QRectF(0.0, 0.0, 1.0, 1.0)

    def show_columns(
        self,
        levels: NDArray[np.uint8],
        evidence: NDArray[np.int8] | None,
        *,
        first_column: int,
        table: NDArray[np.uint32],
    ) -> None:
        """Show columns from `first_column` on.

        Parameters
        ----------
        levels : ndarray, shape (128, n), uint8
        evidence : ndarray, shape (128, n), int8, or None
            Codes, see `column_store`; no evidence is drawn when it is None.
        first_column : int
            Stream index of the first; column ``i`` is drawn round second ``i * 512 / 22050``.
        table : ndarray, shape (64, 256), uint32
            Colour by evidence and level.
        """
        if evidence is None:
            self._pixels = table[0][levels]
        else:
            self._pixels = table.ravel()[rows_of_codes(evidence) * LEVELS + levels]
        bands, count = levels.shape
        rect = QRectF((first_column - 0.5) * COLUMN_S, 0.0, count * COLUMN_S, float(bands))
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.update()

    @property
    def pixels(self) -> NDArray[np.uint32]:
        """The colours shown, shape (128, n), lowest band first."""
        return self._pixels

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return where the columns lie (Qt's hook)."""
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - Qt's hook
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Draw the columns (Qt's hook)."""
        bands, count = self._pixels.shape
        image = QImage(
            self._pixels.data, count, bands, self._pixels.strides[0], QImage.Format.Format_RGB32
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Row 0 is the lowest band and the view's y axis points up, so no flip is needed.
        painter.drawImage(self._rect, image)
