"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_audio() -> Path:
    """Folder of the development corpus (real recordings), or a skip that says why."""
    root = Path(os.environ.get("TIMBRESCOPE_SHARED", REPOSITORY.parent / "shared"))
    audio = root / "audio"
    if not (audio / "manifest.csv").is_file():
        pytest.skip(f"development corpus not found at {audio} (set TIMBRESCOPE_SHARED)")
    return audio
