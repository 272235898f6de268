"""Heatmaps lie where their cells looked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.heatmaps import evidence, normalised


@given(row=st.integers(0, 31), column=st.integers(0, 31))
def test_a_single_cell_lights_up_the_frames_it_saw(row: int, column: int) -> None:
    heatmap = np.zeros((32, 32), dtype=np.float32)
    heatmap[row, column] = 3.0
    found = evidence(heatmap, kind="mel")
    bands, frames = np.nonzero(found > 0.99 * found.max())
    assert found.shape == (128, 130)
    assert set(bands) <= set(range(4 * row, 4 * row + 4))
    # The two frames beyond the last cell repeat it.
    last = 4 * column + (6 if column == 31 else 4)
    assert set(frames) <= set(range(4 * column, last))


def test_mfcc_evidence_has_no_frequency() -> None:
    heatmap = np.random.default_rng(1).random((10, 32)).astype(np.float32)
    found = evidence(heatmap, kind="mfcc")
    assert found.shape == (128, 130)
    np.testing.assert_array_equal(found, np.broadcast_to(found[:1], found.shape))
    assert found.max() == pytest.approx(1.0)


def test_an_empty_map_stays_empty() -> None:
    assert not normalised(np.zeros((32, 32))).any()
    assert not evidence(np.zeros((32, 32)), kind="mel").any()


@given(scale=st.floats(1e-6, 1e6))
def test_normalising_forgets_the_scale(scale: float) -> None:
    heatmap = np.random.default_rng(3).random((8, 8))
    np.testing.assert_allclose(normalised(heatmap * scale), normalised(heatmap), rtol=1e-5)
