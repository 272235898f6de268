"""The front end: from a 3-second window to the features that models read, on NumPy and SciPy.

Kinds are the paper's log-mel and MFCC, and the flagship's log-mel magnitudes, which
`models.logmel` makes. The paper's numbers are those of librosa 0.11's
``feature.melspectrogram`` with ``power_to_db(ref=np.max)`` and of ``feature.mfcc`` with their
defaults (paper, section on features), to within 1e-4 dB; librosa itself is not needed, nor its
seconds of import time.
Training, files and the live path all call this module or `models.streaming`, which shares
its steps.
"""

import threading
from collections.abc import Iterable
from typing import Any, Literal, get_args

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from timbrescope.models import logmel
from timbrescope.models.errors import WindowError
from timbrescope.models.tables import filterbank, hann, tables

SAMPLE_RATE_HZ = 22_050
WINDOW_SAMPLES = 66_150
WINDOW_S = WINDOW_SAMPLES / SAMPLE_RATE_HZ
FFT_SAMPLES = 2_048
HALF_FFT_SAMPLES = FFT_SAMPLES // 2
HOP_SAMPLES = 512
HOP_S = HOP_SAMPLES / SAMPLE_RATE_HZ
FRAMES = 1 + WINDOW_SAMPLES // HOP_SAMPLES
MEL_BANDS = 128
MFCC_COUNT = 40
MEL_FMAX_HZ = 8_000.0
# librosa.feature.mfcc, called as the paper calls it, leaves fmax at half the sample rate.
MFCC_FMAX_HZ = SAMPLE_RATE_HZ / 2
POWER_FLOOR = 1e-10
DYNAMIC_RANGE_DB = 80.0

# Mono sound at `SAMPLE_RATE_HZ`, of any length.
Samples = NDArray[np.float32]

FeatureKind = Literal["mel", "mfcc", "logmel"]
KINDS: tuple[FeatureKind, ...] = get_args(FeatureKind)
# Those that start from the power spectrum of the paper's frames.
PAPER_KINDS: tuple[FeatureKind, ...] = ("mel", "mfcc")


def check_window(window: ArrayLike) -> NDArray[np.float32]:
    """Return `window` as float32 of shape (66150,).

    Raises
    ------
    WindowError
        If the shape differs or a sample is NaN or infinite.
    """
    samples = np.asarray(window, dtype=np.float32)
    if samples.shape != (WINDOW_SAMPLES,):
        raise WindowError(
            f"a window has shape ({WINDOW_SAMPLES},) (3 s of mono at {SAMPLE_RATE_HZ} Hz), "
            f"not {samples.shape}"
        )
    # Not finite if one sample is not, and cheap; it is looked for only then.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.dot(samples, samples)):
            return samples
    bad = np.flatnonzero(~np.isfinite(samples))
    if bad.size:
        raise WindowError(f"sample {bad[0]} of the window is {samples[bad[0]]}, not a number")
    return samples


def mel_power(
    samples: NDArray[np.floating], kinds: Iterable[FeatureKind] = PAPER_KINDS
) -> dict[FeatureKind, NDArray[np.float64]]:
    """Return the mel power of every complete frame, without padding, from one spectrum.

    Parameters
    ----------
    samples : ndarray, shape (n,), n >= 2048
    kinds : iterable of {"mel", "mfcc"}
        Whose filterbanks are applied.

    Returns
    -------
    dict
        For each kind an array of shape (128, 1 + (n - 2048) // 512).

    Notes
    -----
    The transform runs in double precision, as librosa's does: in single precision, bands
    80 dB below the loudest would be off by hundredths of a dB. It goes block by block in memory
    that is kept: fetching fresh megabytes page by page takes longer than the transform.
    """
    frames = sliding_window_view(samples, FFT_SAMPLES)[::HOP_SAMPLES]
    found = {kind: np.empty((MEL_BANDS, len(frames))) for kind in kinds}
    for start in range(0, len(frames), _BLOCK_FRAMES):
        block = slice(start, start + _BLOCK_FRAMES)
        power = _power_of_block(frames[block])
        for kind, bands in found.items():
            bands[:, block] = filterbank(kind) @ power
    return found


_BLOCK_FRAMES = 32


