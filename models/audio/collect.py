"""Which files to classify among files and folders, and what was refused, with the reason."""

import os
from collections.abc import Iterable
from pathlib import Path

from timbrescope.models.audio.decode import FORMATS_TEXT

AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".oga", ".mp3", ".aif", ".aiff", ".aifc"})

Refused = list[tuple[Path, str]]


def collect_audio_files(paths: Iterable[Path]) -> tuple[list[Path], Refused]:
    """Return the audio files among files and folders, and what was refused with the reason.

    A file named outright is always tried, whatever its suffix; in folders, only files with a
    known suffix count (in any case), in a stable order. Folders that hold none or cannot be
    read are refused.
    """
    files: list[Path] = []
    refused: Refused = []
    for path in paths:
        try:
            is_folder = path.is_dir()
        # Names too long for the system, folders above it that may not be entered.
        except OSError as error:
            refused.append((path, f"cannot read {path}: {error.strerror or error}"))
            continue
        if is_folder:
            files += _in_folder(path, refused)
        else:
            files.append(path)
    return list(dict.fromkeys(files)), refused


def _in_folder(folder: Path, refused: Refused) -> list[Path]:
    before = len(refused)

    def refuse(error: OSError) -> None:
        place = Path(error.filename or folder)
        refused.append((place, f"cannot read this folder: {error.strerror or error}"))

    found = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=refuse)
        for name in names
        if _is_audio(name)
    )
    if not found and len(refused) == before:
        refused.append((folder, f"no {FORMATS_TEXT} file in this folder"))
    return found


def _is_audio(name: str) -> bool:
    # Files that begin with a dot are another system's notes about the real file.
    return Path(name).suffix.lower() in AUDIO_SUFFIXES and not name.startswith(".")
