import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from timbrescope.desktop.views.spectrogram.contour import contour_segments


def test_a_disc_is_surrounded_by_its_circle() -> None:
    rows, columns = np.mgrid[0:60, 0:80]
    distance = np.hypot(rows - 30, columns - 40).astype(np.float32)
    pieces = contour_segments(-distance, level=-15.0)
    radius = np.hypot(pieces[..., 0] - 40, pieces[..., 1] - 30)
    assert np.allclose(radius, 15.0, atol=0.1)
    length = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum()
    assert np.isclose(length, 2 * np.pi * 15, rtol=0.02)


def test_nothing_to_draw_without_a_crossing() -> None:
    assert contour_segments(np.zeros((5, 5), np.float32), level=0.5).shape == (0, 2, 2)
    assert contour_segments(np.ones((5, 5), np.float32), level=0.5).shape == (0, 2, 2)


@given(arrays(np.float32, (7, 9), elements=st.sampled_from([0.0, 0.25, 0.75, 1.0])))
def test_lines_close_inside_a_grid(grid: np.ndarray) -> None:
    padded = np.pad(grid, 1)
    pieces = contour_segments(padded, level=0.5)
    ends, counts = np.unique(pieces.reshape(-1, 2).round(6), axis=0, return_counts=True)
    assert (counts % 2 == 0).all()
    assert (ends >= 0).all()
    assert (ends <= [10, 8]).all()
