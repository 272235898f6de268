"""Quiet is about the sound, not about the gain of the file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.audio.faint import TARGET_DBFS, FaintSound, is_sound
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.level import rms_dbfs

QUIET_DBFS = -60.0


def _noise(slope: float, *, seed: int = 0) -> np.ndarray:
    """Return noise whose amplitude falls with frequency to the power of `slope`."""
    white = np.random.default_rng(seed).standard_normal(WINDOW_SAMPLES)
    spectrum = np.fft.rfft(white)
    spectrum /= (np.arange(len(spectrum)) + 1.0) ** slope
    noise = np.fft.irfft(spectrum, n=WINDOW_SAMPLES)
    return (noise / noise.std()).astype(np.float32)


def _hum() -> np.ndarray:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    return sum(np.sin(2 * np.pi * 50 * n * time_s) / n**2 for n in range(1, 6)).astype(np.float32)


def _note() -> np.ndarray:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    return sum(np.sin(2 * np.pi * 440 * n * time_s) / n for n in range(1, 9)).astype(np.float32)


def _hits() -> np.ndarray:
    time_s = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    return (_noise(0.0) * np.exp(-12 * (time_s % 0.5))).astype(np.float32)


@given(gain=st.floats(1e-6, 1.0), slope=st.sampled_from([0.0, 0.5, 1.0]), seed=st.integers(0, 99))
def test_a_room_is_no_sound_at_any_gain(gain: float, slope: float, seed: int) -> None:
    assert not is_sound(np.float32(gain) * (_noise(slope, seed=seed) + _hum()))


@given(gain=st.floats(1e-6, 1.0), sound=st.sampled_from(["note", "hits"]))
def test_an_instrument_is_a_sound_at_any_gain(gain: float, sound: str) -> None:
    played = _note() if sound == "note" else _hits()
    assert is_sound(np.float32(gain) * (played + 0.05 * _noise(0.5)))


def _gain_db(*windows: np.ndarray) -> float:
    faint = FaintSound(quiet_dbfs=QUIET_DBFS)
    for window in windows:
        faint.hear(window)
    return faint.gain_db


def test_only_what_is_faint_and_a_sound_is_raised() -> None:
    low = np.float32(3e-4) * _note()
    assert rms_dbfs(low) < QUIET_DBFS
    assert rms_dbfs(low) + _gain_db(low) == pytest.approx(TARGET_DBFS)
    assert _gain_db(_note(), low) == 0.0
    assert _gain_db(np.float32(3e-4) * _noise(0.5)) == 0.0
    assert _gain_db(np.zeros(WINDOW_SAMPLES, np.float32)) == 0.0
