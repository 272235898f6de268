import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from timbrescope.desktop.engine.messages import LevelReading
from timbrescope.desktop.views.live.level_meter import (
    GOOD_FROM_DBFS,
    GOOD_TO_DBFS,
    LOWEST_DBFS,
    LevelMeter,
    position,
)
from timbrescope.desktop.views.style.theme import DARK


@pytest.fixture
def meter(qtbot: QtBot) -> LevelMeter:
    made = LevelMeter(DARK)
    qtbot.addWidget(made)
    return made


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_level_lies_on_the_meter(level_dbfs: float) -> None:
    assert 0.0 <= position(level_dbfs) <= 1.0


def test_the_ends_of_the_scale() -> None:
    assert position(-math.inf) == 0.0
    assert position(-60.0) == 0.0
    assert position(-30.0) == 0.5
    assert position(0.0) == 1.0


def test_peaks_are_held_and_then_fall(meter: LevelMeter) -> None:
    meter.show_level(LevelReading(-20.0, -10.0), elapsed_s=0.03)
    meter.show_level(LevelReading(-40.0, -30.0), elapsed_s=1.0)
    assert meter.peak_dbfs == -10.0
    for _ in range(30):
        meter.show_level(LevelReading(-40.0, -30.0), elapsed_s=0.1)
    assert meter.peak_dbfs == pytest.approx(-30.0, abs=2.1)


def test_clipping_is_shown_for_a_while(meter: LevelMeter) -> None:
    meter.show_level(LevelReading(-3.0, 0.0), elapsed_s=0.03)
    assert meter.is_clipping
    assert "clipping" in meter.advice
    meter.show_level(LevelReading(-20.0, -15.0), elapsed_s=1.0)
    assert meter.is_clipping
    meter.show_level(LevelReading(-20.0, -15.0), elapsed_s=1.5)
    assert not meter.is_clipping


def test_advice_follows_the_level(meter: LevelMeter) -> None:
    assert meter.advice == "no sound"
    meter.show_level(LevelReading(-55.0, -45.0), elapsed_s=0.03)
    assert meter.advice.startswith("low")
    meter.show_level(LevelReading(-20.0, -12.0), elapsed_s=0.03)
    assert meter.advice == "good"


@given(
    st.lists(
        st.tuples(st.floats(-120.0, 0.0), st.floats(0.0, 40.0), st.floats(0.01, 2.0)),
        min_size=1,
        max_size=20,
    )
)
def test_words_figure_and_zone_never_contradict_each_other(
    readings: list[tuple[float, float, float]],
) -> None:
    meter = LevelMeter(DARK)
    for rms_dbfs, crest_db, elapsed_s in readings:
        peak_dbfs = min(-0.2, rms_dbfs + crest_db)
        meter.show_level(LevelReading(rms_dbfs, peak_dbfs), elapsed_s=elapsed_s)
        told = meter.told_dbfs
        assert told >= meter.rms_dbfs
        assert (meter.advice == "good") == (GOOD_FROM_DBFS <= told <= GOOD_TO_DBFS)
        assert (meter.advice == "no sound") == (told <= LOWEST_DBFS)


def test_a_faint_input_is_not_called_good_for_its_last_peak(meter: LevelMeter) -> None:
    meter.show_level(LevelReading(-72.0, -20.0), elapsed_s=0.03)
    assert meter.advice == "no sound"


def test_words_outlast_the_pause_between_two_notes(meter: LevelMeter) -> None:
    meter.show_level(LevelReading(-20.0, -12.0), elapsed_s=0.03)
    meter.show_level(LevelReading(-70.0, -60.0), elapsed_s=1.0)
    assert (meter.advice, meter.told_dbfs) == ("good", -20.0)
    meter.show_level(LevelReading(-70.0, -60.0), elapsed_s=2.0)
    assert meter.advice == "no sound"


def test_silence_lets_the_bar_fall_to_nothing(meter: LevelMeter) -> None:
    meter.show_level(LevelReading(-20.0, -12.0), elapsed_s=0.03)
    for _ in range(40):
        meter.show_level(LevelReading(-math.inf, -math.inf), elapsed_s=0.05)
    assert meter.rms_dbfs == -math.inf
    meter.grab()


def test_where_the_bar_alone_moves_the_words_stay(meter: LevelMeter, qtbot: QtBot) -> None:
    drawn: list[str] = []

    class Watched(LevelMeter):
        def _draw_words(self, *_: object) -> None:
            drawn.append("words")

    watched = Watched(DARK)
    qtbot.addWidget(watched)
    watched.resize(303, 61)
    watched.show_level(LevelReading(-18.2, -12.0), elapsed_s=0.03)
    watched.show()
    qtbot.waitUntil(lambda: drawn != [])
    drawn.clear()
    # As loud in whole decibels, and a few pixels further.
    watched.show_level(LevelReading(-17.8, -10.0), elapsed_s=0.03)
    qtbot.waitUntil(lambda: watched.rms_dbfs == -17.8)
    QApplication.processEvents()
    assert drawn == []
