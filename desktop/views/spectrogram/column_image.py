"""The picture of the spectrogram: codes to colours through one table, drawn smoothly."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from timbrescope.desktop.drawing.colour_maps import LEVELS, rows_of_codes
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea


class ColumnImage:
    """Columns at their place in seconds (x) and bands (y)."""

    def __init__(self) -> None:
        self._pixels = np.zeros((1, 1), np.uint32)
        self._first_column = 0

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
        self._first_column = first_column
        if evidence is None:
            self._pixels = table[0][levels]
        else:
            self._pixels = table.ravel()[rows_of_codes(evidence) * LEVELS + levels]

    @property
    def pixels(self) -> NDArray[np.uint32]:
        """The colours shown, shape (128, n), lowest band first."""
        return self._pixels

    @property
    def span_s(self) -> tuple[float, float]:
        """The seconds between which the columns lie."""
        first_s = (self._first_column - 0.5) * COLUMN_S
        return first_s, first_s + self._pixels.shape[1] * COLUMN_S

    def draw(self, painter: QPainter, area: PlotArea) -> None:
        """Draw the columns at their place."""
        bands, count = self._pixels.shape
        image = QImage(
            self._pixels.data, count, bands, self._pixels.strides[0], QImage.Format.Format_RGB32
        )
        start_s, end_s = self.span_s
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Row 0 is the lowest band, and Qt's first row is the uppermost.
        painter.translate(QPointF(area.x(start_s), area.box.bottom()))
        painter.scale(area.pixels_per_s, -area.pixels_per_band)
        painter.drawImage(QRectF(0.0, 0.0, end_s - start_s, float(bands)), image)
        painter.restore()
