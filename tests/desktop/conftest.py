"""Fixtures that all desktop tests share."""

from pathlib import Path

import pytest
from stand_in_models import fill_models_folder

from timbrescope.models import catalogue


@pytest.fixture
def all_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of models in which all five are there, and let the catalogue look there."""
    folder = fill_models_folder(tmp_path / "installed")
    monkeypatch.setattr(catalogue, "MODELS_FOLDER", folder)
    return folder
