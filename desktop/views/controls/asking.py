"""What the user is asked for in the system's own dialogs: sound files, folders, a model file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.catalogue import MODEL_SUFFIX

_SOUND_SUFFIXES = "*.wav *.flac *.ogg *.mp3 *.aif *.aiff *.m4a *.opus"

AskFiles = Callable[[QWidget], list[Path]]
AskModel = Callable[[QWidget], Path | None]


def ask_files(parent: QWidget) -> list[Path]:
    """Let the user pick sound files."""
    kinds = f"{tr('Sound files')} ({_SOUND_SUFFIXES});;{tr('All files')} (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, tr("Open sound files"), "", kinds)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget) -> list[Path]:
    """Let the user pick a folder, which is searched for sound files."""
    name = QFileDialog.getExistingDirectory(parent, tr("Open a folder of sound files"))
    return [Path(name)] if name else []


def ask_model_file(parent: QWidget) -> Path | None:
    """Let the user pick a model file."""
    kind = f"{tr('Model files')} (*{MODEL_SUFFIX})"
    name, _ = QFileDialog.getOpenFileName(parent, tr("Open a model file"), "", kind)
    return Path(name) if name else None
