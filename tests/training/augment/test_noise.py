import numpy as np
import pytest
from heard import background, level_db, made, tone
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.level import rms_dbfs
from timbrescope.training.augment import Background
from timbrescope.training.augment.noise import (
    coloured_noise,
    hum,
    in_noise,
    recorded_noise,
    some_noise,
    talk,
    with_noise,
)


@pytest.mark.parametrize("snr_db", [5.0, 30.0])
def test_noise_is_added_at_the_asked_ratio(snr_db: float) -> None:
    window = made("tone", 20_000)
    noise = coloured_noise(20_000, slope=1.0, rng=np.random.default_rng(3))
    added = with_noise(window, noise, snr_db=snr_db) - window
    assert rms_dbfs(window) - rms_dbfs(added) == pytest.approx(snr_db, abs=0.05)


def test_noise_is_mostly_far_below_the_window() -> None:
    window = made("tone", 5_000) * np.float32(0.5)
    found = [
        rms_dbfs(window)
        - rms_dbfs(in_noise(window, background=background(), rng=np.random.default_rng(s)) - window)
        for s in range(100)
    ]
    assert min(found) > 1
    assert 20 < np.median(found) < 32


def test_steeper_noise_is_darker() -> None:
    dark, bright = (
        coloured_noise(20_000, slope=slope, rng=np.random.default_rng(1)) for slope in (2.0, 0.0)
    )
    fall_db = [level_db(n, 100, 200) - level_db(n, 6_400, 12_800) for n in (dark, bright)]
    assert fall_db[0] == pytest.approx(36, abs=4)
    assert fall_db[1] == pytest.approx(0, abs=3)


@pytest.mark.parametrize("seed", range(4))
def test_hum_is_harmonics_of_the_mains_and_nothing_else(seed: int) -> None:
    noise = hum(44_100, rng=np.random.default_rng(seed))
    power = np.abs(np.fft.rfft(noise * np.hanning(noise.size))) ** 2
    bins = np.arange(power.size) / 2  # Hz
    near = {
        mains_hz: np.abs(bins - mains_hz * np.round(bins / mains_hz)) < 2 + 0.002 * bins
        for mains_hz in (50.0, 60.0)
    }
    shares = {hz: power[mask & (bins > 10)].sum() / power.sum() for hz, mask in near.items()}
    assert max(shares.values()) > 0.999
    assert np.count_nonzero(power > 1e-4 * power.max()) > 6


def test_short_recordings_are_events_and_longer_ones_are_repeated() -> None:
    rng = np.random.default_rng(0)
    event = recorded_noise(np.ones(500, np.float32), 9_000, rng=rng)
    assert np.count_nonzero(event) == 500
    assert np.ptp(np.flatnonzero(event)) == 499
    assert recorded_noise(np.ones(23_000, np.float32), 50_000, rng=rng).all()
    assert recorded_noise(np.ones(99_000, np.float32), 50_000, rng=rng).size == 50_000


def test_people_speak_with_pauses() -> None:
    heard = talk(
        Background(voices=(np.ones(400, np.float32),)), 60_000, rng=np.random.default_rng(0)
    )
    assert 0.005 < np.count_nonzero(heard) / heard.size < 0.5


def test_only_material_at_hand_is_used() -> None:
    voice = Background(voices=(tone(150.0, 90_000),))
    for material in (Background(), voice):
        for seed in range(20):
            noise = some_noise(3_000, background=material, rng=np.random.default_rng(seed))
            assert noise.size == 3_000
            assert noise.any()


@given(seconds=st.floats(0.2, 3.0), start=st.floats(0.0, 1.0))
def test_a_short_note_has_no_less_noise_around_it_than_a_long_one(
    seconds: float, start: float
) -> None:
    window = np.zeros(66_150, np.float32)
    note = tone(440.0, round(seconds * 22_050))
    first = round(start * (window.size - note.size))
    window[first : first + note.size] = note
    noise = np.random.default_rng(1).standard_normal(window.size, dtype=np.float32)
    added = with_noise(window, noise, snr_db=20.0) - window
    assert rms_dbfs(note) - rms_dbfs(added) == pytest.approx(20.0, abs=2.0)
