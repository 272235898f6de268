"""Deletion, insertion and what is made of them, on maps whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.training.measures.faithfulness import (
    CELL_FRAMES,
    CELL_ROWS,
    FRACTIONS,
    altered,
    area,
    floor_of,
    in_cells,
    mean_over_groups,
    share_within,
    similarity,
)

SHAPES = [(128, 130), (64, 256), (40, 130)]


@pytest.mark.parametrize("shape", SHAPES)
def test_cells_cover_every_place_once(shape: tuple[int, int]) -> None:
    grid = np.random.default_rng(1).normal(size=shape)
    cells = in_cells(grid)
    assert cells.shape == (CELL_ROWS, CELL_FRAMES)
    assert cells.sum() == pytest.approx(grid.sum())


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_taken_away_and_what_is_kept_complete_each_other(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    features = rng.normal(size=shape).astype(np.float32)
    scores = rng.random((CELL_ROWS, CELL_FRAMES))
    gone, alone = (altered(features, scores, keeps=keeps) for keeps in (False, True))
    assert gone.shape == (len(FRACTIONS), *shape)
    np.testing.assert_array_equal(gone[0], features)
    np.testing.assert_array_equal(alone[-1], features)
    np.testing.assert_array_equal(gone[-1], floor_of(features))
    np.testing.assert_array_equal(alone[0], floor_of(features))
    whole = np.broadcast_to(features + floor_of(features), gone.shape)
    np.testing.assert_allclose(gone + alone, whole, atol=1e-5)


def test_the_most_evident_cells_go_first() -> None:
    features = np.random.default_rng(3).normal(size=(128, 130)).astype(np.float32)
    scores = np.zeros((CELL_ROWS, CELL_FRAMES))
    scores[5, 7] = 1.0
    gone = altered(features, scores, keeps=False)
    changed = gone[1] != features
    assert changed[20:24, 35:40].any()


def test_the_floor_never_lies_above_the_sound() -> None:
    features = np.random.default_rng(4).normal(size=(128, 130)).astype(np.float32)
    assert (floor_of(features) <= features).all()


def test_an_even_curve_has_its_height_as_area() -> None:
    assert area(np.full(len(FRACTIONS), 0.4)) == pytest.approx(0.4)


@given(shift=st.floats(-5, 5))
def test_a_difference_that_all_groups_share_has_an_interval_beside_zero(shift: float) -> None:
    values = (np.random.default_rng(5).normal(size=60) * 0.01 + shift).tolist()
    found = mean_over_groups(values, [str(number % 12) for number in range(60)])
    assert found.low <= found.value <= found.high
    assert found.high - found.low < 0.02


def test_groups_count_as_wholes() -> None:
    one_sided = [1.0] * 50 + [0.0] * 50
    few = mean_over_groups(one_sided, ["a"] * 50 + ["b"] * 50)
    many = mean_over_groups(one_sided, [str(number) for number in range(100)])
    assert few.high - few.low > 3 * (many.high - many.low)


def test_similarity_knows_the_same_the_opposite_and_the_flat() -> None:
    grid = np.random.default_rng(6).normal(size=(128, 130))
    assert similarity(grid, 2 * grid + 1) == pytest.approx(1.0)
    assert similarity(grid, -grid) == pytest.approx(-1.0)
    assert similarity(grid, np.ones((128, 130))) == 0.0


def test_a_share_counts_only_what_speaks_for_it() -> None:
    grid = np.array([[1.0, -5.0], [3.0, 0.0]])
    part = np.array([[True, True], [False, False]])
    assert share_within(grid, part) == pytest.approx(0.25)
    assert share_within(-np.abs(grid), part) == 0.0
