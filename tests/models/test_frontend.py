"""The front end against librosa, on real recordings and on awkward signals."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import windows

from timbrescope.models import frontend
from timbrescope.models.errors import WindowError
from timbrescope.models.tables import TABLES_PATH, hann

CLIPS_PER_RUN = 30
DB_TOLERANCE = 1e-4


def _synthetic_windows() -> dict[str, np.ndarray]:
    time_s = np.arange(frontend.WINDOW_SAMPLES) / frontend.SAMPLE_RATE_HZ
    rng = np.random.default_rng(22)
    click = np.zeros(frontend.WINDOW_SAMPLES)
    click[30_000] = 1.0
    return {
        "a4": 0.5 * np.sin(2 * np.pi * 440 * time_s),
        "noise": 0.1 * rng.standard_normal(frontend.WINDOW_SAMPLES),
        "faint noise": 1e-5 * rng.standard_normal(frontend.WINDOW_SAMPLES),
        "click": click,
        "silence": np.zeros(frontend.WINDOW_SAMPLES),
    }


def _real_windows(shared_audio: Path) -> list[np.ndarray]:
    paths = sorted(shared_audio.glob("[a-z]*/*/*.ogg"))
    chosen = np.random.default_rng(22).choice(len(paths), CLIPS_PER_RUN, replace=False)
    windows = []
    for index in chosen:
        samples, _ = soundfile.read(paths[index], dtype="float32")
        samples = samples[: frontend.WINDOW_SAMPLES]
        windows.append(np.pad(samples, (0, frontend.WINDOW_SAMPLES - len(samples))))
    return windows


def _assert_like_librosa(window: np.ndarray) -> None:
    librosa = pytest.importorskip("librosa", reason="librosa is in the train extra")
    # In double precision: librosa's own float32 rounding of a coefficient near 600 is 6e-5.
    exact = np.asarray(window, dtype=np.float32).astype(np.float64)
    power = librosa.feature.melspectrogram(y=exact, sr=22_050, n_mels=128, fmax=8_000)
    expected_mel = librosa.power_to_db(power, ref=np.max)
    assert np.abs(frontend.log_mel(window) - expected_mel).max() <= DB_TOLERANCE
    expected_mfcc = librosa.feature.mfcc(y=exact, sr=22_050, n_mfcc=40)
    assert np.abs(frontend.mfcc(window) - expected_mfcc).max() <= DB_TOLERANCE


@pytest.mark.train
@pytest.mark.parametrize("name", _synthetic_windows())
def test_features_are_librosas_on_synthetic_signals(name: str) -> None:
    _assert_like_librosa(_synthetic_windows()[name])


@pytest.mark.train
def test_features_are_librosas_on_real_recordings(shared_audio: Path) -> None:
    windows = _real_windows(shared_audio)
    assert len(windows) == CLIPS_PER_RUN
    for window in windows:
        _assert_like_librosa(window)


@pytest.mark.train
def test_stored_tables_are_those_librosa_makes() -> None:
    pytest.importorskip("librosa", reason="librosa is in the train extra")
    from timbrescope.training.release.frontend_tables import make_tables

    with np.load(TABLES_PATH) as stored:
        tables = make_tables()
        assert set(stored.files) == set(tables)
        for name, table in tables.items():
            np.testing.assert_allclose(stored[name], table, rtol=1e-6, atol=1e-12)


def test_shapes_and_types() -> None:
    window = _synthetic_windows()["noise"]
    for kind in frontend.KINDS:
        found = frontend.features(window, kind=kind)
        assert found.shape == frontend.feature_shape(kind)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()


@settings(max_examples=25)
@given(gain_db=st.floats(-40, 0), seed=st.integers(0, 2**32 - 1))
def test_log_mel_does_not_depend_on_gain(gain_db: float, seed: int) -> None:
    window = 0.3 * np.random.default_rng(seed).standard_normal(frontend.WINDOW_SAMPLES)
    quieter = window * 10 ** (gain_db / 20)
    np.testing.assert_allclose(frontend.log_mel(quieter), frontend.log_mel(window), atol=1e-3)


@pytest.mark.parametrize("shape", [(0,), (66_149,), (66_151,), (1, 66_150), (66_150, 2)])
def test_a_window_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(WindowError, match=r"66150"):
        frontend.log_mel(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_window_with_a_value_that_is_no_number_is_refused(value: float) -> None:
    window = np.zeros(frontend.WINDOW_SAMPLES)
    window[1234] = value
    with pytest.raises(WindowError, match="sample 1234"):
        frontend.mfcc(window)


def test_band_centres_are_where_the_filters_peak() -> None:
    bins_hz = np.arange(1025) * frontend.SAMPLE_RATE_HZ / frontend.FFT_SAMPLES
    peaks_hz = bins_hz[frontend.filterbank("mel").toarray().argmax(axis=1)]
    assert np.abs(peaks_hz - frontend.mel_band_centres_hz()).max() <= bins_hz[1]


@given(count=st.integers(2, 4_096))
def test_the_hann_window_is_scipys(count: int) -> None:
    np.testing.assert_allclose(hann(count), windows.hann(count, sym=False), rtol=0, atol=1e-15)
