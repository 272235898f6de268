import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.errors import WindowError
from timbrescope.models.pooling import pool


def test_windows_count_by_their_weights() -> None:
    pooled = pool([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], weights=[3.0, 0.0, 1.0])
    np.testing.assert_allclose(pooled.probabilities, [0.875, 0.125])
    assert not pooled.probabilities.flags.writeable


def test_all_windows_count_where_none_has_a_weight() -> None:
    pooled = pool([[1.0, 0.0], [0.0, 1.0]], weights=[0.0, 0.0])
    np.testing.assert_allclose(pooled.probabilities, [0.5, 0.5])


@given(
    weights=st.lists(st.floats(0.0, 3.0, allow_subnormal=False), min_size=1, max_size=8),
    seed=st.integers(0, 2**32 - 1),
)
def test_pooled_probabilities_still_sum_to_one(weights: list[float], seed: int) -> None:
    answers = np.random.default_rng(seed).dirichlet(np.ones(28), size=len(weights))
    pooled = pool(answers, weights=weights).probabilities
    assert pooled.dtype == np.float32
    assert pooled.sum() == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(("answers", "weights"), [([], []), ([[0.5, 0.5]], [1.0, 2.0])])
def test_nothing_or_a_mismatch_cannot_be_pooled(
    answers: list[list[float]], weights: list[float]
) -> None:
    with pytest.raises(WindowError, match="cannot pool"):
        pool(answers, weights=weights)


def test_the_odds_of_any_instrument_are_pooled_as_odds() -> None:
    """One window of noise among three does not hide that the others were nearly sure."""
    nearly, noise = [0.5, 0.499], [0.02, 0.03]
    pooled = pool([nearly, nearly, nearly, noise], weights=[1.0] * 4)
    assert pooled.log_odds == pytest.approx((3 * np.log(999) + np.log(0.05 / 0.95)) / 4)
    np.testing.assert_allclose(pooled.probabilities, np.mean([nearly] * 3 + [noise], axis=0))
    assert pool([nearly, noise], weights=[1.0, 0.0]).log_odds == pytest.approx(np.log(999))
