"""The data set of the paper on Kaggle: its layout, its counts, and how to get it."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from timbrescope.models.errors import UnknownInstrumentError
from timbrescope.models.instruments import NAMES, canonical_name
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import FolderTree, Recording, list_folder_tree
from timbrescope.training.files import write_text

KAGGLE_WORD = "kaggle"
DATA_SET = "abdulvahap/music-instrunment-sounds-for-classification"
DATA_SET_PAGE = f"https://www.kaggle.com/datasets/{DATA_SET}"
# Clips in each folder, as the paper's notebooks count them.
PAPER_COUNTS: dict[str, int] = {
    "Accordion": 3581,
    "Acoustic Guitar": 3654,
    "Banjo": 2998,
    "Bass Guitar": 3613,
    "Clarinet": 634,
    "Cowbell": 621,
    "Cymbals": 208,
    "Dobro": 487,
    "Drum Set": 3648,
    "Electric Guitar": 1316,
    "Floor Tom": 406,
    "Flute": 3719,
    "Harmonica": 131,
    "Harmonium": 1314,
    "Hi-Hats": 444,
    "Horn": 1258,
    "Keyboard": 2041,
    "Mandolin": 2458,
    "Organ": 1442,
    "Piano": 575,
    "Saxophone": 454,
    "Shakers": 1357,
    "Tambourine": 558,
    "Trombone": 2965,
    "Trumpet": 503,
    "Ukulele": 790,
    "Vibraphone": 506,
    "Violin": 630,
}
# What `canonical_name` would also accept, but only this data set writes.
FOLDERS: tuple[str, ...] = tuple(
    {
        "Cowbell": "cowbell",
        "Drum Set": "Drum_set",
        "Electric Guitar": "Electro_Guitar",
        "Flute": "flute",
        "Hi-Hats": "Hi_Hats",
        "Vibraphone": "vibraphone",
    }.get(name, name.replace(" ", "_"))
    for name in NAMES
)
# A copy from which a folder or two are missing is still that data set.
FEWEST_CLASSES = 25
# Archives put `music_dataset`, sometimes twice, above the folders of the classes.
LEVELS_ABOVE_CLASSES = 2
_CACHE_VARIABLE = "KAGGLEHUB_CACHE"
# Written when a download is complete; says where it lies.
_FINISHED = "downloaded.txt"
_KAGGLE_HELP = (
    f"download it from {DATA_SET_PAGE} with a browser, unpack it, and give its folder instead "
    f"of the word {KAGGLE_WORD!r}"
)


@dataclass(frozen=True)
class CountDifference:
    """A class of which there are more or fewer files than the paper had clips."""

    instrument: str
    paper: int
    found: int


def class_root(root: Path) -> Path:
    """Return `root` or the folder up to two levels below it that holds the class folders."""
    level = [root]
    for _ in range(LEVELS_ABOVE_CLASSES + 1):
        for folder in level:
            if any(_class_folders(folder)):
                return folder
        level = [inner for folder in level for inner in _folders(folder)]
    return root


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _class_folders(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in _folders(root):
        try:
            yield canonical_name(folder.name), folder
        except UnknownInstrumentError:
            continue


def looks_like_kaggle(root: Path) -> bool:
    """Return whether `root` holds the paper's data set, in either spelling of the folders.

    It does if nearly all classes have a folder that is spelt as the data set spells it, or
    whose files are named by running numbers only, as they are there.
    """
    found = dict(_class_folders(class_root(root)))
    if len(found) < FEWEST_CLASSES:
        return False
    spelt = sum(folder.name in FOLDERS for folder in found.values())
    return spelt >= FEWEST_CLASSES or all(map(_is_numbered, found.values()))


def _is_numbered(folder: Path) -> bool:
    first = next((path for path in folder.iterdir() if not path.name.startswith(".")), None)
    return first is None or first.stem.isdigit()


def read_kaggle(root: Path) -> FolderTree:
    """Return the recordings below `root` without opening any; nested top folders are skipped.

    Raises
    ------
    CorpusError
        If there is no folder of a class with audio in it.
    """
    return list_folder_tree(class_root(root))


def count_differences(recordings: Iterable[Recording]) -> list[CountDifference]:
    """Return the classes of which there are not as many files as in the paper's table."""
    found = Counter(recording.instrument for recording in recordings)
    return [
        CountDifference(name, count, found[name])
        for name, count in PAPER_COUNTS.items()
        if found[name] != count
    ]


def download_kaggle(*, target: Path) -> Path:
    """Download the paper's data set with kagglehub and return the folder of its classes.

    Parameters
    ----------
    target : Path
        Folder to put it into, unless ``$KAGGLEHUB_CACHE`` names another one. A download that
        was finished is found again, without the network.

    Raises
    ------
    CorpusError
        If kagglehub is missing, Kaggle does not answer, wants credentials, or sends something
        without the folders of the classes.
    """
    finished = target / _FINISHED
    if finished.is_file() and looks_like_kaggle(Path(finished.read_text("utf-8"))):
        return class_root(Path(finished.read_text("utf-8")))
    kagglehub = _kagglehub()
    try:
        with _cache_folder(target):
            found = Path(kagglehub.dataset_download(DATA_SET))
    # kagglehub lets errors of several libraries through, which are not ours to name.
    except Exception as error:
        raise CorpusError(_why_not(error)) from error
    if not looks_like_kaggle(found):
        raise CorpusError(
            f"what Kaggle sent to {found} has not the 28 folders of {DATA_SET}; {_KAGGLE_HELP}"
        )
    target.mkdir(parents=True, exist_ok=True)
    write_text(finished, str(found))
    return class_root(found)


@contextmanager
def _cache_folder(folder: Path) -> Iterator[None]:
    """Let kagglehub keep its files in `folder`, where it goes on with a broken download."""
    stated = os.environ.get(_CACHE_VARIABLE)
    os.environ.setdefault(_CACHE_VARIABLE, str(folder))
    try:
        yield
    finally:
        if stated is None:
            del os.environ[_CACHE_VARIABLE]


def _kagglehub() -> ModuleType:
    try:
        import kagglehub
    except ImportError as error:
        raise CorpusError(
            "kagglehub, which downloads from Kaggle, is not installed; install it with "
            f"`pip install kagglehub`, or {_KAGGLE_HELP}"
        ) from error
    module: ModuleType = kagglehub
    return module


def _why_not(error: Exception) -> str:
    """Say what went wrong in a download, and what to do."""
    # By name: the classes are requests' and kagglehub's, and have moved between versions.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(getattr(error, "response", None), "status_code", None)
    if kinds & {"CredentialError", "UnauthenticatedError"} or status in (401, 403):
        return (
            f"Kaggle wants to know who asks for {DATA_SET} ({error}); log in with a token from "
            f"https://www.kaggle.com/settings, kept in ~/.kaggle/kaggle.json, or {_KAGGLE_HELP}"
        )
    if kinds & {"ConnectionError", "Timeout", "TimeoutError"}:
        return f"Kaggle cannot be reached ({error}); look after the network, or {_KAGGLE_HELP}"
    return f"cannot download {DATA_SET} from Kaggle ({error}); {_KAGGLE_HELP}"
