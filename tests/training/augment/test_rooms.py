import numpy as np
import pytest
from heard import made, tone

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.equalisation import bell_db, filtered
from timbrescope.training.augment.rooms import in_room, made_room, reverberant_part


def _rt60_s(response: Samples) -> float:
    """Return the time of 60 dB from the slope between -5 and -25 dB (Schroeder, 1965)."""
    left = np.cumsum(np.square(response[::-1], dtype=np.float64))[::-1]
    decay_db = 10 * np.log10(left / left[0] + 1e-12)
    start, end = np.argmax(decay_db < -5), np.argmax(decay_db < -25)
    return float(3 * (end - start) / SAMPLE_RATE_HZ)


@pytest.mark.parametrize("rt60_s", [0.2, 0.6, 1.5])
def test_a_made_room_takes_the_time_that_is_asked_for(rt60_s: float) -> None:
    middle_db = 4 * bell_db(centre_hz=1_000, width_octaves=0.4, gain_db=20)
    found = [
        _rt60_s(filtered(made_room(rt60_s=rt60_s, rng=np.random.default_rng(seed)), middle_db))
        for seed in range(8)
    ]
    assert np.median(found) == pytest.approx(rt60_s, rel=0.25)


def test_the_reverberation_is_as_strong_as_the_distance_asks() -> None:
    click = made("click", 60_001)
    reverberant = made_room(rt60_s=0.4, rng=np.random.default_rng(0))
    for ratio_db in (-6.0, 10.0):
        out = in_room(click, reverberant, direct_to_reverberant_db=ratio_db)
        direct, rest = out[30_000], np.delete(out, 30_000)
        found_db = 20 * np.log10(abs(direct) / np.linalg.norm(rest))
        assert found_db == pytest.approx(ratio_db, abs=0.5)


def test_a_room_delays_nothing_and_answers_after_the_sound() -> None:
    click = made("click", 9_001)
    reverberant = made_room(rt60_s=0.3, rng=np.random.default_rng(1))
    out = in_room(click, reverberant, direct_to_reverberant_db=10)
    assert np.abs(out).argmax() == 4_500
    assert np.abs(out[:4_500]).max() < 1e-5 < np.abs(out[5_000:6_000]).max()


def test_a_room_is_full_of_what_came_before_unless_the_playing_starts_late() -> None:
    sound = tone(500.0, 20_000)
    reverberant = np.zeros(2_000, dtype=np.float32)
    reverberant[1_000] = 1
    out = in_room(sound, reverberant, direct_to_reverberant_db=6)
    assert np.abs(out[:900] - sound[:900]).max() > 0.1
    sound[:5_000] = 0
    out = in_room(sound, reverberant, direct_to_reverberant_db=6)
    assert np.abs(out[:4_990]).max() < 1e-6


def test_a_recorded_room_begins_behind_its_direct_sound() -> None:
    recorded = np.zeros(4_000, dtype=np.float32)
    recorded[100], recorded[1_100] = -0.9, 0.4
    reverberant = reverberant_part(recorded)
    assert np.flatnonzero(reverberant).tolist() == [1_000]
    assert recorded[100] == np.float32(-0.9)


def test_a_response_without_a_room_adds_nothing() -> None:
    recorded = np.zeros(400, dtype=np.float32)
    recorded[0], recorded[300] = 1, 0.01
    assert not reverberant_part(recorded).any()
    click = made("click", 1_000)
    np.testing.assert_array_equal(
        in_room(click, reverberant_part(recorded), direct_to_reverberant_db=0), click
    )
