"""The picture of the spectrogram: codes to colours through one table, drawn smoothly."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from timbrescope.desktop.drawing.colour_maps import LEVELS, rows_of_codes
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.spectrogram.scaled_picture import ScaledPicture, columns_image
from timbrescope.desktop.views.spectrogram.still_layer import is_screen


class ColumnImage:
    """Columns at their place in seconds (x) and bands (y)."""

    def __init__(self) -> None:
        self._pixels = np.zeros((1, 1), np.uint32)
        self._first_column = 0
        self._scaled = ScaledPicture()

    def kept(self, first_column: int, count: int) -> int:
        """Return how many of `count` columns from `first_column` on are shown already.

        They are the oldest ones; a picture that scrolls lacks only the newest.
        """
        shift = first_column - self._first_column
        shown = self._pixels.shape[1]
        return shown - shift if shift >= 0 and shown == count and shift < shown else 0

    def scroll(
        self,
        levels: NDArray[np.uint8],
        evidence: NDArray[np.int8] | None,
        *,
        first_column: int,
        table: NDArray[np.uint32],
    ) -> None:
        """Move to `first_column` and add columns at the end; see `show_columns`."""
        count = self._pixels.shape[1]
        old = self._pixels[:, first_column - self._first_column :]
        self._first_column = first_column
        if levels.shape[1]:
            added = _coloured(levels, evidence, table)
            self._pixels = np.concatenate([old, added], axis=1)
            self._scaled.drop_from(first_column + old.shape[1])
        assert self._pixels.shape[1] == count

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
        before, self._pixels = self._pixels, _coloured(levels, evidence, table)
        same = _same(before, self._pixels, shift=first_column - self._first_column)
        self._first_column = first_column
        self._scaled.drop_from(first_column + same)

    @property
    def pixels(self) -> NDArray[np.uint32]:
        """The colours shown, shape (128, n), lowest band first."""
        return self._pixels

    @property
    def span_s(self) -> tuple[float, float]:
        """The seconds between which the columns lie."""
        first_s = (self._first_column - 0.5) * COLUMN_S
        return first_s, first_s + self._pixels.shape[1] * COLUMN_S

    def draw(self, painter: QPainter, area: PlotArea, *, ratio: float) -> None:
        """Draw the columns at their place.

        On a screen with `ratio` pixels in one of the view, to a whole pixel of it; elsewhere as
        finely as it can be.
        """
        if is_screen(painter, ratio):
            self._scaled.draw(
                painter, area, self._pixels, first_column=self._first_column, ratio=ratio
            )
            return
        bands = self._pixels.shape[0]
        start_s, end_s = self.span_s
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # Row 0 is the lowest band, and Qt's first row is the uppermost.
        painter.translate(QPointF(area.x(start_s), area.box.bottom()))
        painter.scale(area.pixels_per_s, -area.pixels_per_band)
        target = QRectF(0.0, 0.0, end_s - start_s, float(bands))
        painter.drawImage(target, columns_image(self._pixels))
        painter.restore()


def _same(before: NDArray[np.uint32], now: NDArray[np.uint32], *, shift: int) -> int:
    """Return how many columns are those of a picture that began `shift` columns earlier."""
    if shift < 0:
        return 0
    count = min(before.shape[1] - shift, now.shape[1])
    if count <= 0 or len(before) != len(now):
        return 0
    changed = (before[:, shift : shift + count] != now[:, :count]).any(axis=0)
    return int(changed.argmax()) if changed.any() else count


def _coloured(
    levels: NDArray[np.uint8], evidence: NDArray[np.int8] | None, table: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    rows = 0 if evidence is None else rows_of_codes(evidence)
    colours: NDArray[np.uint32] = table.ravel()[rows * LEVELS + levels.astype(np.intp)]
    return colours
