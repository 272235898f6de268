"""From channels to one ear: what sounds is heard, however it is spread over the channels."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from timbrescope.models.audio.channels import HIGH_PASS_HZ, ChannelMixer, HighPass, MonoStream
from timbrescope.models.frontend import SAMPLE_RATE_HZ

RATE_HZ = 44_100


def _noise(seconds: float = 2.0, *, seed: int = 3) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal(int(seconds * RATE_HZ))
    return (0.1 * samples).astype(np.float32)


def _mixed(channels: list[np.ndarray]) -> np.ndarray:
    return ChannelMixer(RATE_HZ, len(channels)).push(np.stack(channels, axis=1), last=True)


def test_one_channel_is_itself() -> None:
    np.testing.assert_array_equal(_mixed([_noise()]), _noise())


@pytest.mark.parametrize("channels", [2, 5, 32])
def test_channels_that_sound_are_averaged(channels: int) -> None:
    parts = [_noise(seed=seed) for seed in range(channels)]
    np.testing.assert_allclose(_mixed(parts), np.mean(parts, axis=0), atol=1e-6)


@pytest.mark.parametrize("played", [0, 3, 7])
def test_one_played_track_of_eight_is_heard_at_its_level(played: int) -> None:
    parts = [1e-4 * _noise(seed=seed) for seed in range(8)]
    parts[played] = _noise()
    np.testing.assert_allclose(_mixed(parts), _noise(), atol=1e-6)


def test_a_mean_that_cancels_gives_way_to_the_strongest_channel() -> None:
    np.testing.assert_allclose(np.abs(_mixed([_noise(), -_noise()])), np.abs(_noise()), atol=1e-6)
    found = _mixed([_noise(), -1.1 * _noise()])
    np.testing.assert_allclose(found, -1.1 * _noise(), atol=1e-6)


def test_ambisonics_of_a_source_behind_is_heard() -> None:
    # W and X cancel for a source behind; Y and Z carry next to nothing.
    parts = [_noise(), -_noise(), 1e-3 * _noise(), 1e-3 * _noise()]
    assert _mixed(parts).std() == pytest.approx(_noise().std(), rel=0.01)


def test_offsets_are_neither_sound_nor_cancelled() -> None:
    silent = np.full(2 * RATE_HZ, 0.3, np.float32)
    found = _mixed([silent, _noise() - 0.3])
    np.testing.assert_allclose(found, _noise() - 0.3, atol=1e-6)


def test_a_player_who_moves_to_another_input_is_heard_within_a_moment() -> None:
    quiet = np.zeros_like(_noise())
    found = _mixed([np.concatenate([_noise(), quiet]), np.concatenate([quiet, _noise()])])
    # The first input is still taken for one in use at first: half the sound, not none.
    assert found[2 * RATE_HZ :].std() > 0.4 * _noise().std()


@settings(max_examples=30)
@given(
    blocks=st.lists(st.integers(0, 9_000), min_size=1, max_size=12),
    kind=st.sampled_from(["alike", "turned", "one", "unlike"]),
)
def test_how_the_sound_is_cut_changes_nothing(blocks: list[int], kind: str) -> None:
    left = _noise(1.0)
    right = {"alike": left, "turned": -left, "one": 0 * left, "unlike": _noise(1.0, seed=4)}[kind]
    sound = np.stack([left, right], axis=1) + np.float32(0.05)
    at_once = MonoStream(RATE_HZ, 2).push(sound, last=True)
    stream = MonoStream(RATE_HZ, 2)
    edges = [0, *np.cumsum(blocks), len(sound)]
    pieces = [stream.push(sound[a:b]) for a, b in itertools.pairwise(edges)]
    pieces.append(stream.push(sound[:0], last=True))
    np.testing.assert_allclose(np.concatenate(pieces), at_once, atol=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_of_two_channels_that_mirror_each_other_the_same_is_heard(seed: int) -> None:
    # Their energies are alike but for rounding, which must not depend on where blocks begin.
    rng = np.random.default_rng(seed)
    noise = _noise(0.5, seed=seed)
    sound = np.stack([noise, -noise], axis=1) + np.float32(rng.choice([0.3, 0.05, -0.02]))
    at_once = MonoStream(RATE_HZ, 2).push(sound, last=True)
    stream = MonoStream(RATE_HZ, 2)
    edges = [0, *np.cumsum(rng.integers(0, 9_000, size=4)), len(sound)]
    pieces = [stream.push(sound[a:b]) for a, b in itertools.pairwise(edges)]
    pieces.append(stream.push(sound[:0], last=True))
    np.testing.assert_allclose(np.concatenate(pieces), at_once, atol=1e-6)


@settings(max_examples=50)
@given(arrays(np.float32, (3_000, 3), elements=st.floats(-2, 2, width=32)))
def test_the_mix_never_exceeds_the_loudest_channel(sound: np.ndarray) -> None:
    mixed = ChannelMixer(RATE_HZ, 3).push(sound, last=True)
    assert len(mixed) == len(sound)
    assert np.abs(mixed).max() <= np.abs(sound).max() + 1e-5


def _gain_db(frequency_hz: float) -> float:
    time_s = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = np.sin(2 * np.pi * frequency_hz * time_s).astype(np.float32)
    found = HighPass().push(tone)[2 * SAMPLE_RATE_HZ :]
    return float(20 * np.log10(found.std() / tone.std()))


def test_the_high_pass_takes_rumble_and_leaves_music() -> None:
    assert _gain_db(HIGH_PASS_HZ) == pytest.approx(-3.0, abs=0.1)
    assert _gain_db(5.0) < -23.0
    # The lowest note of a double bass.
    assert _gain_db(41.2) > -0.5
    assert _gain_db(440.0) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("offset", [0.03, -0.5, 1.0])
def test_an_offset_leaves_nothing_not_even_at_the_beginning(offset: float) -> None:
    noise = _noise(1.0)
    clean, shifted = HighPass().push(noise), HighPass().push(noise + np.float32(offset))
    np.testing.assert_allclose(shifted, clean, atol=2e-6)


@given(offset=st.floats(-1, 1, width=32))
def test_constant_samples_are_silence(offset: float) -> None:
    assert not HighPass().push(np.full(30_000, offset, np.float32)).any()
