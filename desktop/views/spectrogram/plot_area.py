"""Where the picture lies in its view, and which second and band lie where in it."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from timbrescope.models.frontend import MEL_BANDS


@dataclass(frozen=True)
class PlotArea:
    """Seconds from left to right, bands from the bottom to the top.

    Attributes
    ----------
    box : QRectF
        The picture, in pixels of its view.
    start_s, end_s : float
        Seconds at its left and right edge.
    """

    box: QRectF
    start_s: float
    end_s: float

    @cached_property
    def pixels_per_s(self) -> float:
        """Return the width of a second."""
        return max(1.0, self.box.width()) / max(1e-6, self.end_s - self.start_s)

    @cached_property
    def pixels_per_band(self) -> float:
        """Return the height of a mel band."""
        return max(1.0, self.box.height()) / MEL_BANDS

    def x(self, second: float) -> float:
        """Return where a second lies."""
        return self.box.left() + (second - self.start_s) * self.pixels_per_s

    def y(self, band: float) -> float:
        """Return where a height in bands lies."""
        return self.box.bottom() - band * self.pixels_per_band

    def second(self, x: float) -> float:
        """Return the second at a place."""
        return self.start_s + (x - self.box.left()) / self.pixels_per_s

    def band(self, y: float) -> float:
        """Return the height in bands at a place."""
        return (self.box.bottom() - y) / self.pixels_per_band
