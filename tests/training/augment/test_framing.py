import numpy as np
import pytest
from heard import SEEDS, made, tone
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.level import peak_dbfs, rms_dbfs
from timbrescope.training.augment.framing import (
    LEAST_LEFT_SHARE,
    PAUSES,
    PEAK_DBFS,
    delivered,
    paused,
)

SIZE = 12_000


@settings(max_examples=50)
@given(seed=SEEDS)
def test_windows_arrive_within_the_range_of_levels(seed: int) -> None:
    out = delivered(made("noise", 500), rng=np.random.default_rng(seed))
    assert PEAK_DBFS[0] - 0.01 <= peak_dbfs(out) <= PEAK_DBFS[1] + 0.01


def test_half_of_the_windows_arrive_upside_down() -> None:
    window = made("constant", 100)
    ups = [delivered(window, rng=np.random.default_rng(seed))[0] > 0 for seed in range(100)]
    assert 30 < sum(ups) < 70


@settings(max_examples=60)
@given(seed=SEEDS, kind=st.sampled_from(PAUSES))
def test_a_pause_leaves_enough_to_hear(seed: int, kind: str) -> None:
    window = made("tone", SIZE)
    out = paused(window, kind=kind, rng=np.random.default_rng(seed))
    assert rms_dbfs(out) - rms_dbfs(window) > 10 * np.log10(LEAST_LEFT_SHARE) - 0.1


@pytest.mark.parametrize("kind", PAUSES)
def test_a_pause_is_where_its_name_says_with_faint_room_tone(kind: str) -> None:
    window, pauses_s, tones = tone(441.0, SIZE), [], []
    for seed in range(30):
        out = paused(window, kind=kind, rng=np.random.default_rng(seed))
        quiet = np.abs(out).reshape(-1, 50).max(axis=1) < 0.01
        if quiet.any():
            places = np.flatnonzero(quiet)
            assert np.ptp(places) == places.size - 1
            assert (kind == "late start") <= quiet[0]
            assert (kind == "early stop") <= quiet[-1]
            pauses_s.append(places.size)
            tones.append(bool(out.reshape(-1, 50)[places[places.size // 2]].any()))
    assert len(pauses_s) > 10
    assert 0.2 < np.mean(tones) < 0.8


def test_a_single_hit_is_not_paused_away() -> None:
    click = made("click", SIZE)
    for seed in range(30):
        out = paused(click, kind="gap", rng=np.random.default_rng(seed))
        assert np.abs(out).max() > 0.5
