"""Whether a faint file holds a sound or the noise of a quiet room, whatever its gain.

Files of floats may be recorded at any level, and some gains are simply set low. What tells an
instrument from a room is not the level: its spectrum has lines that stand out, or its level rises
and falls. The noise of rooms and converters has neither, apart from mains hum, which is not
looked at.
"""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.level import rms_dbfs

# A faint file is listened to as if its loudest window had this level.
TARGET_DBFS = -25.0
# Less than this holds nothing that a converter of 24 bits has heard.
FAINTEST_DBFS = -110.0
_FFT = 4_096
# Below this, mains hum and rumble stand out of any room's noise.
_LOWEST_HZ = 350.0
_HIGHEST_HZ = 8_000.0
# A line is compared with the median over so many neighbours, about 170 Hz.
_NEIGHBOURS = 33
_LINE_DB = 12.0
_FRAME = 1_024
_RISE_DB = 9.0


def line_db(samples: NDArray[np.float32]) -> float:
    """Return by how much the strongest line of the mean spectrum exceeds its surroundings."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FFT)[:: _FFT // 2]
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(_FFT), axis=1))).mean(axis=0)
    level = 10 * np.log10(power + 1e-30)
    around = np.median(np.lib.stride_tricks.sliding_window_view(level, _NEIGHBOURS), axis=1)
    half = _NEIGHBOURS // 2
    first, last = (round(hz * _FFT / SAMPLE_RATE_HZ) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    above = level[half : half + len(around)] - around
    return float(above[first - half : last - half].max())


def rise_db(samples: NDArray[np.float32]) -> float:
    """Return by how much the loudest 50 ms exceed the median of all, between the two limits."""
    whole = len(samples) // _FRAME * _FRAME
    frames = samples[:whole].reshape(-1, _FRAME) * np.hanning(_FRAME)
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    first, last = (round(hz * _FRAME / SAMPLE_RATE_HZ) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    level = 10 * np.log10(power[:, first:last].mean(axis=1) + 1e-30)
    return float(level.max() - np.median(level))


def is_sound(samples: NDArray[np.float32]) -> bool:
    """Return whether a window (66150,) holds more than the noise of a room or a converter."""
    return line_db(samples) > _LINE_DB or rise_db(samples) > _RISE_DB


class FaintSound:
    """Watches the windows of a file for sound below the level from which on windows count."""

    def __init__(self, *, quiet_dbfs: float) -> None:
        self._quiet_dbfs = quiet_dbfs
        self._loudest_dbfs = -np.inf
        self._sounds = False

    def hear(self, samples: NDArray[np.float32]) -> None:
        """Take the next window, shape (66150,)."""
        level_dbfs = rms_dbfs(samples)
        self._loudest_dbfs = max(self._loudest_dbfs, level_dbfs)
        if FAINTEST_DBFS < level_dbfs < self._quiet_dbfs and not self._sounds:
            self._sounds = is_sound(samples)

    @property
    def gain_db(self) -> float:
        """By how much the file is to be raised to be heard; 0 if it is loud enough, or no sound."""
        if self._loudest_dbfs >= self._quiet_dbfs or not self._sounds:
            return 0.0
        return TARGET_DBFS - self._loudest_dbfs
