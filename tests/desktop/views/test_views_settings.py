import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QByteArray, QSettings

from timbrescope.desktop.settings import Settings
from timbrescope.models.catalogue import DEFAULT_MODEL


def reopened(path: Path) -> Settings:
    return Settings(QSettings(str(path / "settings.ini"), QSettings.Format.IniFormat))


def test_defaults(tmp_path: Path) -> None:
    settings = reopened(tmp_path)
    assert settings.device_wish is None
    assert settings.model == DEFAULT_MODEL
    assert settings.theme == "dark"
    assert settings.evidence_shown
    assert settings.own_model is None
    assert not settings.comparing
    assert settings.geometry is None


def test_choices_survive_a_restart(tmp_path: Path) -> None:
    settings = reopened(tmp_path)
    settings.device_wish = ("Scarlett à 日本", "ALSA")
    settings.model = "random-forest"
    settings.own_model = "/home/à 日本/own.onnx"
    settings.comparing = True
    settings.theme = "light"
    settings.evidence_shown = False
    settings.geometry = QByteArray(b"\x01\x02\x00\x03")
    settings._store.sync()
    again = reopened(tmp_path)
    assert again.device_wish == ("Scarlett à 日本", "ALSA")
    assert again.model == "random-forest"
    assert again.own_model == "/home/à 日本/own.onnx"
    assert again.comparing
    assert again.theme == "light"
    assert not again.evidence_shown
    assert again.geometry == QByteArray(b"\x01\x02\x00\x03")


def test_what_is_not_known_falls_back(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue("theme", "pink")
    store.setValue("model", "transformer")
    store.setValue("own_model", "/home/anna/notes.txt")
    store.setValue("comparing", "perhaps")
    store.setValue("window/geometry", 7)
    settings = Settings(store)
    assert settings.theme == "dark"
    assert settings.model == DEFAULT_MODEL
    assert settings.own_model is None
    assert not settings.comparing
    assert settings.geometry is None


def test_an_own_model_may_be_the_one_that_answers(tmp_path: Path) -> None:
    settings = reopened(tmp_path)
    settings.model = "/home/anna/own.onnx"
    assert settings.model == "/home/anna/own.onnx"


def test_reset_forgets_everything(tmp_path: Path) -> None:
    settings = reopened(tmp_path)
    settings.device_wish = ("Mic", "ALSA")
    settings.device_wish = None
    assert settings.device_wish is None
    settings.theme = "light"
    settings.reset()
    assert settings.theme == "dark"
