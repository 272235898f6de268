"""Probabilities of the 28, with and without a class for none of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logsumexp

from timbrescope.models.probabilities import among, calibrated, known_log_odds

LOGITS = arrays(np.float64, 28, elements=st.floats(-40, 40))
TEMPERATURES = st.floats(0.25, 10.0)


@settings(max_examples=30)
@given(LOGITS, TEMPERATURES, st.booleans())
def test_they_are_what_the_formula_says(
    logits: np.ndarray, temperature: float, background: bool
) -> None:
    powers = np.exp(logits / temperature)
    expected = powers / (float(background) + powers.sum(axis=-1, keepdims=True))
    found = calibrated(logits, temperature=temperature, background=background)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)


@settings(max_examples=30)
@given(arrays(np.float64, 28, elements=st.floats(-1e30, 1e30)), TEMPERATURES, st.booleans())
def test_no_logit_is_too_large(logits: np.ndarray, temperature: float, background: bool) -> None:
    found = calibrated(logits, temperature=temperature, background=background)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert found.sum() <= 1 + 1e-9
    if not background:
        assert found.sum() == pytest.approx(1.0)


@settings(max_examples=30)
@given(LOGITS, TEMPERATURES)
def test_the_background_takes_the_same_share_from_all(
    logits: np.ndarray, temperature: float
) -> None:
    without = calibrated(logits, temperature=temperature, background=False)
    found = calibrated(logits, temperature=temperature, background=True)
    known = found.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(found, without * known, rtol=1e-9, atol=1e-300)


def test_where_all_logits_are_far_below_zero_it_is_none_of_them() -> None:
    found = calibrated(np.full(28, -1e6), temperature=1.0, background=True)
    assert (found == 0).all()


@given(st.integers(0, 2**32 - 1), st.floats(0.3, 3.0))
def test_the_odds_of_any_instrument_are_those_of_the_logits(seed: int, temperature: float) -> None:
    logits = np.random.default_rng(seed).normal(-2, 2, (5, 28))
    odds = known_log_odds(calibrated(logits, temperature=temperature, background=True))
    expected = np.clip(logsumexp(logits / temperature, axis=1), -8.0, 8.0)
    np.testing.assert_allclose(odds, expected, atol=1e-6)
    alone = known_log_odds(calibrated(logits, temperature=temperature, background=False))
    np.testing.assert_array_equal(alone, 8.0)


@settings(max_examples=30)
@given(LOGITS, st.booleans(), st.sets(st.integers(0, 27), min_size=1))
def test_among_the_chosen_the_odds_stay_and_the_others_are_ruled_out(
    logits: np.ndarray, background: bool, chosen: set[int]
) -> None:
    whole = calibrated(logits, temperature=1.0, background=background)
    found = among(whole, sorted(chosen))
    others = sorted(set(range(28)) - chosen)
    assert (found[others] == 0).all()
    possible = whole[sorted(chosen)].sum() + max(0.0, 1 - whole.sum())
    np.testing.assert_allclose(
        found * possible, np.where(np.isin(range(28), list(chosen)), whole, 0)
    )
    assert found.sum() <= 1 + 1e-9
