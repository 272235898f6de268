import numpy as np
import pytest
from heard import level_db, made

from timbrescope.training.augment.equalisation import (
    DEVICES,
    air_db,
    bell_db,
    filtered,
    flat_db,
    high_pass_db,
    low_pass_db,
    minimum_phase,
    telephone_db,
)

SIZE = 22_050


def _change_db(gain_db: np.ndarray, low_hz: float, high_hz: float) -> float:
    noise = made("noise", SIZE)
    return level_db(filtered(noise, gain_db), low_hz, high_hz) - level_db(noise, low_hz, high_hz)


def test_a_flat_response_changes_nothing() -> None:
    noise = made("noise", 5_000)
    np.testing.assert_allclose(filtered(noise, flat_db()), noise, atol=1e-4)


def test_a_low_pass_removes_the_treble_and_only_that() -> None:
    gain_db = low_pass_db(corner_hz=3_000, order=6)
    assert _change_db(gain_db, 200, 1_500) == pytest.approx(0, abs=0.5)
    assert _change_db(gain_db, 6_000, 6_400) == pytest.approx(-37, abs=2)


def test_a_high_pass_removes_the_bass_and_only_that() -> None:
    gain_db = high_pass_db(corner_hz=400, order=4)
    assert _change_db(gain_db, 1_000, 8_000) == pytest.approx(0, abs=0.5)
    assert _change_db(gain_db, 190, 210) == pytest.approx(-24, abs=2)


def test_a_bell_lifts_its_centre() -> None:
    gain_db = bell_db(centre_hz=1_000, width_octaves=0.3, gain_db=8)
    assert _change_db(gain_db, 980, 1_020) == pytest.approx(8, abs=0.5)
    assert _change_db(gain_db, 4_000, 8_000) == pytest.approx(0, abs=0.5)


def test_air_swallows_the_treble_of_what_is_far() -> None:
    assert _change_db(air_db(distance_m=30), 9_900, 10_100) == pytest.approx(-4.5, abs=0.3)
    assert _change_db(air_db(distance_m=30), 300, 1_000) == pytest.approx(0, abs=0.1)


def test_a_telephone_keeps_its_band() -> None:
    gain_db = telephone_db(np.random.default_rng(0))
    middle = _change_db(gain_db, 600, 2_500)
    assert _change_db(gain_db, 20, 150) < middle - 15
    assert _change_db(gain_db, 6_000, 11_000) < middle - 25


def test_filters_ring_after_a_sound_and_not_before() -> None:
    filter_taps = minimum_phase(telephone_db(np.random.default_rng(1)))
    energy = np.cumsum(np.square(filter_taps))
    assert energy[200] > 0.9 * energy[-1]
    click = made("click", 9_001)
    out = filtered(click, telephone_db(np.random.default_rng(1)))
    assert np.abs(out[:4_490]).max() < 1e-4 * np.abs(out).max()


def test_devices_share_all_windows() -> None:
    assert sum(device.share for device in DEVICES) == pytest.approx(1)
