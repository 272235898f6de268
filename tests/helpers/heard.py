"""Sounds and measures that the tests of augmentation share."""

import numpy as np
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment import Background

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from((1, 2, 63, 1_000, 4_097, 9_001))
SHAPES = ("noise", "silence", "click", "constant", "square", "tone", "faint")


def made(shape: str, size: int) -> Samples:
    """Return one of the sounds that effects find hard, within -1 and 1."""
    at = np.arange(size)
    sounds = {
        "noise": np.random.default_rng(0).uniform(-1, 1, size),
        "silence": np.zeros(size),
        "click": at == size // 2,
        "constant": np.full(size, 0.5),
        "square": np.where(at % 100 < 50, 1.0, -1.0),
        "tone": tone(440.0, size),
        "faint": 1e-7 * tone(440.0, size),
    }
    return sounds[shape].astype(np.float32)


def tone(frequency_hz: float, size: int) -> Samples:
    """Return a sine of amplitude 1/2."""
    phases = 2 * np.pi * frequency_hz / SAMPLE_RATE_HZ * np.arange(size)
    return (0.5 * np.sin(phases)).astype(np.float32)


def background() -> Background:
    """Return noises, voices and rooms both shorter and longer than most windows."""
    room = np.zeros(2_000, dtype=np.float32)
    room[100], room[900] = 0.5, 0.2
    return Background(
        noises=(made("noise", 500), made("noise", 30_000)),
        rooms=(room, np.zeros(9, dtype=np.float32)),
        voices=(tone(150.0, 700), tone(150.0, 20_000)),
    )


def level_db(samples: Samples, low_hz: float, high_hz: float) -> float:
    """Return the mean power between two frequencies in decibels."""
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    frequencies_hz = np.fft.rfftfreq(samples.size, 1 / SAMPLE_RATE_HZ)
    inside = (frequencies_hz >= low_hz) & (frequencies_hz < high_hz)
    return float(10 * np.log10(power[inside].mean() + 1e-20))


def alike(first: Samples, second: Samples) -> float:
    """Return the correlation of two windows of one length at no shift."""
    return float(np.corrcoef(first, second)[0, 1])
