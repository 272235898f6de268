"""One rule decides why nothing is named; its words never contradict the figures beside them."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.engine.doubt_words import (
    doubt_in_brief,
    doubt_in_words,
    guess_words,
    likeliest,
)
from timbrescope.models.analysis import Doubt, Reason, State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.decision import doubt_of, judge
from timbrescope.models.instruments import NAMES

SHARES = st.lists(st.floats(0.0, 1.0), min_size=len(NAMES), max_size=len(NAMES))


@given(SHARES, st.floats(0.0, 1.0), st.floats(0.01, 0.99), st.floats(0.02, 0.99))
def test_what_is_told_never_contradicts_the_limits(
    shares: list[float], known: float, not_sure: float, least_known: float
) -> None:
    probabilities = np.array(shares) ** 8 + 1e-9
    probabilities *= known / probabilities.sum()
    limits = Thresholds(quiet_dbfs=-60.0, not_sure=not_sure, least_known=least_known)
    state = judge(probabilities, level_dbfs=-20.0, thresholds=limits)
    doubt = doubt_of(state, probabilities, thresholds=limits)
    brief = doubt_in_brief(doubt)
    assert bool(brief) == (state is not State.INSTRUMENT)
    if doubt is None or doubt.reason is Reason.CHANGING:
        return
    likely = likeliest(probabilities)
    for told in (f"{doubt.found:.0%}, {brief}", doubt_in_words(likely, doubt)):
        figures = [float(each) for each in re.findall(r"([\d.]+)%", told)]
        if "perhaps none" in told:
            share, limit = figures[1:3]
            assert share >= limit >= 1
        elif "a name needs" in told and "a little more" not in told:
            assert figures[0] < figures[1] or figures[2] < figures[1]


def test_figures_that_look_alike_are_told_more_closely() -> None:
    assert doubt_in_brief(Doubt(Reason.UNLIKELY, 0.596, 0.6)) == "a name needs 60.0% (59.6%)"
    assert doubt_in_brief(Doubt(Reason.UNLIKELY, 0.6, 0.6)) == "a name needs a little more"
    assert doubt_in_words(
        (("Violin", 0.596), ("Flute", 0.2)), Doubt(Reason.UNLIKELY, 0.596, 0.6)
    ) == ("Between Violin 60% and Flute 20%")


@pytest.mark.parametrize(
    ("doubt", "words"),
    [
        (None, "Violin? 40%"),
        (Doubt(Reason.UNLIKELY, 0.4, 0.6), "Violin? 40%, a name needs 60%"),
        (Doubt(Reason.CHANGING, 0.4, 0.3), "Violin? 40%, named if it stays"),
        (
            Doubt(Reason.PERHAPS_NONE, 0.002, 0.001),
            "Violin? 40%, perhaps none of the 28 (1%; a name needs less than 1%)",
        ),
    ],
)
def test_a_guess_has_a_question_mark_and_what_keeps_it_from_its_name(
    doubt: Doubt | None, words: str
) -> None:
    assert guess_words("Violin", 0.4, doubt) == words


def test_the_two_likeliest_come_in_order() -> None:
    shares = np.zeros(len(NAMES))
    shares[3], shares[7] = 0.3, 0.5
    assert likeliest(shares) == ((NAMES[7], 0.5), (NAMES[3], 0.3))
