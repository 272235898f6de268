"""The partials that sound in a window: where its spectrum peaks, finer than any model's bands."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from timbrescope.models.frontend import MEL_FMAX_HZ, SAMPLE_RATE_HZ
from timbrescope.models.tables import hann

# 0.37 s: partials 11 Hz apart are told apart, and a note is seldom shorter.
FFT_SAMPLES = 8_192
HOP_SAMPLES = FFT_SAMPLES // 2
PIECE_S = FFT_SAMPLES / SAMPLE_RATE_HZ
BIN_HZ = SAMPLE_RATE_HZ / FFT_SAMPLES
_BINS = int(MEL_FMAX_HZ / BIN_HZ)
# No smaller peak within this many bins of a larger one counts: there the window's side lobes lie.
_APART_BINS = 4
# A partial stands so far out of the median of the bins round it; noise stays within 12 dB.
_STANDS_OUT_DB = 15.0
_ROUND_BINS = 64
# What is so far below the loudest is not heard beside it.
_RANGE_DB = 60.0
_LEAST_POWER = 1e-10


@dataclass(frozen=True)
class SpectralPeaks:
    """Local maxima of the short-time spectra of a window. Arrays are read-only, shape (n,).

    Attributes
    ----------
    seconds : ndarray
        Middle of the piece of the window in which it was found.
    hertz : ndarray
    level_db : ndarray
        Beside the loudest of the window, zero or less.
    """

    seconds: NDArray[np.float32]
    hertz: NDArray[np.float32]
    level_db: NDArray[np.float32]


@cache
def _hann() -> NDArray[np.float32]:
    return hann(FFT_SAMPLES).astype(np.float32)


def spectral_peaks(window: NDArray[np.floating]) -> SpectralPeaks:
    """Return the partials of a window of at least `FFT_SAMPLES` mono samples at 22.05 kHz.

    A parabola through the logarithms of a maximum and its two neighbours refines each.
    """
    # See `models.tables.filterbank`.
    from scipy.fft import rfft

    pieces = sliding_window_view(window, FFT_SAMPLES)[::HOP_SAMPLES]
    # Single precision reaches far below `_RANGE_DB`, in half the time.
    spectrum = rfft(pieces * _hann(), axis=-1)[:, : _BINS + 1]
    level_db = 10.0 * np.log10(np.square(np.abs(spectrum)) + _LEAST_POWER)
    level_db -= level_db.max()
    piece, at = np.nonzero(_stands_out(level_db))
    left, here, right = (level_db[piece, at + step] for step in (-1, 0, 1))
    bend = np.minimum(left - 2.0 * here + right, -1e-9)
    offset = np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    middle_s = (piece * HOP_SAMPLES + FFT_SAMPLES / 2) / SAMPLE_RATE_HZ
    found = [each.astype(np.float32) for each in (middle_s, (at + offset) * BIN_HZ, here)]
    for each in found:
        each.setflags(write=False)
    return SpectralPeaks(*found)


def _stands_out(level_db: NDArray[np.floating]) -> NDArray[np.bool_]:
    from scipy.ndimage import maximum_filter1d

    pieces, bins = level_db.shape
    padding = np.pad(level_db, ((0, 0), (0, -bins % _ROUND_BINS)), mode="reflect")
    usual = np.median(padding.reshape(pieces, -1, _ROUND_BINS), axis=-1)
    usual = np.repeat(usual, _ROUND_BINS, axis=1)[:, :bins]
    highest = maximum_filter1d(level_db, 2 * _APART_BINS + 1, axis=1)
    found = (level_db >= highest) & (level_db > np.maximum(usual + _STANDS_OUT_DB, -_RANGE_DB))
    # An end has no neighbour, and next to it lies what does not swing.
    found[:, [0, 1, -1]] = False
    return np.asarray(found, bool)
