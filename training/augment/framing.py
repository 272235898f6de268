"""Framing: when the playing begins and ends within a window, and how loud all of it arrives."""

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import amplitude, at_peak, is_silent, peak_of, rms_of
from timbrescope.training.augment.splices import continued

PAUSE_SHARE = 0.15
PAUSES = ("late start", "early stop", "gap")
PAUSE_SHARES = (0.4, 0.35, 0.25)
# A pause that takes more of the energy than the rest is left out: too little would be heard.
LEAST_LEFT_SHARE = 0.4
LONGEST_PAUSE_SHARE = 0.6
GAP_SHARE_OF_WINDOW = (0.05, 0.25)
FADE_S = (0.004, 0.06)
ROOM_TONE_SHARE = 0.5
ROOM_TONE_DB = (-80.0, -50.0)
CROP_SHARE = 0.15
LARGEST_CROP_SHARE = 0.2
PEAK_DBFS = (-36.0, -1.0)


def played_within(window: Samples, *, rng: Generator) -> Samples:
    """Return `window`, at times with a late start, an early stop or a pause, and room tone."""
    if is_silent(window):
        return np.zeros_like(window)
    out = window
    if rng.random() < CROP_SHARE:
        start = int(rng.uniform(0, LARGEST_CROP_SHARE) * window.size)
        out = continued(window[start:], window.size)
    if rng.random() < PAUSE_SHARE:
        out = paused(out, kind=PAUSES[rng.choice(len(PAUSES), p=PAUSE_SHARES)], rng=rng)
    return out


def paused(window: Samples, *, kind: str, rng: Generator) -> Samples:
    """Return `window` with a pause of a kind of `PAUSES`, unless too little would be left.

    The pause is filled with faint room tone half of the time.
    """
    size = window.size
    if kind == "gap":
        length = int(rng.uniform(*GAP_SHARE_OF_WINDOW) * size)
        start = int(rng.integers(size - length + 1))
    else:
        length = int(rng.uniform(0, LONGEST_PAUSE_SHARE) * size)
        start = 0 if kind == "late start" else size - length
    out = _muted(window, start, start + length, fade_s=float(rng.uniform(*FADE_S)))
    if rms_of(out) ** 2 < LEAST_LEFT_SHARE * rms_of(window) ** 2:
        return window
    if rng.random() < ROOM_TONE_SHARE:
        level = amplitude(float(rng.uniform(*ROOM_TONE_DB))) * peak_of(window)
        out += rng.standard_normal(size, dtype=np.float32) * np.float32(level)
        np.clip(out, -1, 1, out=out)
    return out


def _muted(window: Samples, start: int, end: int, *, fade_s: float) -> Samples:
    """Return `window` without what is between two places, faded around them."""
    out = window.copy()
    out[start:end] = 0
    fade = np.linspace(1, 0, int(fade_s * SAMPLE_RATE_HZ), dtype=np.float32)
    before = out[max(0, start - fade.size) : start]
    before *= fade[fade.size - before.size :]
    behind = out[end : end + fade.size]
    behind *= fade[::-1][: behind.size]
    return out


def delivered(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` at the level at which it happens to arrive, upside down half of the time."""
    sign = 1 if rng.random() < 0.5 else -1
    return at_peak(window, peak=amplitude(float(rng.uniform(*PEAK_DBFS)))) * np.float32(sign)
