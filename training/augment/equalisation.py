"""Equalisation: what microphones, telephones, loudspeakers and the air do to a spectrum.

Responses are drawn in decibels on a grid of frequencies and made minimum-phase filters, as
those of real devices nearly are: they ring after a sound and never before it.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.fft import irfft, rfft
from scipy.signal import oaconvolve

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import is_silent, log_uniform, within_range

Curve = NDArray[np.float32]

GRID_SAMPLES = 4_096
TAPS = 2_048
LOWEST_GRID_HZ = 10.0
# Deeper stop bands could not be heard, and would need longer filters.
LOWEST_GAIN_DB = -70.0
# Of air at 20 °C and 50 % humidity, roughly: 0.15 dB a metre at 10 kHz.
AIR_DB_PER_METRE_AND_KHZ2 = 0.0015
DISTANT_SHARE = 0.25
FURTHEST_M = 40.0


@cache
def octaves() -> Curve:
    """Return the frequencies of the grid in octaves above 1 kHz, shape (2049,)."""
    frequencies_hz = np.fft.rfftfreq(GRID_SAMPLES, 1 / SAMPLE_RATE_HZ)
    found: Curve = np.log2(np.maximum(frequencies_hz, LOWEST_GRID_HZ) / 1_000.0).astype(np.float32)
    found.setflags(write=False)
    return found


def flat_db() -> Curve:
    """Return the response that changes nothing."""
    return np.zeros(GRID_SAMPLES // 2 + 1, dtype=np.float32)


def bell_db(*, centre_hz: float, width_octaves: float, gain_db: float) -> Curve:
    """Return a smooth bump of `gain_db` around a frequency."""
    away = (octaves() - np.float32(np.log2(centre_hz / 1_000.0))) / np.float32(width_octaves)
    return np.float32(gain_db) * np.exp(np.float32(-0.5) * away * away)


def low_pass_db(*, corner_hz: float, order: float) -> Curve:
    """Return a roll-off of 6 dB per octave and order above a corner frequency."""
    return _roll_off(octaves() - np.float32(np.log2(corner_hz / 1_000.0)), order=order)


def high_pass_db(*, corner_hz: float, order: float) -> Curve:
    """Return a roll-off of 6 dB per octave and order below a corner frequency."""
    return _roll_off(np.float32(np.log2(corner_hz / 1_000.0)) - octaves(), order=order)


def _roll_off(past_octaves: Curve, *, order: float) -> Curve:
    found: Curve = np.float32(-10) * np.log10(1 + np.exp2(np.float32(2 * order) * past_octaves))
    return found


def air_db(*, distance_m: float) -> Curve:
    """Return what the air swallows on the way; the treble goes first."""
    return np.float32(-AIR_DB_PER_METRE_AND_KHZ2 * distance_m) * np.exp2(2 * octaves())


def microphone_db(rng: Generator) -> Curve:
    """Return the response of some decent microphone: a tilt, bells, at times band limits."""
    gain_db: Curve = np.float32(rng.uniform(-2, 2)) * octaves()
    for _ in range(rng.integers(1, 6)):
        gain_db += bell_db(
            centre_hz=log_uniform(60, 10_000, rng=rng),
            width_octaves=log_uniform(0.2, 1.5, rng=rng),
            gain_db=float(rng.uniform(-9, 9)),
        )
    if rng.random() < 0.4:
        gain_db += high_pass_db(
            corner_hz=log_uniform(40, 200, rng=rng), order=int(rng.integers(1, 4))
        )
    if rng.random() < 0.3:
        corner_hz = log_uniform(4_000, 10_500, rng=rng)
        gain_db += low_pass_db(corner_hz=corner_hz, order=int(rng.integers(1, 5)))
    return gain_db


def resonances_db(count: int, *, low_hz: float, high_hz: float, rng: Generator) -> Curve:
    """Return narrow peaks and notches, as small cases and cones have."""
    gain_db: Curve = flat_db()
    for _ in range(count):
        gain_db += bell_db(
            centre_hz=log_uniform(low_hz, high_hz, rng=rng),
            width_octaves=log_uniform(0.04, 0.2, rng=rng),
            gain_db=float(rng.uniform(-12, 10)),
        )
    return gain_db


def laptop_db(rng: Generator) -> Curve:
    """Return the response of a small built-in microphone: no bass, a nasal middle."""
    gain_db: Curve = high_pass_db(
        corner_hz=log_uniform(120, 350, rng=rng), order=int(rng.integers(1, 4))
    )
    gain_db += bell_db(
        centre_hz=log_uniform(1_500, 5_000, rng=rng),
        width_octaves=float(rng.uniform(0.3, 1.0)),
        gain_db=float(rng.uniform(0, 9)),
    )
    return gain_db + resonances_db(int(rng.integers(2, 7)), low_hz=400, high_hz=9_000, rng=rng)


def loudspeaker_db(rng: Generator) -> Curve:
    """Return the response of a small loudspeaker that plays a recording of the instrument."""
    gain_db: Curve = high_pass_db(
        corner_hz=log_uniform(100, 400, rng=rng), order=int(rng.integers(2, 5))
    )
    gain_db += low_pass_db(
        corner_hz=log_uniform(6_000, 11_000, rng=rng), order=int(rng.integers(2, 5))
    )
    gain_db += resonances_db(int(rng.integers(3, 9)), low_hz=200, high_hz=6_000, rng=rng)
    return gain_db + microphone_db(rng)


def telephone_db(rng: Generator) -> Curve:
    """Return the band of a telephone, about 300 to 3400 Hz."""
    gain_db: Curve = high_pass_db(
        corner_hz=float(rng.uniform(220, 350)), order=int(rng.integers(3, 6))
    )
    gain_db += low_pass_db(
        corner_hz=float(rng.uniform(3_000, 3_800)), order=int(rng.integers(5, 11))
    )
    return gain_db + resonances_db(int(rng.integers(0, 4)), low_hz=400, high_hz=3_000, rng=rng)


class Device(NamedTuple):
    """A kind of response and how often it is met."""

    share: float
    response_db: Callable[[Generator], Curve]


DEVICES = (
    Device(0.62, microphone_db),
    Device(0.17, laptop_db),
    Device(0.14, loudspeaker_db),
    Device(0.07, telephone_db),
)


def equalised(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` through the response of some device, at times from far away."""
    if is_silent(window):
        return np.zeros_like(window)
    chosen = rng.choice(len(DEVICES), p=[device.share for device in DEVICES])
    gain_db = DEVICES[chosen].response_db(rng)
    if rng.random() < DISTANT_SHARE:
        gain_db = gain_db + air_db(distance_m=log_uniform(3, FURTHEST_M, rng=rng))
    return within_range(filtered(window, gain_db))


def filtered(window: Samples, gain_db: Curve) -> Samples:
    """Return `window` through the minimum-phase filter of a response on the grid."""
    heard = oaconvolve(window, minimum_phase(gain_db))[: window.size]
    return np.asarray(heard, dtype=np.float32)


def minimum_phase(gain_db: Curve) -> Samples:
    """Return the minimum-phase filter of a response on the grid, shape (2048,).

    The cepstrum is folded onto its causal half (Oppenheim and Schafer, *Discrete-Time Signal
    Processing*, section on the real cepstrum).
    """
    floored = np.maximum(gain_db, gain_db.max() + np.float32(LOWEST_GAIN_DB))
    cepstrum = irfft(floored * np.float32(np.log(10) / 20), GRID_SAMPLES)
    half = GRID_SAMPLES // 2
    cepstrum[1:half] *= 2
    cepstrum[half + 1 :] = 0
    return np.asarray(irfft(np.exp(rfft(cepstrum)), GRID_SAMPLES)[:TAPS], dtype=np.float32)
