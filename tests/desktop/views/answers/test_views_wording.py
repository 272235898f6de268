import math
from pathlib import Path

import numpy as np
import pytest
from view_doubles import (
    make_analysis,
    make_error,
    make_result,
    make_update,
    make_window,
    probabilities_of,
)

from timbrescope.desktop.engine.messages import Health, LevelReading
from timbrescope.desktop.views.answers.wording import (
    clock,
    decibels,
    file_answer,
    live_answer,
    percent,
    windows_note,
)
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES


def test_an_instrument_is_named_with_its_probability_and_the_runner_up() -> None:
    shares = probabilities_of(Violin=0.91, Flute=0.05)
    answer = live_answer(make_update(state=State.INSTRUMENT, probabilities=shares))
    assert answer.headline == "Violin"
    assert answer.figure == percent(0.91)
    assert "Flute" in answer.detail
    assert not answer.is_guess


def test_not_sure_claims_nothing_and_gives_the_two_best_guesses() -> None:
    shares = probabilities_of(Violin=0.4, Flute=0.3)
    answer = live_answer(make_update(state=State.NOT_SURE, probabilities=shares))
    assert answer.headline == "Not sure"
    assert answer.figure == ""
    assert answer.index is None
    assert "Violin" in answer.detail
    assert "Flute" in answer.detail


@pytest.mark.parametrize(("share", "also"), [(0.08, " · most like Violin"), (0.001, "")])
def test_none_of_the_28_is_said_with_its_figure(share: float, also: str) -> None:
    held_back = np.zeros(28, dtype=np.float32)
    held_back[NAMES.index("Violin")] = share
    answer = live_answer(make_update(state=State.NONE_OF_THEM, probabilities=held_back))
    assert answer.headline == "None of the 28"
    assert answer.figure == percent(1 - share)
    assert answer.detail.startswith(f"Another instrument, a voice, or a noise{also}")
    assert ("Violin" in answer.detail) == bool(also)


def test_quiet_says_how_quiet() -> None:
    update = make_update(state=State.QUIET, level=LevelReading(-72.4, -60.0))
    assert "−72 dBFS" in live_answer(update).detail


@pytest.mark.parametrize(
    ("health", "headline"),
    [
        (Health.FAILED, "No signal"),
        (Health.STALLED, "No signal"),
        (Health.STARTING, "Starting"),
    ],
)
def test_a_source_that_does_not_run_comes_before_any_answer(health: Health, headline: str) -> None:
    shares = probabilities_of(Violin=0.9)
    update = make_update(state=State.INSTRUMENT, probabilities=shares, health=health)
    answer = live_answer(update)
    assert answer.headline == headline
    assert answer.index is None
    assert answer.detail


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words(state: State) -> None:
    update = make_update(
        state=state, probabilities=probabilities_of(Violin=0.9), preview=make_analysis()
    )
    answer = live_answer(update)
    assert answer.headline
    assert answer.detail
    assert answer.headline in answer.spoken


def test_a_file_that_cannot_be_read_says_why() -> None:
    assert file_answer(make_error(Path("a.wav"), "a.wav is empty")).detail == "a.wav is empty"
    assert file_answer(make_result(Path("b.wav"))).headline == "Violin"


def test_figures() -> None:
    assert decibels(-math.inf) == "digital silence"
    assert decibels(-12.6) == "−13 dBFS"
    assert [clock(s) for s in (0.0, 59.99, 60.0, 3725.0)] == ["0:00", "0:59", "1:00", "1:02:05"]
    assert clock(np.float64(2.9999999999)) == "0:03"


def test_a_pause_keeps_the_last_answer_and_says_so() -> None:
    violin = probabilities_of(Violin=0.9)
    update = make_update(health=Health.PAUSED, state=State.INSTRUMENT, probabilities=violin)
    text = live_answer(update)
    assert (text.headline, text.figure) == ("Violin", "90\u202f%")
    assert text.detail == "Paused. Press Space to go on listening"
    nothing = live_answer(make_update(health=Health.PAUSED, state=State.QUIET))
    assert nothing.headline == "Paused"


def test_a_note_says_by_which_rule_a_file_and_its_windows_differ() -> None:
    unsure = make_window(3.0, State.NOT_SURE, p=0.4)
    quiet = make_window(6.0, State.QUIET)
    alone = make_result(Path("a.wav"), windows=(unsure, unsure, quiet))
    assert windows_note(alone).startswith("The file's answer comes from the mean of its windows'")
    assert windows_note(alone).endswith("No window says the same by itself.")
    mixed = make_result(Path("a.wav"), windows=(make_window(0.0), unsure))
    assert windows_note(mixed).endswith("By itself one of 2 windows says the same.")


def test_where_they_agree_there_is_no_note() -> None:
    assert windows_note(make_result(Path("a.wav"))) == ""
    assert windows_note(make_error(Path("a.wav"), "cut")) == ""
