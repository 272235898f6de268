import numpy as np
import pytest
from heard import alike, made, tone
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.training.augment.codecs import CODECS, Codec, round_trip
from timbrescope.training.augment.noise import coloured_noise

IDS = [f"{codec.subtype}-{codec.rate_hz}" for codec in CODECS]


@pytest.mark.parametrize("codec", CODECS, ids=IDS)
def test_a_round_trip_keeps_shape_and_place_but_not_every_sample(codec: Codec) -> None:
    noise = coloured_noise(22_050, slope=2.0, rng=np.random.default_rng(0))
    window = noise / np.abs(noise).max() * np.float32(0.5)
    for compression in codec.compression:
        out = round_trip(window, codec, compression=compression)
        shifts = range(-20, 21)
        found = [alike(np.roll(out, s)[2_000:-2_000], window[2_000:-2_000]) for s in shifts]
        assert shifts[int(np.argmax(found))] == pytest.approx(0, abs=1)
        assert 0.9 < max(found) < 0.999999


@pytest.mark.parametrize("codec", CODECS, ids=IDS)
@settings(max_examples=8)
@given(size=st.integers(1, 4_000), shape=st.sampled_from(("noise", "click", "square", "faint")))
def test_every_length_comes_back(codec: Codec, size: int, shape: str) -> None:
    out = round_trip(made(shape, size), codec, compression=codec.compression[1])
    assert out.shape == (size,)
    assert out.dtype == np.float32


def test_the_level_stays() -> None:
    faint = tone(440.0, 9_000) * np.float32(1e-3)
    out = round_trip(faint, CODECS[0], compression=0.5)
    assert np.linalg.norm(out) == pytest.approx(np.linalg.norm(faint), rel=0.05)


def test_codecs_share_all_windows() -> None:
    assert sum(codec.share for codec in CODECS) == pytest.approx(1)
