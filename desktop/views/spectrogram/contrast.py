"""Which levels fill the range of colours: follows the loudest recent sound, slowly."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.views.spectrogram.column_store import CEILING_DB, CODES_PER_DB, FLOOR_DB

SPAN_DB = 65.0
# Without this, the noise of a quiet room would be spread over all colours.
LOWEST_TOP_DB = 0.0
_HEADROOM_DB = 2.0
# Up at once, so that an attack is not one white block; down slowly, so that the picture of a
# decaying note darkens with it.
# Half of the smallest step of brightness: a picture is coloured anew only when that can be seen.
_STEP_DB = SPAN_DB / 255 / 2
_RISE_S = 0.15
_FALL_S = 4.0


class AutoContrast:
    """The level shown brightest, in dB, and the table that maps codes to brightness."""

    def __init__(self) -> None:
        self.top_db = LOWEST_TOP_DB
        self._shown_db = LOWEST_TOP_DB

    def follow(self, levels: NDArray[np.uint8], *, elapsed_s: float | None) -> bool:
        """Move towards the loudest of `levels`; return whether anything changed visibly.

        Parameters
        ----------
        levels : ndarray, uint8
            The codes in view.
        elapsed_s : float or None
            Time since the last call; None jumps to the target.
        """
        loudest = float(levels.max(initial=0)) / CODES_PER_DB + FLOOR_DB + _HEADROOM_DB
        target = min(max(loudest, LOWEST_TOP_DB), CEILING_DB)
        before = self.top_db
        if elapsed_s is None:
            self.top_db = target
        else:
            time_s = _RISE_S if target > before else _FALL_S
            self.top_db += (target - before) * (1.0 - np.exp(-elapsed_s / time_s))
        if abs(self.top_db - self._shown_db) < _STEP_DB:
            return False
        self._shown_db = self.top_db
        return True

    def table(self) -> NDArray[np.intp]:
        """Return the brightness 0–255 of each of the 256 codes."""
        level_db = np.arange(256) / CODES_PER_DB + FLOOR_DB
        share = (level_db - (self._shown_db - SPAN_DB)) / SPAN_DB
        return np.rint(np.clip(share, 0.0, 1.0) * 255).astype(np.intp)
