"""What the window starts with: the model wanted, or another one and a word about why."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_doubles import HandSystem
from pytestqt.qtbot import QtBot
from stand_in_models import write_stand_in

from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views import application
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.catalogue import DEFAULT_MODEL

Make = Callable[..., MainWindow]


@pytest.fixture
def make(qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.setattr(application, "PortAudioSystem", HandSystem)
    made: list[MainWindow] = []

    def make_window(model: str | None = None) -> MainWindow:
        made.append(application.make_window(settings, model=model, device=None, demo=False))
        qtbot.addWidget(made[-1])
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


def test_an_own_model_is_remembered_with_its_place_in_the_list(
    make: Make, settings: Settings, tmp_path: Path
) -> None:
    own = str(write_stand_in(tmp_path / "own.onnx", name="Anna's"))
    window = make(own)
    assert window.controls._model_combo.currentText() == "Anna's"
    assert (settings.model, settings.own_model) == (own, own)


def test_a_model_that_has_gone_is_replaced_told_and_still_remembered(
    make: Make, settings: Settings, tmp_path: Path
) -> None:
    settings.model = settings.own_model = str(tmp_path / "gone.onnx")
    window = make()
    assert window._live.model == DEFAULT_MODEL
    assert "gone.json" in window.model_banner.text
    # Once the file is back it answers again.
    assert settings.model.endswith("gone.onnx")
    combo = window.controls._model_combo
    assert not combo.model().item(combo.findText("gone (not available)")).isEnabled()
