"""Storing noise and speech that lie in packages: decoded, cut, joined, and listed."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

import numpy as np
import soundfile

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.corpus.background.sources import SOURCES, BackgroundSource
from timbrescope.training.corpus.samples.store import trimmed
from timbrescope.training.corpus.stored import TARGET_PEAK, slug, store_once, write_samples
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.labels import TRAIN_SPLIT
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import Package
from timbrescope.training.packages.pinned_background import BACKGROUND_PACKAGES

# To be raised when recordings are cut or joined differently.
SOUNDS_VERSION = 1
LONGEST_PIECE_S = 10.0
PIECES_OF_A_FILE = 3
SHORTEST_SOUND_S = 0.04
# Shorter sounds are played one after another: words, or the steps of one walk.
JOINED_BELOW_S = 3.0
JOINED_S = 6.0
PAUSE_S = (0.05, 0.4)


def store_background(
    folders: Mapping[str, Path],
    target: Path,
    *,
    packages: Sequence[Package] = BACKGROUND_PACKAGES,
    sources: Sequence[BackgroundSource] = SOURCES,
) -> list[dict[str, str]]:
    """Store the noise and speech of unpacked packages as FLAC and return their rows.

    What an earlier call stored is kept; packages that are not in `folders` are left out.

    Parameters
    ----------
    folders : mapping of str to Path
        Package name to the folder that it is unpacked in.
    target : Path
        Folder of the manifest.
    packages : sequence of Package
        For the versions and licences.
    sources : sequence of BackgroundSource
        What is taken.

    Raises
    ------
    PackageError
        If a pattern of a source finds no file, or an archive cannot be read.
    CorpusError
        If a file cannot be decoded.
    """
    by_name = {package.name: package for package in packages}
    return [
        row
        for source in sources
        if source.package in folders and source.package in by_name
        for row in _store(source, by_name[source.package], folders[source.package], target)
    ]


def _store(
    source: BackgroundSource, package: Package, folder: Path, target: Path
) -> list[dict[str, str]]:
    paths = store_once(
        target / f"{source.kind}_{slug(source.group)}_{package.slug}",
        recipe_hash(SOUNDS_VERSION, package.sha256, source),
        lambda place: _fill(place, source, folder),
    )
    return [
        {
            "path": path.relative_to(target).as_posix(),
            "instrument": "",
            "source": package.name,
            "group": f"{source.group}:{source.kind}",
            "kind": source.kind,
            "split": TRAIN_SPLIT,
            "seconds": f"{soundfile.info(path).duration:.2f}",
            "licence": package.licence,
            "origin": f"{source.root}: {path.stem.partition('_')[2]}",
        }
        for path in paths
    ]


def _fill(place: Path, source: BackgroundSource, folder: Path) -> None:
    rng = np.random.default_rng(zlib.crc32(f"{source.package} {source.group}".encode()))
    with _opened(folder / source.root) as root:
        left = int(source.longest_s * SAMPLE_RATE_HZ)
        for number, (name, sound) in enumerate(_sounds(_find(source, root), rng)):
            if left <= 0:
                break
            write_samples(place / f"{number:04}_{name}.flac", sound)
            left -= sound.size


@contextmanager
def _opened(root: Path) -> Iterator[Path]:
    """Yield the folder, or one that the archive is unpacked in for as long as it is open."""
    if not root.is_file():
        yield root
        return
    with TemporaryDirectory() as unpacked:
        try:
            with ZipFile(root) as archive:
                archive.extractall(unpacked)
        except BadZipFile as error:
            raise PackageError(f"cannot unpack {root}: {error}") from error
        yield Path(unpacked)


def _find(source: BackgroundSource, root: Path) -> list[Path]:
    found: set[Path] = set()
    for pattern in source.patterns:
        matching = {path for path in root.glob(pattern) if path.is_file()}
        if not matching:
            raise PackageError(
                f"{source.package} holds no {source.kind} in {source.root}: nothing matches "
                f"{pattern!r}"
            )
        found |= matching
    return sorted(p for p in found if not any(p.match(unwanted) for unwanted in source.without))


def _sounds(paths: Sequence[Path], rng: np.random.Generator) -> Iterator[tuple[str, Samples]]:
    """Yield named sounds: pieces of long recordings, and short ones that follow one another.

    Recordings come from a random place in the order of names on, so that a limit takes no
    alphabet's beginning, and what is named alike still stays together.
    """
    start = int(rng.integers(len(paths)))
    joined: list[Samples] = []
    first = ""
    for path in (*paths[start:], *paths[:start]):
        recording = read_mono(path, longest_s=PIECES_OF_A_FILE * LONGEST_PIECE_S)
        for sound in _pieces(recording):
            if sound.size >= JOINED_BELOW_S * SAMPLE_RATE_HZ:
                yield path.stem, sound
                continue
            first = first or path.stem
            joined += [sound, _pause(rng)]
            if sum(map(len, joined)) >= JOINED_S * SAMPLE_RATE_HZ:
                yield first, np.concatenate(joined)
                joined, first = [], ""
    if joined:
        yield first, np.concatenate(joined)


def _pieces(recording: Samples) -> list[Samples]:
    """Return a recording in equal pieces of at most `LONGEST_PIECE_S`, all peaking alike."""
    count = max(1, int(np.ceil(recording.size / (LONGEST_PIECE_S * SAMPLE_RATE_HZ))))
    sounds = [trimmed(piece) for piece in np.array_split(recording, count)]
    return [
        sound * np.float32(TARGET_PEAK / np.abs(sound).max())
        for sound in sounds
        if sound.size >= SHORTEST_SOUND_S * SAMPLE_RATE_HZ
    ]


def _pause(rng: np.random.Generator) -> Samples:
    return np.zeros(int(rng.uniform(*PAUSE_S) * SAMPLE_RATE_HZ), np.float32)
