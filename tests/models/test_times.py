"""Times are written in one way: minutes and seconds, whatever they are times of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.times import clock, clock_with_tenths, length

SECONDS = st.floats(0.0, 1e6)


def _seconds(words: str) -> float:
    """Return the seconds that a time says."""
    whole = 0.0
    for part in words.split(":"):
        whole = 60 * whole + float(part)
    return whole


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, ("0:00", "0:00.0", "0:00.0")),
        (57.4, ("0:57", "0:57.4", "0:57")),
        (6.7, ("0:06", "0:06.7", "0:07")),
        (0.4, ("0:00", "0:00.4", "0:00.4")),
        (59.96, ("0:59", "1:00.0", "1:00")),
        (3_599.9, ("59:59", "59:59.9", "1:00:00")),
        (-2.6, ("0:00", "0:00.0", "0:00.0")),
    ],
)
def test_a_position_is_that_which_has_begun_and_a_length_is_rounded(
    seconds: float, words: tuple[str, str, str]
) -> None:
    assert (clock(seconds), clock_with_tenths(seconds), length(seconds)) == words


@given(SECONDS)
def test_what_is_written_is_what_it_is(seconds: float) -> None:
    assert 0.0 <= seconds - _seconds(clock(seconds)) + 1e-5 < 1.0 + 2e-5
    assert _seconds(clock_with_tenths(seconds)) == pytest.approx(seconds, abs=0.0501)
    assert _seconds(length(seconds)) == pytest.approx(seconds, abs=0.5001)


@given(st.integers(0, 10**6))
def test_the_axis_and_the_sentence_name_a_full_second_alike(second: int) -> None:
    assert clock_with_tenths(second) == f"{clock(second)}.0"
