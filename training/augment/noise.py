"""Noise: what else a microphone hears, and what its cable and preamplifier add."""

from functools import cache

import numpy as np
from numpy.random import Generator
from scipy.fft import irfft

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import (
    Background,
    amplitude,
    is_silent,
    log_uniform,
    one_of,
    rms_of,
    sounding_rms_of,
    within_range,
)

MOSTLY_SNR_DB = (15.0, 40.0)
SELDOM_SNR_DB = (5.0, 15.0)
SELDOM_SHARE = 0.12
TWO_SOURCES_SHARE = 0.25
# How often each source is met; those without recordings leave their share to the others.
SHARES = {"recorded": 0.34, "voices": 0.16, "coloured": 0.24, "hiss": 0.14, "hum": 0.12}
# Shorter recordings are single events, such as a door; longer ones are repeated.
SHORTEST_LOOP_S = 1.0
LONGEST_PAUSE_S = 1.0
MAINS_HZ = (50.0, 60.0)
MAINS_TOLERANCE = 0.002
MOST_HARMONICS = 24
WAVETABLE_SAMPLES = 8_192
LOWEST_COLOURED_HZ = 30.0


def in_noise(window: Samples, *, background: Background, rng: Generator) -> Samples:
    """Return `window` with one or two noises at some distance below it."""
    if is_silent(window):
        return np.zeros_like(window)
    out = window
    for _ in range(1 + (rng.random() < TWO_SOURCES_SHARE)):
        noise = some_noise(window.size, background=background, rng=rng)
        snr_db = rng.uniform(*(SELDOM_SNR_DB if rng.random() < SELDOM_SHARE else MOSTLY_SNR_DB))
        out = with_noise(out, noise, snr_db=float(snr_db))
    return within_range(out)


def with_noise(window: Samples, noise: Samples, *, snr_db: float) -> Samples:
    """Return the sum, `noise` scaled so that the RMS of both differ by `snr_db`.

    Of `window` only what sounds counts: a room is as noisy around one short note as around many.
    """
    noise_rms = rms_of(noise)
    if noise_rms == 0.0:
        return window
    scale = sounding_rms_of(window) / noise_rms * amplitude(-snr_db)
    return window + noise * np.float32(scale)


def some_noise(size: int, *, background: Background, rng: Generator) -> Samples:
    """Return `size` samples of noise from a source that is drawn by `SHARES`."""
    at_hand = [
        name
        for name in SHARES
        if (name != "recorded" or background.noises) and (name != "voices" or background.voices)
    ]
    shares = np.array([SHARES[name] for name in at_hand])
    chosen = at_hand[rng.choice(len(at_hand), p=shares / shares.sum())]
    if chosen == "recorded":
        return recorded_noise(one_of(background.noises, rng=rng), size, rng=rng)
    if chosen == "voices":
        return talk(background, size, rng=rng)
    if chosen == "coloured":
        return coloured_noise(size, slope=float(rng.uniform(0, 2)), rng=rng)
    return hiss(size, rng=rng) if chosen == "hiss" else hum(size, rng=rng)


def recorded_noise(recorded: Samples, size: int, *, rng: Generator) -> Samples:
    """Return a piece of a recording: from anywhere, repeated if needed, or one short event."""
    if recorded.size > size:
        start = int(rng.integers(recorded.size - size + 1))
        return recorded[start : start + size]
    if recorded.size >= SHORTEST_LOOP_S * SAMPLE_RATE_HZ:
        start = int(rng.integers(recorded.size))
        return np.resize(np.roll(recorded, -start), size)
    noise = np.zeros(size, dtype=np.float32)
    start = int(rng.integers(size - recorded.size + 1))
    noise[start : start + recorded.size] = recorded
    return noise


def talk(background: Background, size: int, *, rng: Generator) -> Samples:
    """Return people speaking one after another, with pauses, or one who speaks throughout."""
    noise = np.zeros(size, dtype=np.float32)
    at = 0
    while at < size:
        voice = one_of(background.voices, rng=rng)
        if voice.size > size:
            voice = voice[int(rng.integers(voice.size - size + 1)) :]
        piece = voice[: size - at]
        noise[at : at + piece.size] = piece
        at += piece.size + 1 + int(rng.uniform(0, LONGEST_PAUSE_S) * SAMPLE_RATE_HZ)
    return noise


def coloured_noise(size: int, *, slope: float, rng: Generator) -> Samples:
    """Return noise with power falling as f to the minus `slope`: 0 white, 1 pink, 2 brown."""
    parts = rng.standard_normal((size // 2 + 1, 2), dtype=np.float32)
    spectrum = parts.view(np.complex64)[:, 0]
    octaves = _octaves_above_lowest(size)
    spectrum *= np.exp2(octaves * np.float32(-slope / 2))
    return np.asarray(irfft(spectrum, size), dtype=np.float32)


@cache
def _octaves_above_lowest(size: int) -> Samples:
    frequencies_hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    ratio = np.maximum(frequencies_hz, LOWEST_COLOURED_HZ) / LOWEST_COLOURED_HZ
    found: Samples = np.log2(ratio).astype(np.float32)
    return found


def hiss(size: int, *, rng: Generator) -> Samples:
    """Return the noise of a preamplifier, white, or of a tape, brighter than white."""
    noise = rng.standard_normal(size, dtype=np.float32)
    if size > 1 and rng.random() < 0.5:
        noise[1:] -= np.float32(rng.uniform(0, 0.8)) * noise[:-1]
    return noise


def hum(size: int, *, rng: Generator) -> Samples:
    """Return the hum of the mains: 50 or 60 Hz with harmonics, as it comes through cables."""
    mains_hz = float(rng.choice(MAINS_HZ)) * (1 + rng.uniform(-1, 1) * MAINS_TOLERANCE)
    count = int(rng.integers(3, MOST_HARMONICS + 1))
    levels = np.arange(1, count + 1) ** -log_uniform(0.3, 2, rng=rng)
    levels *= rng.uniform(0.1, 1, size=count)
    # Behind a rectifier the even harmonics are the louder ones.
    levels[1::2] *= rng.uniform(0.3, 3)
    spectrum = np.zeros(WAVETABLE_SAMPLES // 2 + 1, dtype=np.complex64)
    spectrum[1 : count + 1] = levels * np.exp(2j * np.pi * rng.random(count))
    cycle = irfft(spectrum, WAVETABLE_SAMPLES)
    phases = np.arange(size, dtype=np.float64) * (mains_hz / SAMPLE_RATE_HZ * WAVETABLE_SAMPLES)
    hummed = cycle[phases.astype(np.int64) % WAVETABLE_SAMPLES]
    return np.asarray(hummed, dtype=np.float32) * np.float32(WAVETABLE_SAMPLES)
