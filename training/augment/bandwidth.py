"""Bandwidth: low sample rates, coarse steps and the faults of converters."""

import numpy as np
import soxr
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import at_peak, fitted, is_silent, peak_of, within_range

RATES_HZ = (8_000, 11_025, 12_000, 16_000, 32_000, 44_100, 48_000)
RATE_SHARES = (0.15, 0.2, 0.15, 0.3, 0.06, 0.07, 0.07)
# From the roughest, with mirrored treble, to one without audible faults.
QUALITIES = ("QQ", "LQ", "MQ", "HQ")
QUANTISED_SHARE = 0.12
# Bits and the shares of quantised windows.
STEPS = {8: 0.3, 12: 0.7}
OFFSET_SHARE = 0.1
LARGEST_OFFSET = 0.05
COMPANDED_SHARE_OF_TELEPHONE = 0.5
TELEPHONE_HZ = 8_000
MU = 255.0
MU_LAW_BITS = 8


def narrowed(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` through another sample rate and, rarely, coarse steps or an offset."""
    if is_silent(window):
        return np.zeros_like(window)
    rate_hz = int(rng.choice(RATES_HZ, p=RATE_SHARES))
    quality = QUALITIES[rng.integers(len(QUALITIES))]
    out = resampled_through(window, rate_hz=rate_hz, quality=quality)
    if rate_hz == TELEPHONE_HZ and rng.random() < COMPANDED_SHARE_OF_TELEPHONE:
        out = companded(out)
    elif rng.random() < QUANTISED_SHARE:
        bits = int(rng.choice(tuple(STEPS), p=tuple(STEPS.values())))
        out = quantised(out, bits=bits, headroom=float(rng.uniform(1, 2)))
    if rng.random() < OFFSET_SHARE:
        offset = rng.uniform(-1, 1) * LARGEST_OFFSET * peak_of(out)
        out = out + np.float32(offset)
    return within_range(out)


def resampled_through(window: Samples, *, rate_hz: int, quality: str) -> Samples:
    """Return `window` converted to another rate and back by soxr at one of its qualities."""
    there = soxr.resample(window, SAMPLE_RATE_HZ, rate_hz, quality=quality)
    back = soxr.resample(there, rate_hz, SAMPLE_RATE_HZ, quality=quality)
    return fitted(np.asarray(back, dtype=np.float32), window.size)


def quantised(window: Samples, *, bits: int, headroom: float) -> Samples:
    """Return `window` rounded to 2 to the power `bits` steps over `headroom` times its peak."""
    peak = peak_of(window)
    if peak == 0.0:
        return window
    step = np.float32(peak * headroom / 2 ** (bits - 1))
    return np.clip(np.round(window / step) * step, -1, 1) if step else window


def companded(window: Samples) -> Samples:
    """Return `window` through the 8 bits of digital telephones (ITU-T G.711, µ-law)."""
    peak = peak_of(window)
    if peak == 0.0:
        return window
    scaled = at_peak(window, peak=1.0)
    steps = np.float32(2 ** (MU_LAW_BITS - 1) - 1)
    sent = np.round(np.log1p(np.float32(MU) * np.abs(scaled)) * (steps / np.log1p(MU))) / steps
    heard = np.expm1(sent * np.float32(np.log1p(MU))) * np.float32(peak / MU)
    found: Samples = np.copysign(heard, window).astype(np.float32)
    return found
