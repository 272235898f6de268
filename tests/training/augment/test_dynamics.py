from collections.abc import Callable

import numpy as np
import pytest
from heard import level_db, tone

from timbrescope.models.frontend import Samples
from timbrescope.models.level import peak_dbfs, rms_dbfs
from timbrescope.training.augment.dynamics import KINDS, SHARES, clipped, compressed, driven, gated

SIZE = 20_000


def _loud_then_soft(difference_db: float) -> Samples:
    window = tone(500.0, SIZE)
    window[SIZE // 2 :] *= np.float32(10 ** (-difference_db / 20))
    return window


def _difference_db(window: Samples) -> float:
    return rms_dbfs(window[2_000:8_000]) - rms_dbfs(window[-6_000:])


def test_a_compressor_shrinks_differences_by_its_ratio() -> None:
    out = compressed(_loud_then_soft(20), threshold_db=-30, ratio=4, attack_s=0.005, release_s=0.05)
    assert _difference_db(out) == pytest.approx(5, abs=0.5)


def test_a_compressor_leaves_what_is_below_its_threshold() -> None:
    window = _loud_then_soft(6)
    window[0] = 1.0
    out = compressed(window, threshold_db=-3, ratio=8, attack_s=0.05, release_s=0.05)
    assert _difference_db(out) == pytest.approx(6, abs=0.5)


def test_a_gate_silences_what_is_soft() -> None:
    out = gated(_loud_then_soft(50), threshold_db=-40, floor_db=-25, release_s=0.03)
    assert _difference_db(out) == pytest.approx(75, abs=2)


@pytest.mark.parametrize("change", [driven, clipped])
def test_overdriving_flattens_peaks_keeps_the_level_and_adds_overtones(
    change: Callable[..., Samples],
) -> None:
    window = tone(500.0, SIZE)
    out = change(window, drive_db=9.0)
    assert peak_dbfs(out) == pytest.approx(peak_dbfs(window), abs=0.01)
    assert rms_dbfs(out) > rms_dbfs(window) + 1
    assert level_db(out, 1_490, 1_510) > level_db(window, 1_490, 1_510) + 40


def test_only_a_bias_adds_even_overtones() -> None:
    window = tone(500.0, SIZE)
    straight, bent = (driven(window, drive_db=6, bias=bias) for bias in (0.0, 0.3))
    assert level_db(bent, 990, 1_010) > level_db(straight, 990, 1_010) + 40


def test_kinds_share_all_windows() -> None:
    assert len(KINDS) == len(SHARES)
    assert sum(SHARES) == pytest.approx(1)
