"""Every text has all languages, no field is lost, and nothing is shown past the catalogue."""

import re
import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot
from shown_texts import VIEWS, shown_texts, untranslated
from view_doubles import FakeFiles, FakeLive, list_models, make_update, probabilities_of

from timbrescope.desktop.engine.stream import Stream
from timbrescope.desktop.settings import LANGUAGES as KEPT_LANGUAGES
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.spectrogram import told_evidence
from timbrescope.desktop.views.words.catalogue import (
    LANGUAGES,
    SYSTEM,
    language,
    texts,
    tr,
    translated,
    trn,
    use_language,
)
from timbrescope.desktop.views.words.engine_texts import ENGINE_TEXTS
from timbrescope.desktop.views.words.short_names import SHORT_NAMES
from timbrescope.models import evidence_words
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES

OTHERS = tuple(key for key in LANGUAGES if key != "en")
# Names and words that nobody needs to read.
BRAND = {"Timbrescope"}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("other", OTHERS)
def test_every_text_is_there_and_none_that_nobody_shows(other: str) -> None:
    assert set(texts(other)) == shown_texts()
    assert all(text.strip() for text in texts(other).values())


@pytest.mark.parametrize("other", OTHERS)
def test_no_field_is_lost_and_none_is_invented(other: str) -> None:
    for english, text in texts(other).items():
        assert _fields(text) == _fields(english), english
        assert english.count("\n") == text.count("\n"), english


@pytest.mark.parametrize("other", OTHERS)
def test_most_texts_differ_from_english(other: str) -> None:
    same = [english for english, text in texts(other).items() if english == text]
    assert len(same) < 0.08 * len(texts(other)), same


@pytest.mark.parametrize("other", OTHERS)
def test_signs_are_set_as_the_language_sets_them(other: str) -> None:
    for english, text in texts(other).items():
        assert "'" not in text, f"{english}: an apostrophe is ’"
        assert not re.search(r"[\d}] (?:s|min|h|ms|Hz|%)(?![\w’])", text), (
            f"{english}: unit torn off"
        )
        if other == "fr":
            assert not re.search(r"[^\u00a0]:|[^\u202f(][;?!]|«[^\u00a0]|[^\u00a0]»", text), english


def test_nothing_is_shown_past_the_catalogue() -> None:
    found = [words for path in sorted(VIEWS.rglob("*.py")) for words in untranslated(path)]
    assert [each for each in found if each.split(": ")[1] not in BRAND | {" (Space)"}] == []


@pytest.mark.parametrize(
    ("system", "expected"), [("de_AT", "de"), ("fr", "fr"), ("ja_JP", "en"), ("", "en")]
)
def test_the_systems_language_is_taken_where_it_is_known(system: str, expected: str) -> None:
    assert use_language(SYSTEM, system=system) == expected
    assert language() == expected


def test_the_settings_offer_what_there_is(settings: Settings) -> None:
    assert set(KEPT_LANGUAGES) == {SYSTEM, *LANGUAGES}
    assert settings.language == SYSTEM
    settings.language = "it"
    assert settings.language == "it"


def test_one_and_several_and_none() -> None:
    one, several = "{count} file", "{count} files"
    assert [trn(one, several, count) for count in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    use_language("fr")
    assert [trn(one, several, count) for count in (0, 1, 2)] == [
        "0 fichier",
        "1 fichier",
        "2 fichiers",
    ]


def test_what_an_engine_says_is_recognised_with_what_it_quotes() -> None:
    use_language("de")
    assert translated(Stream.zeros_message) == texts("de")[Stream.zeros_message]
    assert translated("Mic (2) has stopped; it is opened again by itself.").startswith("Mic (2) ")
    assert translated("Something that nobody knows.") == "Something that nobody knows."


@given(st.sampled_from(ENGINE_TEXTS), st.text(max_size=20))
def test_quotes_of_any_kind_pass_through(form: str, quoted: str) -> None:
    use_language("it")
    said = form.format(**dict.fromkeys(_fields(form), quoted))
    shown = translated(said)
    assert not _fields(form) or shown.count(quoted) >= 1


def test_short_names_are_short_and_differ() -> None:
    assert set(SHORT_NAMES) == set(NAMES)
    assert len(set(SHORT_NAMES.values())) == len(NAMES)
    assert max(map(len, SHORT_NAMES.values())) <= 4


@pytest.mark.parametrize("other", OTHERS)
def test_the_window_speaks_it(qtbot: QtBot, settings: Settings, other: str) -> None:
    use_language(other)
    update = make_update(state=State.INSTRUMENT, probabilities=probabilities_of(Violin=0.9))
    window = MainWindow(FakeLive(update), FakeFiles(), settings, list_models=list_models)
    qtbot.addWidget(window)
    window.show()
    window._timer.stop()
    window.show_frame()
    assert window.live_view.answer.answer.headline == texts(other)["Violin"] == tr("Violin")
    # The longer words fit the smallest screen too.
    assert window.minimumSizeHint().width() <= 960
    window.preferences.show_settings()
    window.grab()
    window.close()


def test_every_form_of_the_sentence_on_the_evidence_is_translated() -> None:
    assert told_evidence.FORMS == evidence_words.FORMS
