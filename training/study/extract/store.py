"""The features of clips on disk: written once in segments, found again by file hash, read as maps.

A segment is what one task of the extraction found. Its arrays are written by the worker, on
whatever machine; its index, by which it counts, is written last, by the process that asked.

Layout below the cache::

    clips/<key>/settings.json             the front-end settings that the key stands for
    clips/<key>/<segment>.json            [[sha256 of the file, number of the window], …]
    clips/<key>/<segment>-mel.npy         (n, 128, 130) float16, decibels
    clips/<key>/<segment>-mfcc.npy        (n, 40, 130) float32
    clips/<key>/<segment>-mean.npy        (n, 40) float32, mean of the MFCCs over the frames

A run that is killed loses at most the segments that were being filled. Files that were renamed or
moved are found again.
"""

import math
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import (
    MFCC_COUNT,
    PAPER_KINDS,
    FeatureKind,
    feature_shape,
    settings,
)
from timbrescope.training.features.formats import STORED_TYPES
from timbrescope.training.files import write_json
from timbrescope.training.hashes import short_hash
from timbrescope.training.state import read_state
from timbrescope.training.study.clips import Clip

StoredKind = FeatureKind | Literal["mean"]
STORED_KINDS: tuple[StoredKind, ...] = (*PAPER_KINDS, "mean")
# Another process may be writing a younger file at this moment.
_ORPHAN_AGE_S = 3600.0
# Each open segment holds a file descriptor, of which some systems allow 256.
OPEN_SEGMENTS = 48
# To be raised when windows are decoded or cut differently.
LAYOUT_VERSION = 2

ClipKey = tuple[str, int]


class FeatureStoreError(TimbrescopeError):
    """Features of a clip are not in the store, or the store is damaged."""


def clip_key(clip: Clip) -> ClipKey:
    """Return what a clip's features are filed under: the file's hash and the window's number."""
    return (clip.sha256, clip.number)


def settings_key() -> str:
    """Return the name of the folder for this program's front end."""
    return short_hash(_stated())


def _stated() -> dict[str, object]:
    return {"layout": LAYOUT_VERSION, "front_end": {kind: settings(kind) for kind in PAPER_KINDS}}


def stored_shape(kind: StoredKind) -> tuple[int, ...]:
    """Return the shape of one clip's features."""
    return (MFCC_COUNT,) if kind == "mean" else feature_shape(kind)


def stored_type(kind: StoredKind) -> type[np.floating]:
    """Return the type in which features of a kind are stored."""
    return np.float32 if kind == "mean" else STORED_TYPES[kind]


def stored_bytes() -> int:
    """Return how many bytes the features of one clip take."""
    return sum(
        math.prod(stored_shape(kind)) * np.dtype(stored_type(kind)).itemsize
        for kind in STORED_KINDS
    )


