"""One window of sound with the evidence on it, as pixels."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.drawing.colour_maps import LEVELS, bivariate_table, evidence_rows
from timbrescope.models.frontend import DYNAMIC_RANGE_DB


def window_pixels(
    levels_db: NDArray[np.float32], evidence: NDArray[np.float32] | None, *, dark: bool
) -> NDArray[np.uint32]:
    """Return the colours of a window, one pixel a cell, the highest band first.

    Parameters
    ----------
    levels_db : ndarray, shape (bands, frames)
        Lowest band first. The loudest cell is the brightest; what lies `DYNAMIC_RANGE_DB` below it
        has the colour of silence.
    evidence : ndarray, shape (bands, frames of its own), or None
        From `desktop.engine.strength.drawn`; frames that the window lacks are left out.
    dark : bool
        Whether silence is dark.

    Returns
    -------
    ndarray, shape (bands, frames), uint32
        ``0xffRRGGBB``.
    """
    shown = np.zeros(levels_db.shape, np.float32)
    if evidence is not None:
        frames = min(levels_db.shape[1], evidence.shape[1])
        shown[:, :frames] = evidence[:, :frames]
    below_loudest = (levels_db - levels_db.max()) / DYNAMIC_RANGE_DB
    brightness = np.rint((below_loudest + 1.0) * (LEVELS - 1)).astype(np.intp)
    table = bivariate_table(dark=dark)
    cells: NDArray[np.uint32] = table[evidence_rows(shown), np.clip(brightness, 0, LEVELS - 1)]
    return cells[::-1]
