"""Dynamics: compressors, limiters and gates, and inputs that are driven too hard."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import amplitude, at_peak, is_silent, log_uniform, peak_of

# Levels are followed in blocks of 3 ms: faster attacks are clipping, which has its own function.
BLOCK_SAMPLES = 64
QUIETEST = 1e-6
KINDS = ("compressor", "limiter", "soft clipping", "hard clipping", "gate")
SHARES = (0.42, 0.16, 0.2, 0.12, 0.1)


def processed(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` through one of the processors of `KINDS`; the peak stays."""
    if is_silent(window):
        return np.zeros_like(window)
    kind = KINDS[rng.choice(len(KINDS), p=SHARES)]
    if kind == "gate":
        return gated(
            window,
            threshold_db=float(rng.uniform(-55, -35)),
            floor_db=float(rng.uniform(-60, -12)),
            release_s=log_uniform(0.03, 0.3, rng=rng),
        )
    if kind == "soft clipping":
        bias = float(rng.uniform(-0.3, 0.3))
        return driven(window, drive_db=float(rng.uniform(0, 15)), bias=bias)
    if kind == "hard clipping":
        return clipped(window, drive_db=float(rng.uniform(1, 12)))
    limiting = kind == "limiter"
    return compressed(
        window,
        threshold_db=float(rng.uniform(-18, -4) if limiting else rng.uniform(-35, -8)),
        ratio=20.0 if limiting else log_uniform(1.5, 8, rng=rng),
        attack_s=0.003 if limiting else log_uniform(0.003, 0.1, rng=rng),
        release_s=log_uniform(0.03, 1.0, rng=rng),
    )


def compressed(
    window: Samples, *, threshold_db: float, ratio: float, attack_s: float, release_s: float
) -> Samples:
    """Return `window` with less difference between loud and soft; the peak stays.

    Parameters
    ----------
    window : ndarray
    threshold_db : float
        Level relative to the peak of `window` above which `ratio` decibels become one.
    ratio : float
    attack_s, release_s : float
        Time constants of the level rising and falling.
    """
    level_db = _level_db(window, attack_s=attack_s, release_s=release_s)
    gain_db = np.maximum(level_db - threshold_db, 0) * (1 / ratio - 1)
    return _with_gain(window, gain_db)


def gated(window: Samples, *, threshold_db: float, floor_db: float, release_s: float) -> Samples:
    """Return `window` turned down by `floor_db` where it is below a level relative to its peak."""
    level_db = _level_db(window, attack_s=0.001, release_s=release_s)
    gain_db = np.maximum(np.minimum(level_db - threshold_db, 0) * 3, floor_db)
    return _with_gain(window, gain_db)


def _level_db(window: Samples, *, attack_s: float, release_s: float) -> NDArray[np.float64]:
    """Return the followed level of every block, in dB relative to the peak of `window`."""
    whole = np.zeros(-(-window.size // BLOCK_SAMPLES) * BLOCK_SAMPLES, dtype=np.float32)
    np.abs(window, out=whole[: window.size])
    peaks = whole.reshape(-1, BLOCK_SAMPLES).max(axis=1)
    block_s = BLOCK_SAMPLES / SAMPLE_RATE_HZ
    rise, fall = (1 - float(np.exp(-block_s / time_s)) for time_s in (attack_s, release_s))
    followed, level = [], float(peaks[0])
    for peak in peaks.tolist():
        level += (peak - level) * (rise if peak > level else fall)
        followed.append(level)
    relative = np.array(followed) / peak_of(window)
    return 20 * np.log10(np.maximum(relative, QUIETEST))


def _with_gain(window: Samples, gain_db: NDArray[np.float64]) -> Samples:
    """Return `window` with a gain for every block, gliding from each to the next; peak kept."""
    centres = (np.arange(gain_db.size) + 0.5) * BLOCK_SAMPLES
    gain = np.interp(np.arange(window.size), centres, 10 ** (gain_db / 20))
    return at_peak(window * gain.astype(np.float32), peak=peak_of(window))


def driven(window: Samples, *, drive_db: float, bias: float = 0.0) -> Samples:
    """Return `window` bent softly by an input that is driven too hard; the peak stays.

    Parameters
    ----------
    window : ndarray
    drive_db : float
        Level of the peak over where the bending is strong.
    bias : float
        Where between the two ends of the input silence lies; beside 0, both bend differently.
    """
    peak = peak_of(window)
    gain = np.float32(amplitude(drive_db) / max(peak, QUIETEST * QUIETEST))
    bent = np.tanh(window * gain + np.float32(bias))
    bent -= np.tanh(np.float32(bias))
    return at_peak(bent, peak=peak)


def clipped(window: Samples, *, drive_db: float) -> Samples:
    """Return `window` cut off `drive_db` below its peak; the peak stays."""
    peak = peak_of(window)
    limit = np.float32(peak * amplitude(-drive_db))
    return at_peak(np.clip(window, -limit, limit), peak=peak)
