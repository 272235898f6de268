"""The flagship's front end: log-mel magnitudes in short frames, at one reference level.

These are the features that YAMNet was trained on (Google, 2019: log(mel + 0.001) of magnitudes,
frames of 25 ms, 64 bands from 125 to 7,500 Hz on HTK's mel scale), taken at 22,050 Hz instead of
16,000 Hz and every 11.6 ms instead of every 10 ms: so no resampling is needed, and a frame begins
every half hop of the log-mel spectrogram on screen. The frame and the spacing of its bins are
scaled so that a band sums as many bins, as strong, as in the original.

The network sees no absolute level: a window is brought to where its loudest band has the
magnitude `PEAK_MAGNITUDE`, about what a recording at full scale has.
"""

import threading
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from timbrescope.models.tables import filterbank, hann

if TYPE_CHECKING:
    from scipy.sparse import csr_array

KIND = "logmel"
FRAME_SAMPLES = 551
HOP_SAMPLES = 256
FFT_SAMPLES = 704
FRAMES = 256
BANDS = 64
LOWEST_HZ, HIGHEST_HZ = 125.0, 7_500.0
LOG_OFFSET = 1e-3
PEAK_MAGNITUDE = 40.0
# 80 dB below it: what is fainter stays fainter, so that rounding noise is not raised to sound.
LEAST_PEAK_MAGNITUDE = PEAK_MAGNITUDE * 1e-4
# A frame of the original holds 400 samples; more of them would add up to larger magnitudes.
_ORIGINAL_FRAME_SAMPLES = 400
_BLOCK_FRAMES = 64
# So many frames are transformed side by side, by one instruction each. Blocks are multiples of it,
# so that no frame is transformed in another way than the others, and to other digits.
_SIDE_BY_SIDE = 16
_SEEN_SAMPLES = (FRAMES - 1) * HOP_SAMPLES + FRAME_SAMPLES


@cache
def _window() -> NDArray[np.float32]:
    return (hann(FRAME_SAMPLES) * (_ORIGINAL_FRAME_SAMPLES / FRAME_SAMPLES)).astype(np.float32)


class _Scratch(threading.local):
    """Each thread's memory for one block of frames, zeros behind each; kept between calls."""

    def __init__(self) -> None:
        self.frames = np.zeros((_BLOCK_FRAMES, FFT_SAMPLES), np.float32)


_scratch = _Scratch()


def band_magnitudes(samples: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the mel magnitudes of every complete frame.

    In single precision: `LOG_OFFSET` hides what is fainter than the loudest by 92 dB, and its
    rounding lies 130 dB below.

    Parameters
    ----------
    samples : ndarray, shape (n,), n >= 551

    Returns
    -------
    ndarray, shape (64, 1 + (n - 551) // 256)
        Each column depends on its own frame alone, to the last digit.
    """
    # See `models.tables.filterbank`.
    from scipy.fft import rfft

    frames = sliding_window_view(samples, FRAME_SAMPLES)[::HOP_SAMPLES]
    found = np.empty((BANDS, len(frames)), np.float32)
    bins, bank = _heard_bins()
    for start in range(0, len(frames), _BLOCK_FRAMES):
        block = frames[start : start + _BLOCK_FRAMES]
        padded = _scratch.frames[: -(-len(block) // _SIDE_BY_SIDE) * _SIDE_BY_SIDE]
        np.multiply(block, _window(), out=padded[: len(block), :FRAME_SAMPLES])
        spectrum = rfft(padded)[: len(block), bins]
        found[:, start : start + len(block)] = bank @ np.abs(spectrum).T
    return found


@cache
def _heard_bins() -> "tuple[slice, csr_array]":
    """Return the bins between the lowest and the highest band, and the filterbank on them."""
    whole = filterbank(KIND).astype(np.float32)
    bins = slice(int(whole.indices.min()), int(whole.indices.max()) + 1)
    return bins, whole[:, bins]


def features_of_magnitudes(magnitudes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn the magnitudes (64, 256) of one window into its features, natural logarithms.

    Between log(0.001) = -6.9 for silence and log(40.001) = 3.7 for the loudest band.
    """
    gain = PEAK_MAGNITUDE / max(float(magnitudes.max()), LEAST_PEAK_MAGNITUDE)
    scaled: NDArray[np.float32] = magnitudes * np.float32(gain)
    scaled += np.float32(LOG_OFFSET)
    np.log(scaled, out=scaled)
    return scaled


def log_mel_magnitudes(window: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the features of a checked window, shape (64, 256).

    The last 319 samples of the 66,150 (14 ms) lie behind the last frame and are not seen.
    """
    return features_of_magnitudes(band_magnitudes(window[:_SEEN_SAMPLES]))


def band_edges_hz() -> NDArray[np.float64]:
    """Return where the bands begin, peak and end: 66 frequencies, evenly spaced in HTK's mel.

    Band ``i`` rises from the frequency ``i``, peaks at ``i + 1`` and ends at ``i + 2``.
    """
    lowest, highest = mel_of_hz(np.array([LOWEST_HZ, HIGHEST_HZ]))
    mels = np.linspace(lowest, highest, BANDS + 2)
    return 700.0 * np.expm1(mels / 1127.0)


def mel_of_hz(frequency_hz: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return frequencies on HTK's mel scale."""
    return np.asarray(1127.0 * np.log1p(np.asarray(frequency_hz) / 700.0), np.float64)
