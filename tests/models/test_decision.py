"""A sound that gets no name gets a reason whose figures agree with that."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from timbrescope.models.analysis import Reason, State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.decision import doubt_of, judge

LIMITS = Thresholds(quiet_dbfs=-60.0, not_sure=0.5, least_known=0.976)
SHARES = arrays(np.float64, 29, elements=st.floats(1e-6, 1.0)).map(
    lambda found: found / found.sum()
)
PEAKED = st.builds(
    lambda shares, place, peak: (1 - peak) * shares + peak * np.eye(29)[place],
    SHARES,
    st.integers(0, 28),
    st.floats(0.0, 1.0),
)


def probabilities_of(first: float, second: float = 0.0) -> np.ndarray:
    return np.array([first, second, *[0.0] * 26])


@given(PEAKED, st.none() | st.floats(-8, 8))
def test_what_was_found_misses_what_is_needed(shares: np.ndarray, log_odds: float | None) -> None:
    state = judge(shares[:28], level_dbfs=-20.0, thresholds=LIMITS, log_odds=log_odds)
    doubt = doubt_of(state, shares[:28], thresholds=LIMITS, log_odds=log_odds)
    assert (doubt is None) == (state is State.INSTRUMENT)
    if doubt is None:
        return
    assert doubt.reason is not Reason.CHANGING
    if doubt.reason is Reason.PERHAPS_NONE:
        assert doubt.found > doubt.needed
    else:
        assert doubt.found < doubt.needed
    if state is State.NONE_OF_THEM:
        assert doubt.reason is Reason.PERHAPS_NONE
        assert doubt.found > 0.5


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (0.95, 0.02, Reason.PERHAPS_NONE),
        (0.40, 0.20, Reason.PERHAPS_NONE),
        (0.45, 0.40, Reason.UNLIKELY),
        (0.49, 0.49, Reason.UNLIKELY),
    ],
)
def test_the_likelier_alternative_is_the_reason(
    first: float, second: float, reason: Reason
) -> None:
    doubt = doubt_of(State.NOT_SURE, probabilities_of(first, second), thresholds=LIMITS)
    assert doubt is not None
    assert doubt.reason is reason


def test_a_steady_answer_that_waits_says_that_it_does() -> None:
    doubt = doubt_of(State.NOT_SURE, probabilities_of(0.99), thresholds=LIMITS)
    assert doubt is not None
    assert doubt.reason is Reason.CHANGING


@pytest.mark.parametrize("state", [State.QUIET, State.LISTENING, State.NO_SIGNAL])
def test_where_nothing_is_heard_there_is_no_doubt(state: State) -> None:
    assert doubt_of(state, probabilities_of(0.9), thresholds=LIMITS) is None
