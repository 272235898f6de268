import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.level import peak_dbfs, rms_dbfs
from training.augment import (
    Background,
    at_peak,
    augmented,
    coloured_noise,
    driven,
    equalised,
    in_room,
    with_noise,
)

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from((1, 7, 1_000, 66_150))


def _window(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, size).astype(np.float32)


def _background() -> Background:
    room = np.zeros(2_000, dtype=np.float32)
    room[100], room[900] = 0.5, 0.2
    return Background(noises=(_window(500, 1), _window(90_000, 2)), rooms=(room,))


@settings(max_examples=80)
@given(seed=SEEDS, size=SIZES, with_background=st.booleans())
def test_augmentation_keeps_length_range_and_finiteness(
    seed: int, size: int, with_background: bool
) -> None:
    background = _background() if with_background else Background()
    out = augmented(_window(size), background=background, rng=np.random.default_rng(seed))
    assert out.shape == (size,)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1.0


@settings(max_examples=30)
@given(seed=SEEDS)
def test_silence_survives_augmentation(seed: int) -> None:
    silence = np.zeros(66_150, dtype=np.float32)
    out = augmented(silence, background=_background(), rng=np.random.default_rng(seed))
    assert np.isfinite(out).all()


@settings(max_examples=30)
@given(seed=SEEDS)
def test_the_same_seed_augments_the_same(seed: int) -> None:
    once, twice = (
        augmented(_window(4_000), background=_background(), rng=np.random.default_rng(seed))
        for _ in range(2)
    )
    np.testing.assert_array_equal(once, twice)


def test_the_input_is_left_alone() -> None:
    window = _window(4_000)
    kept = window.copy()
    for seed in range(20):
        augmented(window, background=_background(), rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(window, kept)


@pytest.mark.parametrize("snr_db", [10.0, 30.0])
def test_noise_is_added_at_the_asked_ratio(snr_db: float) -> None:
    window, noise = _window(66_150), coloured_noise(66_150, slope=1.0, rng=np.random.default_rng(3))
    added = with_noise(window, noise, snr_db=snr_db) - window
    assert rms_dbfs(window) - rms_dbfs(added) == pytest.approx(snr_db, abs=0.05)


@settings(max_examples=30)
@given(level=st.floats(-60, -0.1))
def test_the_peak_lands_where_asked(level: float) -> None:
    assert peak_dbfs(at_peak(_window(500), peak_dbfs=level)) == pytest.approx(level, abs=0.01)


def test_steeper_noise_is_darker() -> None:
    def brightness(slope: float) -> float:
        noise = coloured_noise(66_150, slope=slope, rng=np.random.default_rng(1))
        power = np.abs(np.fft.rfft(noise)) ** 2
        return float(power[power.size // 2 :].sum() / power.sum())

    assert brightness(0) > brightness(1) > brightness(2)


def test_a_room_delays_nothing_and_a_dry_room_changes_nothing() -> None:
    click = np.zeros(5_000, dtype=np.float32)
    click[1_000] = 1.0
    room = _background().rooms[0]
    wet = in_room(click, room, wet=0.5)
    assert int(np.abs(wet).argmax()) == 1_000
    assert abs(wet[1_800]) > 0.05
    np.testing.assert_allclose(in_room(click, room, wet=0.0), click)
    np.testing.assert_array_equal(in_room(click, np.zeros(9, np.float32), wet=0.5), click)


def test_driving_flattens_peaks_but_keeps_the_level() -> None:
    window = _window(2_000)
    out = driven(window, amount=3.0)
    assert np.abs(out).max() == pytest.approx(np.abs(window).max(), rel=1e-5)
    assert rms_dbfs(out) > rms_dbfs(window)


@settings(max_examples=30)
@given(seed=SEEDS)
def test_equalising_changes_no_frequency_out_of_hearing(seed: int) -> None:
    window = _window(66_150)
    out = equalised(window, rng=np.random.default_rng(seed))
    before, after = np.abs(np.fft.rfft(window)), np.abs(np.fft.rfft(out))
    middle = slice(3_000, 9_000)
    change_db = 20 * np.log10(after[middle].mean() / before[middle].mean())
    assert abs(change_db) < 40
