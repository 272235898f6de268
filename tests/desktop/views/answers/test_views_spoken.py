"""Screen readers: the answer is announced with the claim, level and bars have values."""

import numpy as np
import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot
from view_doubles import probabilities_of

from timbrescope.desktop.engine.messages import LevelReading
from timbrescope.desktop.views.answers import answer_view
from timbrescope.desktop.views.answers.answer_view import AnswerView
from timbrescope.desktop.views.answers.bars_view import BarsView
from timbrescope.desktop.views.answers.wording import answer_text
from timbrescope.desktop.views.live.level_meter import LevelMeter
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State


def test_the_answer_is_announced_with_the_claim_and_not_with_each_figure(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(answer_view, "announce", lambda _, text: said.append(text))
    view = AnswerView(DARK)
    qtbot.addWidget(view)
    for share in (0.90, 0.91, 0.92):
        view.show_answer(answer_text(State.INSTRUMENT, probabilities_of(Violin=share)))
    view.show_answer(answer_text(State.INSTRUMENT, probabilities_of(Flute=0.8)))
    assert len(said) == 2
    assert said[0].startswith("Violin, 90")
    assert said[1].startswith("Flute, 80")


def test_every_bar_has_a_name_and_a_value_that_readers_find(qtbot: QtBot) -> None:
    bars = BarsView(DARK)
    qtbot.addWidget(bars)
    bars.resize(300, 600)
    bars.show()
    shares = probabilities_of(Violin=0.79)
    bars.show_probabilities(shares, best=27, none_of_them=0.05)
    values = bars.spoken.values
    assert len(values) == 29
    assert values["Violin"] == 79
    assert values["None of the 28"] == 5
    tree = QAccessible.queryAccessibleInterface(bars)
    found = {
        tree.child(number).text(QAccessible.Text.Name): tree.child(number)
        for number in range(tree.childCount())
    }
    violin = found["Violin"]
    assert violin.role() == QAccessible.Role.ProgressBar
    assert violin.valueInterface().currentValue() == 79
    assert violin.rect().height() > 5


def test_the_level_is_told_in_figures_and_words_once_a_second(qtbot: QtBot) -> None:
    meter = LevelMeter(DARK)
    qtbot.addWidget(meter)
    told = []
    for step in range(90):
        meter.show_level(LevelReading(-20.0 + step % 3, -15.0), elapsed_s=1 / 30)
        told.append(meter.accessibleDescription())
    assert told[-1].endswith("good")
    assert "dBFS" in told[-1]
    assert np.count_nonzero([a != b for a, b in zip(told[1:], told, strict=False)]) <= 3
