"""Which files to listen to among files and folders, and what was left out, with the reason."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The one list for folders: of the app, the command line, the study and the trainer.
AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".bwf", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus", ".spx"),
        *(".mp3", ".mp2", ".m4a", ".m4b", ".aac", ".mp4", ".mov", ".webm", ".weba", ".mka"),
        *(".mkv", ".wma", ".caf", ".aif", ".aiff", ".aifc", ".au", ".snd", ".amr", ".3gp"),
        *(".ac3", ".ape", ".wv", ".tta", ".mpc", ".dsf"),
    }
)
# A Mac stores what other file systems have no place for beside the file, under this prefix.
_MAC_PREFIX = "._"
# So many names are given of those left out; the others are counted.
_NAMED = 3


@dataclass(frozen=True)
class Collected:
    """What was found among files and folders.

    Attributes
    ----------
    files : tuple of Path
        To be listened to, in a stable order, each once.
    refused : tuple of (Path, str)
        What was asked for and cannot be had, with the reason.
    left_out : tuple of (Path, str)
        One entry for each folder asked for in which files were passed over: how many and why.
    """

    files: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    left_out: tuple[tuple[Path, str], ...]


def _is_audio_name(name: str) -> bool:
    """Return whether a file of this name in a folder is listened to."""
    return Path(name).suffix.lower() in AUDIO_SUFFIXES and not name.startswith(".")


def collect_audio_files(paths: Iterable[Path]) -> Collected:
    """Return the audio files among files and folders, and what was left out with the reason.

    A file named outright is always tried, whatever its suffix; in folders, only files with a
    known suffix count (in any case). Links are followed; a folder is searched once, however many
    links lead to it. Folders that hold no audio file or cannot be read are refused.
    """
    files: list[Path] = []
    refused: list[tuple[Path, str]] = []
    left_out: list[tuple[Path, str]] = []
    for path in paths:
        try:
            is_folder = path.is_dir()
        # Names too long for the system or with a zero in them, folders that may not be entered.
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            refused.append((path, f"cannot read {path}: {why}"))
            continue
        if not is_folder:
            files.append(path)
            continue
        folder = _Folder(path)
        files += folder.files
        refused += folder.refused
        if passed_over := folder.passed_over():
            left_out.append((path, passed_over))
    return Collected(tuple(dict.fromkeys(files)), tuple(refused), tuple(left_out))


class _Folder:
    """What is in one folder and those below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[tuple[int, int]] = set()
        self._other: list[str] = []
        self._hidden: list[str] = []
        self._mac: list[str] = []
        self.refused: list[tuple[Path, str]] = []
        self.files = sorted(self._found())
        if not self.files and not self.refused:
            self.refused.append((folder, "no sound file in this folder"))

    def _found(self) -> Iterator[Path]:
        walk = os.walk(self._folder, onerror=self._refuse, followlinks=True)
        for parent, folders, names in walk:
            if not self._is_new(parent):
                folders.clear()
                continue
            yield from (Path(parent, name) for name in names if self._is_wanted(name))

    def _is_new(self, parent: str) -> bool:
        try:
            found = os.stat(parent)  # noqa: PTH116 - a name as the walk gives it
        except OSError as error:
            self._refuse(error)
            return False
        key = (found.st_dev, found.st_ino)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new

    def _is_wanted(self, name: str) -> bool:
        if _is_audio_name(name):
            return True
        if name.startswith(_MAC_PREFIX):
            self._mac.append(name)
        elif name.startswith("."):
            self._hidden.append(name)
        else:
            self._other.append(name)
        return False

    def _refuse(self, error: OSError) -> None:
        place = Path(error.filename or self._folder)
        self.refused.append((place, f"cannot read this folder: {error.strerror or error}"))

    def passed_over(self) -> str:
        """Return how many files were passed over and why; nothing if none were."""
        kinds = (
            (self._other, "without the suffix of a sound file"),
            (self._mac, "a Mac's notes beside the real files"),
            (self._hidden, "hidden"),
        )
        return "; ".join(
            f"{len(names)} left out, {what} ({_named(names)})" for names, what in kinds if names
        )


def _named(names: list[str]) -> str:
    first = ", ".join(sorted(names)[:_NAMED])
    return first if len(names) <= _NAMED else f"{first}, ..."
