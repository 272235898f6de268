"""Fixtures that every room's tests share."""

import os
from pathlib import Path

# Before Qt is loaded, or it would look for a display.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import settings
from without_qt import pytest_pycollect_makemodule  # noqa: F401 - a hook, found by its name

# Before any test imports onnxruntime, whose telemetry this turns off.
import timbrescope  # noqa: F401

# How long an example takes says more about the machine than about the code.
settings.register_profile("timbrescope", deadline=None)
settings.load_profile("timbrescope")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_audio() -> Path:
    """Folder of the development corpus (real recordings), or a skip that says why."""
    root = Path(os.environ.get("TIMBRESCOPE_SHARED", REPOSITORY.parent / "shared"))
    audio = root / "audio"
    if not (audio / "manifest.csv").is_file():
        pytest.skip(f"development corpus not found at {audio} (set TIMBRESCOPE_SHARED)")
    return audio
