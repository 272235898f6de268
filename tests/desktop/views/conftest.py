"""Nothing of the user's settings is read or written by the tests of the views."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from timbrescope.desktop.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
