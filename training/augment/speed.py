"""Speed: a little faster or slower, with the pitch as on a tape or without it."""

import numpy as np
import soxr
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import fitted, is_silent, within_range
from timbrescope.training.augment.splices import continued, most_alike

LARGEST_CHANGE = 0.03
SEMITONE_SHARE = 0.12
STRETCHED_SHARE = 0.25
LARGEST_STRETCH = 0.06
FRAME_SAMPLES = 2_048
HOP_SAMPLES = FRAME_SAMPLES // 2
SEARCHED_SAMPLES = 256
COMPARED_SAMPLES = 512


def paced(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` at a slightly different speed, mostly with the pitch following."""
    if is_silent(window):
        return np.zeros_like(window)
    if rng.random() < STRETCHED_SHARE:
        factor = 1 + float(rng.uniform(-1, 1)) * LARGEST_STRETCH
        return within_range(stretched(window, factor=factor))
    if rng.random() < SEMITONE_SHARE:
        factor = float(2 ** (rng.uniform(-1, 1) / 12))
    else:
        factor = 1 + float(rng.uniform(-1, 1)) * LARGEST_CHANGE
    return within_range(resampled(window, factor=factor, rng=rng))


def resampled(window: Samples, *, factor: float, rng: Generator) -> Samples:
    """Return `window` played `factor` times as fast, and so as high.

    A slower one is cropped anywhere; a faster one goes on as `continued` finds it.
    """
    rate_hz = SAMPLE_RATE_HZ * factor
    played = soxr.resample(window, rate_hz, SAMPLE_RATE_HZ, quality="MQ")
    samples = np.asarray(played, dtype=np.float32)
    spare = samples.size - window.size
    if spare >= 0:
        start = int(rng.integers(spare + 1))
        return samples[start : start + window.size]
    return continued(samples, window.size)


def stretched(window: Samples, *, factor: float) -> Samples:
    """Return `window` played `factor` times as fast at the same pitch.

    Frames overlap by half; each is taken where it goes on best from the one before (WSOLA:
    Verhelst and Roelands, 1993).
    """
    size = window.size
    if size < 2 * FRAME_SAMPLES:
        return window
    source = continued(window, max(size, int(size * factor)))
    margin = FRAME_SAMPLES + SEARCHED_SAMPLES
    source = np.pad(source, (HOP_SAMPLES + SEARCHED_SAMPLES, 2 * margin))
    fade = np.hanning(FRAME_SAMPLES + 1)[:-1].astype(np.float32)
    out = np.zeros(size + 2 * FRAME_SAMPLES, dtype=np.float32)
    taken = SEARCHED_SAMPLES
    for start in range(0, size + HOP_SAMPLES, HOP_SAMPLES):
        if start:
            first = int(start * factor)
            wanted = source[taken + HOP_SAMPLES :][:COMPARED_SAMPLES]
            region = source[first : first + 2 * SEARCHED_SAMPLES + COMPARED_SAMPLES]
            taken = first + most_alike(region, wanted)
        out[start : start + FRAME_SAMPLES] += fade * source[taken : taken + FRAME_SAMPLES]
    # The first hop was silence in front, so that the first frame had something to fade in over.
    return fitted(out[HOP_SAMPLES:], size)
