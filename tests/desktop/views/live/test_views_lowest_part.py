"""For an audience the lowest part is never empty: the three best, or else the level."""

import pytest
from pytestqt.qtbot import QtBot
from view_doubles import SILENT, make_analysis, make_update, probabilities_of

from timbrescope.desktop.engine.messages import Health, LevelReading, LiveUpdate
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.live.lowest_part import EMPTY_FOR_S
from timbrescope.desktop.views.style.theme import CAPTION, DARK
from timbrescope.models.analysis import State

SHARES = probabilities_of(Violin=0.6, Flute=0.3)


def violin() -> LiveUpdate:
    preview = make_analysis(probabilities=SHARES)
    return make_update(state=State.INSTRUMENT, preview=preview, probabilities=SHARES)


def quiet() -> LiveUpdate:
    return make_update(state=State.QUIET, level=LevelReading(-62.0, -58.0))


@pytest.fixture
def live(qtbot: QtBot) -> LiveView:
    made = LiveView(DARK)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made.set_presenting(True)
    return made


@pytest.mark.parametrize("health", [Health.FAILED, Health.STALLED, Health.RUNNING])
def test_without_anything_to_name_the_level_stands_there(live: LiveView, health: Health) -> None:
    live.show_update(make_update(health=health, state=State.NO_SIGNAL), elapsed_s=0.03)
    assert live.meter.isVisible()
    assert not live.top_bars.isVisible()


def test_the_bars_come_at_once_and_the_level_after_a_moment(live: LiveView) -> None:
    live.show_update(violin(), elapsed_s=0.03)
    assert live.top_bars.isVisible()
    height = live.picture.height()
    # The claim is held for two seconds; after it the bars are empty for a moment.
    live.show_update(quiet(), elapsed_s=2.1)
    live.show_update(quiet(), elapsed_s=EMPTY_FOR_S / 2)
    live.show_update(quiet(), elapsed_s=EMPTY_FOR_S)
    assert live.meter.isVisible()
    assert not live.top_bars.isVisible()
    live.show_update(violin(), elapsed_s=0.03)
    assert live.top_bars.isVisible()
    # Nothing above it moves.
    live.grab()
    assert live.picture.height() == height


def test_afterwards_both_are_where_they_were(live: LiveView) -> None:
    for _ in range(2):
        live.set_presenting(False)
        live.show_update(make_update(level=SILENT), elapsed_s=0.03)
        assert live.meter.isVisible()
        assert live.top_bars.isVisible()
        assert not live.lowest.isVisible()
        assert live.meter.sizeHint().height() < 100
        assert live.top_bars.geometry().top() < live.meter.geometry().top()
        live.set_presenting(True)


def test_the_level_can_be_read_from_far_away(live: LiveView) -> None:
    near = live.meter.sizeHint().height()
    live.resize(1920, 1080)
    live.grab()
    assert live.meter.sizeHint().height() > near
    live.set_presenting(False)
    assert live.meter._type == CAPTION


def test_while_a_claim_is_held_the_evidence_is_its_own(live: LiveView) -> None:
    live.show_update(violin(), elapsed_s=0.03)
    flute = probabilities_of(Flute=0.9)
    other = make_update(
        state=State.INSTRUMENT,
        preview=make_analysis(0.5, probabilities=flute, explained="Flute"),
        probabilities=flute,
    )
    for elapsed_s, name in ((0.5, "Violin"), (2.0, "Flute")):
        live.show_update(other, elapsed_s=elapsed_s)
        assert live.answer.answer.headline == name
        assert live.spectrogram.words.startswith(name)
        assert live.top_bars.lines[0].startswith(name)


def test_the_hint_tells_an_audience_what_it_will_see(live: LiveView) -> None:
    assert "Press D" not in live.hint.text()
    live.set_presenting(False)
    assert "Press D" in live.hint.text()
