import numpy as np
import pytest
from heard import SEEDS, made, tone
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.speed import resampled, stretched
from timbrescope.training.augment.splices import continued

SIZE = 30_000


def _pitch_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size), 1 << 18))
    return float(spectrum.argmax()) * SAMPLE_RATE_HZ / (1 << 18)


@pytest.mark.parametrize("factor", [0.94, 0.99, 1.03, 1.06])
def test_a_faster_tape_is_as_much_higher(factor: float) -> None:
    out = resampled(tone(600.0, SIZE), factor=factor, rng=np.random.default_rng(0))
    assert _pitch_hz(out) == pytest.approx(600 * factor, rel=0.002)


@pytest.mark.parametrize("factor", [0.94, 0.97, 1.06])
def test_a_stretch_moves_events_but_not_the_pitch(factor: float) -> None:
    sound = tone(600.0, SIZE)
    sound[:15_000] = 0
    out = stretched(sound, factor=factor)
    assert np.flatnonzero(np.abs(out) > 0.1)[0] == pytest.approx(15_000 / factor, abs=600)
    assert _pitch_hz(out) == pytest.approx(600, rel=0.002)
    assert np.abs(out[20_000:28_000]).max() == pytest.approx(0.5, abs=0.05)


def test_a_stretch_by_nothing_changes_nothing() -> None:
    sound = made("noise", 9_001)
    np.testing.assert_allclose(stretched(sound, factor=1.0), sound, atol=1e-5)


@pytest.mark.parametrize("factor", [1.03, 1.059])
def test_a_faster_sound_goes_on_to_the_end_without_a_step(factor: float) -> None:
    out = resampled(tone(600.0, SIZE), factor=factor, rng=np.random.default_rng(0))
    pieces = out[-3_500:].reshape(-1, 100)
    assert np.abs(pieces).max(axis=1).min() > 0.4
    assert np.abs(np.diff(out)).max() < 1.2 * np.abs(np.diff(out[5_000:9_000])).max()


def test_a_sound_that_has_ended_is_not_taken_up_again() -> None:
    sound = tone(600.0, SIZE)
    sound[-4_000:] = 0
    assert not continued(sound, SIZE + 1_000)[-5_000:].any()


@settings(max_examples=60)
@given(seed=SEEDS, size=st.integers(1, 5_000), missing=st.integers(0, 6_000))
def test_any_window_becomes_as_long_as_asked(seed: int, size: int, missing: int) -> None:
    sound = np.random.default_rng(seed).uniform(-1, 1, size).astype(np.float32)
    out = continued(sound, size + missing)
    assert out.size == size + missing
    assert np.abs(out).max() <= 1.0
