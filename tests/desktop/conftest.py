"""Fixtures that all desktop tests share."""

from pathlib import Path

import pytest
from stand_in_models import fill_models_folder

from timbrescope.desktop.engine import loaded_models
from timbrescope.models import catalogue


@pytest.fixture(autouse=True)
def _models_of_ones_own_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    # Another process for each of them takes a second; the tests of that ask for it themselves.
    monkeypatch.setattr(loaded_models, "_TRIALS", loaded_models.Trials(lambda _: None))


@pytest.fixture
def all_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of models in which all five are there, and let the catalogue look there."""
    folder = fill_models_folder(tmp_path / "installed")
    monkeypatch.setattr(catalogue, "MODELS_FOLDER", folder)
    return folder
