"""For an audience: an answer that can be read before it goes, and the three best in large type."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot
from view_doubles import probabilities_of

from timbrescope.desktop.views.answers.held_answer import HELD_S, Held, HeldAnswer
from timbrescope.desktop.views.answers.top_bars import TopBars
from timbrescope.desktop.views.answers.wording import AnswerText
from timbrescope.desktop.views.style.theme import DARK

NOTHING = AnswerText("Listening", "", "", None, is_guess=True)
FRAME_S = 0.033


def claim(name: str, index: int) -> Held:
    shares = np.zeros(28, np.float32)
    shares[index] = 0.9
    return Held(AnswerText(name, "90 %", "", index, is_guess=False), shares)


def silence() -> Held:
    return Held(NOTHING, np.zeros(28, np.float32))


SAID = st.sampled_from(["Violin", "Flute", ""])


@given(st.lists(st.tuples(SAID, st.integers(1, 90)), min_size=1, max_size=12))
def test_a_claim_stays_two_seconds_and_its_bars_with_it(said: list[tuple[str, int]]) -> None:
    held = HeldAnswer()
    shown: list[str] = []
    for name, frames in said:
        newest = claim(name, 27 if name == "Violin" else 11) if name else silence()
        for _ in range(frames):
            found = held.follow(newest, elapsed_s=FRAME_S)
            assert (found.answer.index is None) == (found.shares.max() == 0)
            if found.answer.index is not None:
                assert found.shares.argmax() == found.answer.index
            shown.append(found.answer.headline)
    runs: list[list[str]] = []
    for headline in shown:
        if runs and runs[-1][0] == headline:
            runs[-1].append(headline)
        else:
            runs.append([headline])
    for run in runs[:-1]:
        if run[0] != "Listening":
            assert len(run) * FRAME_S >= HELD_S - 2 * FRAME_S


def test_the_three_best_are_shown_and_do_not_flicker(qtbot: QtBot) -> None:
    bars = TopBars(DARK)
    qtbot.addWidget(bars)
    bars.resize(600, 120)
    bars.show_probabilities(probabilities_of(Violin=0.5, Flute=0.2, Piano=0.1))
    assert [line.split(" ")[0] for line in bars.lines] == ["Violin", "Flute", "Piano"]
    # One per cent more is not enough to change places.
    bars.show_probabilities(probabilities_of(Violin=0.5, Flute=0.15, Piano=0.16))
    assert [line.split(" ")[0] for line in bars.lines] == ["Violin", "Flute", "Piano"]
    bars.show_probabilities(probabilities_of(Violin=0.1, Flute=0.15, Piano=0.6))
    assert bars.lines[0].startswith("Piano")
    bars.grab()
    bars.show_probabilities(np.zeros(28, np.float32))
    assert bars.lines == ()


@pytest.mark.parametrize("scale", [1.0, 3.0, 8.0])
def test_its_type_grows_with_the_screen(qtbot: QtBot, scale: float) -> None:
    bars = TopBars(DARK, scale=scale)
    qtbot.addWidget(bars)
    assert bars.sizeHint().height() > 40 * scale


def test_a_row_with_nothing_to_say_is_not_drawn_and_keeps_its_room(qtbot: QtBot) -> None:
    bars = TopBars(DARK, scale=4.0)
    qtbot.addWidget(bars)
    bars.resize(900, 300)
    room = bars.sizeHint()
    bars.show_probabilities(probabilities_of(Violin=0.995))
    assert len(bars.lines) == 1
    assert bars.sizeHint() == room
    picture = bars.grab().toImage()
    ground = picture.pixelColor(2, 2)
    drawn = [picture.pixelColor(600, 50 + 100 * row) != ground for row in range(3)]
    assert drawn == [True, False, False]


def test_without_a_claim_no_row_looks_like_the_answer(qtbot: QtBot) -> None:
    bars = TopBars(DARK)
    qtbot.addWidget(bars)
    bars.resize(320, bars.sizeHint().height())
    shares = probabilities_of(Dobro=0.05, Violin=0.01)
    bars.show_probabilities(shares, claims=False)
    quiet = bars.grab().toImage()
    bars.show_probabilities(shares)
    assert bars.grab().toImage() != quiet