class _Scratch(threading.local):
    """Each thread's memory for one block of frames, kept from call to call."""

    def __init__(self) -> None:
        self.frames = np.empty((_BLOCK_FRAMES, FFT_SAMPLES))
        self.spectrum = np.empty((_BLOCK_FRAMES, FFT_SAMPLES // 2 + 1), dtype=np.complex128)
        self.power = np.empty((2, self.spectrum.size))


_scratch = _Scratch()


def _power_of_block(frames: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the power spectrum of some frames, shape (1025, n), valid until the next call."""
    count, bins = len(frames), FFT_SAMPLES // 2 + 1
    windowed = np.multiply(frames, hann(FFT_SAMPLES), out=_scratch.frames[:count])
    spectrum = np.fft.rfft(windowed, axis=-1, out=_scratch.spectrum[:count])
    parts = spectrum.view(np.float64)
    np.square(parts, out=parts)
    by_frame, by_bin = (flat[: count * bins] for flat in _scratch.power)
    summed = np.add(parts[:, ::2], parts[:, 1::2], out=by_frame.reshape(count, bins))
    # The sparse product reads rows of bins; handed a transposed view it would copy it anew.
    power = by_bin.reshape(bins, count)
    power[:] = summed.T
    return power


def centred(window: NDArray[np.floating]) -> NDArray[np.floating]:
    """Pad with half an FFT of zeros on each side (librosa's ``center=True``)."""
    return np.pad(window, HALF_FFT_SAMPLES)


def power_to_db(power: NDArray[np.float64], *, reference: float) -> NDArray[np.float32]:
    """Return 10 log10 of power over reference, clipped 80 dB below its maximum."""
    decibels = np.maximum(power, POWER_FLOOR)
    np.log10(decibels, out=decibels)
    decibels *= 10.0
    decibels -= 10.0 * np.log10(max(reference, POWER_FLOOR))
    np.maximum(decibels, decibels.max() - DYNAMIC_RANGE_DB, out=decibels)
    return decibels.astype(np.float32)


def features_of_power(power: NDArray[np.float64], *, kind: FeatureKind) -> NDArray[np.float32]:
    """Turn the mel power (128, 130) of one window into its features.

    The power has to come from ``filterbank(kind)``.
    """
    if kind == "mel":
        return power_to_db(power, reference=float(power.max()))
    decibels = power_to_db(power, reference=1.0)
    return (tables()["dct"] @ decibels).astype(np.float32)


def log_mel_of_mfcc(coefficients: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the log-mel spectrogram (128, frames) that 40 MFCCs describe, smoothed over bands."""
    return np.asarray(tables()["dct"].T @ coefficients, np.float64)


def features(window: ArrayLike, *, kind: FeatureKind) -> NDArray[np.float32]:
    """Return the features of one window, of the shape that `feature_shape` states.

    Decibels for mel, natural logarithms for logmel.

    Raises
    ------
    WindowError
        See `check_window`.
    """
    return features_of_kinds(window, (kind,))[kind]


def features_of_kinds(
    window: ArrayLike, kinds: Iterable[FeatureKind] = KINDS
) -> dict[FeatureKind, NDArray[np.float32]]:
    """Return the features of several kinds; those of the paper come from one spectrum.

    Raises
    ------
    WindowError
        See `check_window`.
    """
    checked, wanted = check_window(window), tuple(kinds)
    of_paper = [kind for kind in wanted if kind in PAPER_KINDS]
    power = mel_power(centred(checked), of_paper) if of_paper else {}
    return {
        kind: features_of_power(power[kind], kind=kind)
        if kind in power
        else logmel.log_mel_magnitudes(checked)
        for kind in wanted
    }


def log_mel(window: ArrayLike) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of one window, shape (128, 130), dB re its maximum."""
    return features(window, kind="mel")


def mfcc(window: ArrayLike) -> NDArray[np.float32]:
    """Return the 40 MFCCs of one window, shape (40, 130)."""
    return features(window, kind="mfcc")


def feature_shape(kind: FeatureKind) -> tuple[int, int]:
    """Return (rows, frames) of the features of `kind`."""
    if kind == "logmel":
        return (logmel.BANDS, logmel.FRAMES)
    return (MEL_BANDS if kind == "mel" else MFCC_COUNT, FRAMES)


def mel_band_centres_hz() -> NDArray[np.float64]:
    """Return the centre frequency of each of the 128 mel bands in Hz (Slaney scale)."""
    steps_hz, knee_hz, log_step = 200.0 / 3, 1000.0, np.log(6.4) / 27.0
    top_mel = knee_hz / steps_hz + np.log(MEL_FMAX_HZ / knee_hz) / log_step
    mels = np.linspace(0.0, top_mel, MEL_BANDS + 2)[1:-1]
    knee_mel = knee_hz / steps_hz
    above = knee_hz * np.exp(log_step * (mels - knee_mel))
    return np.where(mels < knee_mel, mels * steps_hz, above)


def settings(kind: FeatureKind) -> dict[str, Any]:
    """Return every setting of the front end for `kind`, as stored in a model's sidecar."""
    if kind == "logmel":
        return _logmel_settings()
    return {
        "kind": kind,
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "window_samples": WINDOW_SAMPLES,
        "n_fft": FFT_SAMPLES,
        "hop_length": HOP_SAMPLES,
        "window": "hann",
        "center": True,
        "pad_mode": "constant",
        "power": 2.0,
        "n_mels": MEL_BANDS,
        "fmin_hz": 0.0,
        "fmax_hz": MEL_FMAX_HZ if kind == "mel" else MFCC_FMAX_HZ,
        "mel_scale": "slaney",
        "mel_norm": "slaney",
        "db_reference": "max" if kind == "mel" else 1.0,
        "db_floor_power": POWER_FLOOR,
        "top_db": DYNAMIC_RANGE_DB,
        "n_mfcc": None if kind == "mel" else MFCC_COUNT,
        "dct": None if kind == "mel" else "type 2, orthonormal",
        "rows": feature_shape(kind)[0],
        "frames": FRAMES,
    }


def _logmel_settings() -> dict[str, Any]:
    return {
        "kind": "logmel",
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "window_samples": WINDOW_SAMPLES,
        "frame_length": logmel.FRAME_SAMPLES,
        "n_fft": logmel.FFT_SAMPLES,
        "hop_length": logmel.HOP_SAMPLES,
        "window": "hann",
        "center": False,
        "power": 1.0,
        "n_mels": logmel.BANDS,
        "fmin_hz": logmel.LOWEST_HZ,
        "fmax_hz": logmel.HIGHEST_HZ,
        "mel_scale": "htk",
        "mel_norm": None,
        "log_offset": logmel.LOG_OFFSET,
        "peak_magnitude": logmel.PEAK_MAGNITUDE,
        "least_peak_magnitude": logmel.LEAST_PEAK_MAGNITUDE,
        "rows": logmel.BANDS,
        "frames": logmel.FRAMES,
    }
