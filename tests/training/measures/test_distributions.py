"""The measures between maps are distances: zero for alike maps, bounded, in the right direction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.training.measures.distributions import (
    distribution,
    earth_movers,
    jensen_shannon,
    kullback_leibler,
    mean_difference,
)

MEASURES = (kullback_leibler, jensen_shannon, earth_movers, mean_difference)
SHAPES = st.tuples(st.integers(2, 12), st.integers(2, 12))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shape=SHAPES, power=st.floats(0.1, 6.0))
def test_they_are_none_for_alike_maps_and_bounded(
    seed: int, shape: tuple[int, int], power: float
) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.random(shape) ** power, rng.random(shape) ** power
    for measure in MEASURES:
        assert measure(one, 3.0 * one) == pytest.approx(0.0, abs=1e-9)
        assert measure(one, other) >= 0.0
    assert jensen_shannon(one, other) == pytest.approx(jensen_shannon(other, one))
    assert jensen_shannon(one, other) <= math.log(2) + 1e-12
    assert earth_movers(one, other) <= 1.0
    assert mean_difference(one, other) <= 1.0
    assert distribution(one).sum() == pytest.approx(1.0)


def test_the_further_shares_move_the_larger_the_earth_movers_distance() -> None:
    start = np.zeros((2, 11))
    start[:, 0] = 1.0
    moved = [np.roll(start, shift, axis=1) for shift in (1, 5, 10)]
    assert [earth_movers(start, each) for each in moved] == pytest.approx([0.05, 0.25, 0.5])


def test_maps_without_a_common_cell_are_as_far_apart_as_can_be() -> None:
    one, other = np.eye(4), np.fliplr(np.eye(4))
    assert jensen_shannon(one, other) == pytest.approx(math.log(2))
    assert kullback_leibler(one, other) > 10.0


def test_an_empty_map_is_spread_evenly() -> None:
    assert (distribution(np.zeros((2, 4))) == 1 / 8).all()
