"""Figures in the window are written as its language writes them; exports keep points."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from view_doubles import make_result, make_update

from timbrescope.desktop.export.records import as_record
from timbrescope.desktop.export.spreadsheet import csv_row
from timbrescope.desktop.views.answers.wording import decibels
from timbrescope.desktop.views.files.remaining import remaining_words
from timbrescope.desktop.views.frame.status_strip import StatusStrip
from timbrescope.desktop.views.spectrogram.crosshair import Pointed
from timbrescope.desktop.views.spectrogram.mel_scale import band_from_hz
from timbrescope.desktop.views.words.catalogue import LANGUAGES, tr, use_language
from timbrescope.desktop.views.words.figures import brief_figure, figure
from timbrescope.models.evidence_words import _Teller

COMMA = ("de", "es", "fr", "it")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("language", "figures"),
    [
        ("en", ("0.5", "12,345", "−3.5")),
        ("de", ("0,5", "12.345", "−3,5")),
        ("fr", ("0,5", "12\u202f345", "−3,5")),
        ("it", ("0,5", "12.345", "−3,5")),
        ("es", ("0,5", "12.345", "−3,5")),
    ],
)
def test_signs_are_those_of_the_language(language: str, figures: tuple[str, ...]) -> None:
    use_language(language)
    assert (figure(0.5, 1), figure(12345), figure(-3.5, 1)) == figures


@pytest.mark.parametrize(
    ("khz", "words"), [(48.0, "48"), (44.1, "44,1"), (22.05, "22,05"), (11.025, "11,025")]
)
def test_no_more_decimals_than_there_are(khz: float, words: str) -> None:
    use_language("de")
    assert brief_figure(khz) == words


@pytest.mark.parametrize("language", COMMA)
def test_times_in_a_sentence_cannot_be_mistaken_for_one(language: str) -> None:
    use_language(language)
    told = _Teller(tr, figure).times([0.4, 1.1, 1.5])
    assert "0:00,4" in told
    assert ";" in told
    assert ", " not in told
    use_language("en")
    assert _Teller(tr, figure).times([0.4, 1.1, 1.5]) == "0:00.4, 0:01.1 and 0:01.5"
    assert _Teller(tr, figure).times([59.0, 64.5]) == "0:59.0 and 1:04.5"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_window_tells_has_the_languages_signs(qtbot: QtBot, language: str) -> None:
    use_language(language)
    sign = QLocale(language).decimalPoint()
    other = "." if sign == "," else ","
    pointed = Pointed(64.5, band_from_hz(440.0), -12.4)
    strip = StatusStrip()
    qtbot.addWidget(strip)
    update = make_update()
    source = replace(update.source, sample_rate_hz=44_100)
    strip.show_update(replace(update, source=source), elapsed_s=10.0)
    shown = [label.text() for label in strip.findChildren(QLabel)]
    for told in (remaining_words(5.5 * 3600), pointed.words, *shown):
        assert f"4{other}1" not in told
    assert f"5{sign}5" in remaining_words(5.5 * 3600)
    assert f"1:04{sign}5" in pointed.words
    assert any(f"44{sign}1 kHz" in each for each in shown)
    assert "−12" in decibels(-12.4)


@pytest.mark.parametrize("language", COMMA)
def test_what_programs_read_keeps_its_points(language: str) -> None:
    result = make_result(Path("a.wav"))
    before = (csv_row(result), as_record(result))
    use_language(language)
    assert (csv_row(result), as_record(result)) == before
