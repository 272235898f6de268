import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.errors import WindowError
from timbrescope.models.frontend import WINDOW_S, WINDOW_SAMPLES
from timbrescope.models.pooling import cut_windows, mean_over_sounding, pooled_over_sounding


@settings(deadline=None, max_examples=30)
@given(count=st.integers(1, 3 * WINDOW_SAMPLES + 1))
def test_windows_hold_every_sample_once_and_only_zeros_beside(count: int) -> None:
    samples = np.arange(1, count + 1, dtype=np.float32)
    windows = list(cut_windows(samples))
    assert all(window.samples.shape == (WINDOW_SAMPLES,) for window in windows)
    assert [window.start_s for window in windows] == [n * WINDOW_S for n in range(len(windows))]
    kept = np.concatenate([window.samples[: window.filled_samples] for window in windows])
    np.testing.assert_array_equal(kept, samples)
    last = windows[-1]
    assert not last.samples[last.filled_samples :].any()


def test_a_full_window_is_not_followed_by_an_empty_one() -> None:
    assert len(list(cut_windows(np.ones(WINDOW_SAMPLES, np.float32)))) == 1
    assert len(list(cut_windows(np.ones(WINDOW_SAMPLES + 1, np.float32)))) == 2


@pytest.mark.parametrize("shape", [(0,), (2, 100)])
def test_what_is_not_mono_sound_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(WindowError, match="shape"):
        list(cut_windows(np.zeros(shape, np.float32)))


def test_quiet_windows_do_not_count() -> None:
    pooled = mean_over_sounding(
        [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]],
        levels_dbfs=[-20.0, -np.inf, -60.0],
        quiet_dbfs=-60.0,
    )
    np.testing.assert_allclose(pooled, [0.75, 0.25])


def test_all_windows_count_where_all_are_quiet() -> None:
    pooled = mean_over_sounding(
        [[1.0, 0.0], [0.0, 1.0]], levels_dbfs=[-90.0, -np.inf], quiet_dbfs=-60.0
    )
    np.testing.assert_allclose(pooled, [0.5, 0.5])


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.lists(st.floats(-100, 0), min_size=n, max_size=n), st.integers(0, 2**32 - 1)
        )
    )
)
def test_pooled_probabilities_still_sum_to_one(drawn: tuple[list[float], int]) -> None:
    levels, seed = drawn
    answers = np.random.default_rng(seed).dirichlet(np.ones(28), size=len(levels))
    pooled = mean_over_sounding(answers, levels_dbfs=levels, quiet_dbfs=-60.0)
    assert pooled.dtype == np.float32
    assert pooled.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(("answers", "levels"), [([], []), ([[0.5, 0.5]], [-1.0, -2.0])])
def test_nothing_or_a_mismatch_cannot_be_pooled(
    answers: list[list[float]], levels: list[float]
) -> None:
    with pytest.raises(WindowError, match="cannot pool"):
        mean_over_sounding(answers, levels_dbfs=levels, quiet_dbfs=-60.0)


def test_the_odds_of_any_instrument_are_pooled_as_odds() -> None:
    """One window of noise among three does not hide that the others were nearly sure."""
    nearly, noise = [0.5, 0.499], [0.02, 0.03]
    pooled = pooled_over_sounding(
        [nearly, nearly, nearly, noise], levels_dbfs=[-20.0] * 4, quiet_dbfs=-60.0
    )
    assert pooled.log_odds == pytest.approx((3 * np.log(999) + np.log(0.05 / 0.95)) / 4)
    np.testing.assert_allclose(pooled.probabilities, np.mean([nearly] * 3 + [noise], axis=0))
    muted = pooled_over_sounding([nearly, noise], levels_dbfs=[-20.0, -90.0], quiet_dbfs=-60.0)
    assert muted.log_odds == pytest.approx(np.log(999))
