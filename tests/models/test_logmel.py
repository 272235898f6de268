"""The flagship's front end against its definition, step by step, and what it leaves out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models import frontend, logmel
from timbrescope.models.tables import filterbank

RATE_HZ = frontend.SAMPLE_RATE_HZ
SILENT = np.log(logmel.LOG_OFFSET)
LOUDEST = np.log(logmel.PEAK_MAGNITUDE + logmel.LOG_OFFSET)


def _tone(frequency_hz: float, *, amplitude: float = 0.3) -> np.ndarray:
    time_s = np.arange(frontend.WINDOW_SAMPLES) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)


def _noise(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (0.2 * rng.standard_normal(frontend.WINDOW_SAMPLES)).astype(np.float32)


def test_features_are_those_of_the_definition_frame_by_frame() -> None:
    window = _noise(22)
    weights = filterbank("logmel").toarray()
    shape = np.hanning(logmel.FRAME_SAMPLES + 1)[:-1] * 400 / logmel.FRAME_SAMPLES
    rows = []
    for start in range(0, logmel.FRAMES * logmel.HOP_SAMPLES, logmel.HOP_SAMPLES):
        frame = window[start : start + logmel.FRAME_SAMPLES].astype(np.float64) * shape
        rows.append(weights @ np.abs(np.fft.rfft(frame, logmel.FFT_SAMPLES)))
    magnitudes = np.stack(rows, axis=1)
    expected = np.log(magnitudes * (logmel.PEAK_MAGNITUDE / magnitudes.max()) + logmel.LOG_OFFSET)
    np.testing.assert_allclose(frontend.features(window, kind="logmel"), expected, atol=1e-5)


def test_bands_are_triangles_from_125_to_7500_hz() -> None:
    weights = filterbank("logmel").toarray()
    bins_hz = np.arange(weights.shape[1]) * RATE_HZ / logmel.FFT_SAMPLES
    edges_hz = logmel.band_edges_hz()
    assert edges_hz[[0, -1]] == pytest.approx([125.0, 7_500.0])
    assert np.all(np.diff(edges_hz, n=2) > 0)
    for band, row in enumerate(weights):
        inside = bins_hz[row > 0]
        assert edges_hz[band] < inside.min()
        assert inside.max() < edges_hz[band + 2]
    assert weights.max() <= 1.0
    # Between two peaks the two triangles add up to one.
    between = (bins_hz > edges_hz[1]) & (bins_hz < edges_hz[-2])
    np.testing.assert_allclose(weights.sum(axis=0)[between], 1.0, atol=1e-6)


@settings(max_examples=20)
@given(band=st.integers(1, logmel.BANDS - 2))
def test_a_tone_is_loudest_in_its_band(band: int) -> None:
    found = frontend.features(_tone(float(logmel.band_edges_hz()[band + 1])), kind="logmel")
    assert abs(int(found.mean(axis=1).argmax()) - band) <= 1


@settings(max_examples=20)
@given(gain_db=st.floats(-50, 20), seed=st.integers(0, 2**16))
def test_features_do_not_depend_on_gain(gain_db: float, seed: int) -> None:
    window = _noise(seed)
    louder = window * np.float32(10 ** (gain_db / 20))
    found, same = (frontend.features(w, kind="logmel") for w in (window, louder))
    np.testing.assert_allclose(found, same, atol=1e-4)
    assert float(found.max()) == pytest.approx(LOUDEST)


def test_silence_is_the_lowest_value_and_rounding_noise_stays_near_it() -> None:
    silence = np.zeros(frontend.WINDOW_SAMPLES, np.float32)
    assert np.ptp(frontend.features(silence, kind="logmel")) == 0
    faint = frontend.features(1e-10 * _noise(1), kind="logmel")
    assert float(faint.max()) < SILENT + 0.1


def test_what_is_behind_the_last_frame_is_not_seen() -> None:
    seen = (logmel.FRAMES - 1) * logmel.HOP_SAMPLES + logmel.FRAME_SAMPLES
    assert frontend.WINDOW_SAMPLES - seen == 319
    window = _noise(3)
    changed = window.copy()
    changed[seen:] = 0
    np.testing.assert_array_equal(
        frontend.features(window, kind="logmel"), frontend.features(changed, kind="logmel")
    )


def test_several_kinds_at_once_equal_each_by_itself() -> None:
    window = _noise(4)
    for kind, found in frontend.features_of_kinds(window, frontend.KINDS).items():
        np.testing.assert_array_equal(found, frontend.features(window, kind=kind))