class FeatureStore:
    """Reads and writes the segments below one cache folder; belongs to one process.

    Parameters
    ----------
    cache : Path
        Working folder; the store makes a folder of its own below it.
    """

    def __init__(self, cache: Path) -> None:
        self.folder = cache / "clips" / settings_key()
        self._places: dict[ClipKey, tuple[str, int]] = {}
        if self.folder.is_dir():
            self._read_index()

    def __contains__(self, key: ClipKey) -> bool:
        return key in self._places

    def __len__(self) -> int:
        """Return how many clips are stored."""
        return len(self._places)

    def missing(self, clips: Iterable[Clip]) -> list[Clip]:
        """Return the clips that are not stored yet, each file's window once."""
        wanted = {clip_key(clip): clip for clip in clips}
        return [clip for key, clip in wanted.items() if key not in self._places]

    def prepare(self) -> Path:
        """Make the store's folder, remove what broken runs left there, and return it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / "settings.json", _stated())
        self._tidy()
        return self.folder

    def commit(self, segment: str, keys: Sequence[ClipKey]) -> None:
        """Let a segment count whose arrays were written by `write_segment`.

        Raises
        ------
        FeatureStoreError
            If its arrays are not there: a worker on another machine wrote them elsewhere.
        """
        for kind in STORED_KINDS:
            path = _array_path(self.folder, segment, kind)
            if not path.is_file():
                raise FeatureStoreError(
                    f"a worker has written {path.name}, but not to {self.folder} as it is seen "
                    "here; give a --cache that all workers share"
                )
        write_json(self.folder / f"{segment}.json", list(keys))
        self._places.update({key: (segment, row) for row, key in enumerate(keys)})

    def table(self, clips: Sequence[Clip], *, kind: StoredKind) -> "FeatureTable":
        """Return the features of `clips`, in their order, as an array that stays on disk.

        Raises
        ------
        FeatureStoreError
            If the features of a clip are not stored.
        """
        try:
            places = [self._places[clip_key(clip)] for clip in clips]
        except KeyError as error:
            raise FeatureStoreError(
                f"the features of file {error} are not in {self.folder}; run the step 'extract'"
            ) from error
        return FeatureTable(self.folder, places, kind=kind)

    def _read_index(self) -> None:
        for path in sorted(self.folder.glob("*.json")):
            if path.name == "settings.json":
                continue
            # A damaged index is set aside: its clips count as missing and are extracted again.
            keys: list[ClipKey] = read_state(path, list[ClipKey]) or []
            for row, key in enumerate(keys):
                self._places[key] = (path.stem, row)

    def _tidy(self) -> None:
        """Remove arrays of segments that were never finished."""
        for path in self.folder.glob("*.npy"):
            segment = path.stem.rsplit("-", 1)[0]
            old = time.time() - path.stat().st_mtime > _ORPHAN_AGE_S
            if old and not (self.folder / f"{segment}.json").is_file():
                path.unlink()


def write_segment(folder: Path, arrays: Mapping[StoredKind, NDArray[np.floating]]) -> str:
    """Write the arrays of a new segment, one of each kind, and return its name; in a worker."""
    segment = uuid.uuid4().hex[:12]
    for kind, rows in arrays.items():
        np.save(_array_path(folder, segment, kind), rows)
    return segment


def _array_path(folder: Path, segment: str, kind: StoredKind) -> Path:
    return folder / f"{segment}-{kind}.npy"


class FeatureTable:
    """Features of many clips that are read from disk as they are asked for.

    It is indexed like an array by its first axis: with a slice or an array of row numbers.

    Parameters
    ----------
    folder : Path
        The store's folder.
    places : sequence of (str, int)
        Segment and row of each clip.
    kind : {"mel", "mfcc", "mean"}
    """

    def __init__(
        self, folder: Path, places: Sequence[tuple[str, int]], *, kind: StoredKind
    ) -> None:
        self._folder = folder
        self._kind = kind
        names = sorted({segment for segment, _ in places})
        number_of = {name: number for number, name in enumerate(names)}
        self._names = names
        self._segments = np.array([number_of[segment] for segment, _ in places], dtype=np.int64)
        self._rows = np.array([row for _, row in places], dtype=np.int64)
        self._maps: OrderedDict[int, NDArray[np.floating]] = OrderedDict()

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of clips and shape of one clip's features."""
        return (len(self._rows), *stored_shape(self._kind))

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self._rows)

    def __getitem__(self, wanted: slice | NDArray[np.integer]) -> NDArray[np.floating]:
        """Return the features of the chosen clips, in the chosen order."""
        segments, rows = self._segments[wanted], self._rows[wanted]
        found = np.empty((len(rows), *self.shape[1:]), dtype=stored_type(self._kind))
        for number in np.unique(segments):
            chosen = np.flatnonzero(segments == number)
            found[chosen] = self._map(int(number))[rows[chosen]]
        return found

    def _map(self, number: int) -> NDArray[np.floating]:
        if number in self._maps:
            self._maps.move_to_end(number)
        else:
            path = _array_path(self._folder, self._names[number], self._kind)
            try:
                self._maps[number] = np.load(path, mmap_mode="r")
            except (OSError, ValueError) as error:
                raise FeatureStoreError(
                    f"cannot read the stored features {path}: {error}; if the file is damaged, "
                    f"remove it with {self._names[number]}.json beside it, and run the step "
                    "'extract' again"
                ) from error
            if len(self._maps) > OPEN_SEGMENTS:
                self._maps.popitem(last=False)
        return self._maps[number]
