import numpy as np
import pytest
from heard import alike, level_db, made, tone

from timbrescope.training.augment.bandwidth import (
    RATE_SHARES,
    RATES_HZ,
    companded,
    quantised,
    resampled_through,
)


@pytest.mark.parametrize("rate_hz", [8_000, 12_000, 16_000])
def test_a_low_rate_removes_what_is_above_its_half(rate_hz: int) -> None:
    noise = made("noise", 22_050)
    out = resampled_through(noise, rate_hz=rate_hz, quality="HQ")
    above, below = (0.52 * rate_hz, 0.65 * rate_hz), (200.0, 0.4 * rate_hz)
    assert level_db(out, *above) < level_db(noise, *above) - 50
    assert level_db(out, *below) == pytest.approx(level_db(noise, *below), abs=0.2)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("quality", ["QQ", "HQ"])
def test_no_rate_delays_anything(rate_hz: int, quality: str) -> None:
    sound = tone(700.0, 9_001)
    out = resampled_through(sound, rate_hz=rate_hz, quality=quality)
    assert alike(out[500:-500], sound[500:-500]) > 0.999


@pytest.mark.parametrize("bits", [8, 12])
def test_steps_are_as_coarse_as_asked(bits: int) -> None:
    sound = tone(100.0, 20_000)
    out = quantised(sound, bits=bits, headroom=1.0)
    step = 0.5 / 2 ** (bits - 1)
    assert np.unique(out).size <= 2**bits + 1
    assert np.abs(out - sound).max() == pytest.approx(step / 2, rel=0.1)


def test_a_telephone_code_is_finer_where_it_is_soft() -> None:
    ramp = np.linspace(0, 1, 20_001, dtype=np.float32)
    out = companded(ramp)
    assert np.unique(out).size <= 128
    assert np.abs(out - ramp)[:400].max() < 0.001 < np.abs(out - ramp)[-400:].max() < 0.03


def test_rates_share_all_windows() -> None:
    assert len(RATES_HZ) == len(RATE_SHARES)
    assert sum(RATE_SHARES) == pytest.approx(1)
