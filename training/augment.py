"""Augmentation: what rooms, microphones and neighbours do to a window before it is heard.

Modest on purpose: a listener would still name the instrument at once. Every choice comes from
the generator that is passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.fft import irfft, rfft, rfftfreq
from scipy.signal import oaconvolve

from models.frontend import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]

EQ_SHARE = 0.6
BAND_LIMIT_SHARE = 0.2
ROOM_SHARE = 0.5
DRIVE_SHARE = 0.1
NOISE_SHARE = 0.65
RECORDED_NOISE_SHARE = 0.55
SNR_DB = (10.0, 45.0)
PEAK_DBFS = (-30.0, -1.0)
LONGEST_ROOM_S = 1.5
LOWEST_EQ_HZ, HIGHEST_EQ_HZ = 60.0, 10_000.0


@dataclass(frozen=True)
class Background:
    """Recordings to augment with, mono at 22050 Hz: noises and voices, and room responses."""

    noises: Sequence[Samples] = ()
    rooms: Sequence[Samples] = ()


def augmented(window: Samples, *, background: Background, rng: Generator) -> Samples:
    """Return `window` as a microphone somewhere might deliver it.

    Parameters
    ----------
    window : ndarray
        Finite mono samples at 22050 Hz, of any length above zero.
    background : Background
        May be empty; then rooms are left out and every noise is coloured noise.
    rng : Generator
        Source of every choice.

    Returns
    -------
    ndarray
        Float32 of the same length, finite, within -1 and 1.
    """
    out = window.astype(np.float32)
    if rng.random() < EQ_SHARE:
        out = equalised(out, rng=rng)
    if background.rooms and rng.random() < ROOM_SHARE:
        room = background.rooms[int(rng.integers(len(background.rooms)))]
        out = in_room(out, room, wet=float(rng.uniform(0.1, 0.7)))
    if rng.random() < DRIVE_SHARE:
        out = driven(out, amount=float(rng.uniform(1, 4)))
    if rng.random() < NOISE_SHARE:
        noise = _some_noise(out.size, background=background, rng=rng)
        out = with_noise(out, noise, snr_db=float(rng.uniform(*SNR_DB)))
    return at_peak(out, peak_dbfs=float(rng.uniform(*PEAK_DBFS)))


def equalised(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` through a smooth random filter: a tilt, some bells, at times band limits.

    The filter is laid on the spectrum, so it has no delay and keeps the length.
    """
    frequencies_hz = rfftfreq(window.size, 1 / SAMPLE_RATE_HZ)
    octaves = np.log2(np.maximum(frequencies_hz, 20.0) / 1_000.0)
    gain_db = rng.uniform(-1.5, 1.5) * octaves
    span = np.log2(np.array([LOWEST_EQ_HZ, HIGHEST_EQ_HZ]) / 1_000.0)
    for _ in range(rng.integers(1, 5)):
        centre, width = rng.uniform(*span), rng.uniform(0.25, 1.5)
        gain_db += rng.uniform(-8, 8) * np.exp(-0.5 * ((octaves - centre) / width) ** 2)
    if rng.random() < BAND_LIMIT_SHARE:
        gain_db += _slope_db(octaves, corner_hz=float(rng.uniform(80, 300)), direction=-1)
    if rng.random() < BAND_LIMIT_SHARE:
        gain_db += _slope_db(octaves, corner_hz=float(rng.uniform(3_500, 9_000)), direction=1)
    spectrum = rfft(window.astype(np.float64)) * 10 ** (gain_db / 20)
    return irfft(spectrum, window.size).astype(np.float32)


def _slope_db(
    octaves: NDArray[np.float64], *, corner_hz: float, direction: int
) -> NDArray[np.float64]:
    """Return second-order roll-off above (direction 1) or below (-1) a corner frequency."""
    past = direction * (octaves - np.log2(corner_hz / 1_000.0))
    return -10 * np.log10(1 + np.exp2(4 * np.clip(past, -20, 20)))


def in_room(window: Samples, room: Samples, *, wet: float) -> Samples:
    """Return `window` heard in a room; `wet` (0–1) is the share of the response.

    The response begins at its direct sound, so that nothing is delayed.
    """
    response = room[int(np.abs(room).argmax()) :][: int(LONGEST_ROOM_S * SAMPLE_RATE_HZ)]
    energy = float(np.sqrt(np.sum(np.square(response, dtype=np.float64))))
    if energy == 0.0:
        return window
    heard = oaconvolve(window, response / energy)[: window.size]
    return ((1 - wet) * window + wet * heard).astype(np.float32)


def driven(window: Samples, *, amount: float) -> Samples:
    """Return `window` bent by an input that is driven too hard; `amount` 0 is linear."""
    peak = float(np.abs(window).max())
    if peak == 0.0 or amount <= 0.0:
        return window
    return (np.tanh(window / peak * amount) * (peak / np.tanh(amount))).astype(np.float32)


def _some_noise(size: int, *, background: Background, rng: Generator) -> Samples:
    """Return recorded noise or speech, from anywhere within it, or noise of a random colour."""
    if background.noises and rng.random() < RECORDED_NOISE_SHARE:
        recorded = background.noises[int(rng.integers(len(background.noises)))]
        start = int(rng.integers(recorded.size))
        return np.resize(np.roll(recorded, -start), size)
    return coloured_noise(size, slope=float(rng.uniform(0, 2)), rng=rng)


def coloured_noise(size: int, *, slope: float, rng: Generator) -> Samples:
    """Return noise with power falling as f to the minus `slope`: 0 white, 1 pink, 2 brown."""
    spectrum = rfft(rng.standard_normal(size))
    falling = np.maximum(rfftfreq(size, 1 / SAMPLE_RATE_HZ), 30.0) ** (-slope / 2)
    return irfft(spectrum * falling, size).astype(np.float32)


def with_noise(window: Samples, noise: Samples, *, snr_db: float) -> Samples:
    """Return the sum, `noise` scaled so that the RMS of both differ by `snr_db`."""
    signal_rms = float(np.sqrt(np.mean(np.square(window, dtype=np.float64))))
    noise_rms = float(np.sqrt(np.mean(np.square(noise, dtype=np.float64))))
    if noise_rms == 0.0:
        return window
    scale = signal_rms / noise_rms * 10 ** (-snr_db / 20)
    return (window + noise * scale).astype(np.float32)


def at_peak(window: Samples, *, peak_dbfs: float) -> Samples:
    """Return `window` scaled to a peak level; silence stays silence."""
    peak = float(np.abs(window).max())
    if peak == 0.0:
        return window
    return (window.astype(np.float64) * (10 ** (peak_dbfs / 20) / peak)).astype(np.float32)
