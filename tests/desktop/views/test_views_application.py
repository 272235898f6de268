"""What the window starts with: the model wanted, or another one and a word about why."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_doubles import HandSystem
from PySide6.QtCore import QSettings, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot
from stand_in_models import write_stand_in

from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views import application
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.words.catalogue import tr, use_language
from timbrescope.models.catalogue import DEFAULT_MODEL

Make = Callable[..., MainWindow]


@pytest.fixture
def make(qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.setattr(application, "PortAudioSystem", HandSystem)
    made: list[MainWindow] = []

    def make_window(model: str | None = None) -> MainWindow:
        made.append(application.make_window(settings, model=model, device=None, demo=False))
        qtbot.addWidget(made[-1])
        made[-1].show()
        return made[-1]

    yield make_window
    for window in made:
        window.close()


@pytest.mark.usefixtures("all_models")
def test_the_model_named_wins_and_is_remembered(make: Make, settings: Settings) -> None:
    window = make("random-forest")
    assert window._live.model == "random-forest"
    assert settings.model == "random-forest"
    assert window.controls._model_combo.currentText() == "Random forest on mean MFCCs"
    assert window.model_banner.text == ""


def _until(qtbot: QtBot, window: MainWindow, shown: Callable[[], bool]) -> None:
    def step() -> bool:
        window.show_frame()
        return shown()

    qtbot.waitUntil(step, timeout=15_000)


def test_an_own_model_is_remembered_with_its_place_in_the_list(
    make: Make, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    own = str(write_stand_in(tmp_path / "own.onnx", name="Anna's"))
    window = make(own)
    _until(qtbot, window, lambda: window._live.model == own)
    window.show_frame()
    assert window.controls._model_combo.currentText() == "Anna's"
    assert (settings.model, settings.own_model) == (own, own)


def test_a_model_that_has_gone_is_replaced_told_and_still_remembered(
    make: Make, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    settings.model = settings.own_model = str(tmp_path / "gone.onnx")
    window = make()
    _until(qtbot, window, lambda: bool(window.model_banner.text))
    assert window._live.model == DEFAULT_MODEL
    assert "gone.json" in window.model_banner.text
    # Once the file is back it answers again.
    assert settings.model.endswith("gone.onnx")
    combo = window.controls._model_combo
    assert not combo.model().item(combo.findText("gone (not available)")).isEnabled()


@pytest.mark.parametrize("path", ["/a\0b.onnx", f"/{'x' * 5000}.onnx", "/dev/null/x.onnx"])
def test_a_remembered_model_that_cannot_be_looked_at_keeps_nobody_waiting(
    make: Make, settings: Settings, qtbot: QtBot, path: str
) -> None:
    settings.model = settings.own_model = path
    window = make()
    assert window._live.model == DEFAULT_MODEL
    _until(qtbot, window, lambda: "The model was not changed" in window.model_banner.text)
    assert window._live.model == DEFAULT_MODEL


def test_a_remembered_model_with_an_odd_sidecar_is_left_out(
    make: Make, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    own = write_stand_in(tmp_path / "own.onnx")
    sidecar = own.with_suffix(".json")
    sidecar.write_text(
        sidecar.read_text("utf-8").replace('"temperature": 1.0', '"temperature": NaN')
    )
    settings.model = settings.own_model = str(own)
    window = make()
    _until(qtbot, window, lambda: "NaN" in window.model_banner.text)
    assert window._live.model == DEFAULT_MODEL


def test_the_settings_with_a_nul_at_hand_start_the_window(
    shared_audio: Path, make: Make, settings: Settings, tmp_path: Path
) -> None:
    odd = shared_audio.parent / "inputs" / "models" / "settings_nul_Timbrescope.conf"
    if not odd.is_file():
        pytest.skip(f"{odd} is not there")
    copy = tmp_path / "odd.conf"
    copy.write_bytes(odd.read_bytes())
    settings._store = QSettings(str(copy), QSettings.Format.IniFormat)
    assert settings.own_model == "/a\0b.onnx"
    window = make()
    assert window._live.model == DEFAULT_MODEL


def test_the_program_has_a_picture_of_its_own(qapp: QApplication) -> None:
    picture = application.make_application().windowIcon().pixmap(64, 64).toImage()
    # The corner is round, the bars are blue and amber.
    assert picture.pixelColor(0, 0).alpha() == 0
    assert picture.pixelColor(32, 21).name() == "#ffb52e"


def test_the_buttons_of_dialogs_speak_the_same_language(qapp: QApplication) -> None:
    application._speak("fr")
    try:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        assert buttons.buttons()[0].text() == "Fermer"
        assert tr("Violin") == "Violon"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
        use_language("en")
