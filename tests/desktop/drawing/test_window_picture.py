import numpy as np
import pytest

from timbrescope.desktop.drawing.colour_maps import EVIDENCE_LEVELS, LEVELS, bivariate_table
from timbrescope.desktop.drawing.window_picture import window_pixels

LEVELS_DB = np.array([[-10.0, -50.0, -90.0, -200.0], [-10.0] * 4], np.float32)
TABLE = bivariate_table(dark=True)


def test_the_loudest_is_brightest_and_80_db_below_it_is_silence() -> None:
    pixels = window_pixels(LEVELS_DB, None, dark=True)
    middle = round(0.5 * (LEVELS - 1))
    # The highest band comes first.
    assert pixels.tolist() == [
        [TABLE[0, LEVELS - 1]] * 4,
        [TABLE[0, LEVELS - 1], TABLE[0, middle], TABLE[0, 0], TABLE[0, 0]],
    ]


@pytest.mark.parametrize(("amount", "row"), [(1.0, EVIDENCE_LEVELS - 1), (0.0, 0), (0.5, 16)])
def test_evidence_has_the_colour_of_its_own_strength_whatever_else_is_drawn(
    amount: float, row: int
) -> None:
    evidence = np.zeros((2, 4), np.float32)
    evidence[1, 2] = amount
    assert window_pixels(LEVELS_DB, evidence, dark=True)[0, 2] == TABLE[row, LEVELS - 1]


def test_what_speaks_for_the_other_has_the_other_colour() -> None:
    evidence = np.full((2, 4), -1.0, np.float32)
    assert (window_pixels(LEVELS_DB, evidence, dark=True)[0] == TABLE[-1, LEVELS - 1]).all()


@pytest.mark.parametrize("frames", [2, 7])
def test_evidence_of_another_length_is_laid_from_the_start_on(frames: int) -> None:
    evidence = np.ones((2, frames), np.float32)
    shown = window_pixels(LEVELS_DB, evidence, dark=True)
    without = window_pixels(LEVELS_DB, None, dark=True)
    assert shown.shape == (2, 4)
    np.testing.assert_array_equal(shown[0] != without[0], np.arange(4) < frames)
