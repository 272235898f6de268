"""Real music without labels, out of packages: pieces of it are what a teacher is asked about.

Taken are recordings and carefully made orchestral or band music. Left out are trackers' modules,
MIDI files, and tracks that are electronic throughout.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from timbrescope.models.audio.decode import open_audio, read_span
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import Samples
from timbrescope.models.level import peak_dbfs
from timbrescope.training.corpus.stored import Facts, rows_of, store_once, write_samples
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import PACKAGES, Package, debian
from timbrescope.training.packages.pinned_background import BACKGROUND_PACKAGES

PIECE_S = 12.0
# Fades at either end say little.
MARGIN_S = 2.0
SILENT_DBFS = -40.0
# To be raised when other pieces are cut.
MUSIC_VERSION = 1


def _pinned(name: str) -> Package:
    known = (*PACKAGES, *BACKGROUND_PACKAGES)
    return next(package for package in known if package.name == name)


MUSIC_PACKAGES: tuple[Package, ...] = (
    debian(
        "wesnoth-1.16-music",
        "1:1.16.9-1",
        "f9bc3cde92b4ab30db5d7b85f89b4bcc3d788dd92602956d0347250850bf59bb",
        licence="GPL-2+",
        credit="Composers of The Battle for Wesnoth",
    ),
    debian(
        "drascula-music",
        "1.0+ds4-2",
        "340e0beb1bacf005cbabebc07ebdd88adf6aee363d437f8a7d73cb0c77a93e79",
        licence="Drascula licence: free to modify and redistribute, not sold by itself",
        credit="Alcachofa Soft S.L.",
    ),
    debian(
        "hyperrogue-music",
        "12.0q-1",
        "61ab9f4c2169442d85f42c42d26e80c1a18b93c741f3d44f1b9d83015904e7f7",
        licence="CC-BY-SA 3.0",
        credit="Shawn Parrotte, Will Savino, Lincoln Domina",
    ),
    debian(
        "adonthell-data",
        "0.3.8-1",
        "2312e765b35668ba18f7f9b4cd75e8cad03e509ef1033bad7c37568cb1353adc",
        licence="GPL-2+",
        credit="Adonthell team",
    ),
    debian(
        "lordsawar-data",
        "0.3.2+frogknows-1",
        "6487709d91a8f69f0b9ea05afad86b3a523564dcd277a0174752530fa3934ad8",
        licence="GPL-3+",
        credit="LordsAWar! team",
    ),
    debian(
        "asterisk-moh-opsound-wav",
        "2.03-1.1",
        "8f9d808a729d305c2d3343993f21ca5e6829e411682618dc8ea7aa8bc24a566c",
        licence="CC-BY-SA 3.0",
        credit="Paul Shuler (Macroform), Manolo Camp, Reno Project",
    ),
    debian(
        "brainparty-data",
        "0.61+dfsg-7",
        "fc01026824b6274eff222c9163ba134fc90889bd7d688091ffdee8e12cefc4d4",
        licence="CC-BY-SA 3.0",
        credit="Alexander Blu",
    ),
    debian(
        "gamine-data",
        "1.6-1",
        "120e5aec63d23e5f46cd20d1aed100054a2d0663cfdd462c5e617743b775f6c7",
        licence="public domain",
        credit="Bach's second Brandenburg Concerto by T. Willhoite",
    ),
    _pinned("lincity-ng-data"),
    _pinned("fretsonfire-songs-muldjord"),
    _pinned("fretsonfire-songs-sectoid"),
)


@dataclass(frozen=True)
class Album:
    """Tracks of one package that pieces are cut from.

    Attributes
    ----------
    package : str
        Name of the package.
    tracks : tuple of str
        Globs below the unpacked package; each has to find a file.
    pieces : int
        Of a track at most, spread evenly over it.
    artist : str
        Who made the tracks if the package holds several artists' music.
    """

    package: str
    tracks: tuple[str, ...]
    pieces: int = 12
    artist: str = ""

    @property
    def name(self) -> str:
        """The group that the pieces belong to."""
        return f"{self.package}-{self.artist}" if self.artist else self.package


ALBUMS: tuple[Album, ...] = (
    Album("wesnoth-1.16-music", ("music/*.ogg",), pieces=7),
    Album("drascula-music", ("audio/*.ogg",)),
    Album("hyperrogue-music", ("music/hr3-*.ogg",), artist="parrotte"),
    Album("hyperrogue-music", ("music/hr-savino-*.ogg",), artist="savino"),
    Album("hyperrogue-music", ("music/hr-domina-*.ogg",), artist="domina"),
    Album("adonthell-data", ("audio/at-demo-*.ogg",)),
    Album("lordsawar-data", ("music/*.ogg",)),
    # Music on hold, at a telephone's 8 kHz, but bands and a pianist that play.
    Album("asterisk-moh-opsound-wav", ("moh/macroform-*.wav",), artist="macroform"),
    Album("asterisk-moh-opsound-wav", ("moh/manolo_camp-*.wav",), artist="manolo-camp"),
    Album("asterisk-moh-opsound-wav", ("moh/reno_project-*.wav",), artist="reno-project"),
    Album("brainparty-data", ("electricity.ogg",)),
    Album("gamine-data", ("sounds/BachJS*.ogg",)),
    # The first track is electronic.
    Album("lincity-ng-data", ("default/02*.ogg", "default/03*.ogg")),
    # The guitars' own tracks are recordings of one instrument, see `training.corpus.samples.sets`.
    Album("fretsonfire-songs-muldjord", ("muldjord/*/song.ogg",)),
    Album("fretsonfire-songs-sectoid", ("sectoid/*/song.ogg",)),
)


def store_music(folders: Mapping[str, Path], target: Path) -> list[dict[str, str]]:
    """Store pieces of 12 s as FLAC files and return their rows of the manifest.

    What an earlier call has stored is kept.

    Parameters
    ----------
    folders : mapping
        Name of a package to the folder that it is unpacked in, as `fetch_packages` returns it;
        music of packages that are not in it is left out.
    target : Path
        Folder of the manifest.

    Raises
    ------
    PackageError
        If a package lacks a track that it should hold, or a track cannot be decoded.
    """
    packages = {package.name: package for package in MUSIC_PACKAGES}
    return [
        row
        for album in ALBUMS
        if album.package in folders
        for row in store_album(
            album, packages[album.package], folder=folders[album.package], target=target
        )
    ]


def store_album(
    album: Album, package: Package, *, folder: Path, target: Path
) -> list[dict[str, str]]:
    """Store the pieces of one album and return their rows; see `store_music`."""
    paths = store_once(
        target / "music" / album.name,
        recipe_hash(MUSIC_VERSION, PIECE_S, MARGIN_S, SILENT_DBFS, package.sha256, album),
        partial(_store, album, folder=folder),
    )
    facts = Facts("music", album.name, "phrase", package.name, package.licence)
    origin = f"{package.name} {package.version}"
    rows = rows_of(paths, facts, target=target, origin=lambda path: f"{origin}, {path.stem}")
    return [row | {"kind": UNLABELLED_KIND, "group": album.name} for row in rows]


def _store(album: Album, place: Path, *, folder: Path) -> None:
    for track in _tracks(album, folder):
        try:
            for start_s, piece in _pieces(track, count=album.pieces):
                write_samples(place / f"{_slug(track)}-{start_s:04.0f}s.flac", piece)
        except AudioFileError as error:
            raise PackageError(f"cannot read {track} of {album.package}: {error}") from error


def _tracks(album: Album, folder: Path) -> list[Path]:
    found: set[Path] = set()
    for pattern in album.tracks:
        tracks = set(folder.rglob(pattern))
        if not tracks:
            raise PackageError(f"{album.package} in {folder} holds no {pattern}; fetch it again")
        found |= tracks
    return sorted(found)


def _slug(track: Path) -> str:
    # All tracks of one song are called the same where every song has a folder.
    name = track.parent.name if track.stem == "song" else track.stem
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _pieces(track: Path, *, count: int) -> Iterator[tuple[float, Samples]]:
    """Yield start in seconds and samples at 22050 Hz of a track's pieces; none overlap."""
    with open_audio(track) as audio:
        room_s = audio.duration_s - 2 * MARGIN_S
    pieces = min(count, int(room_s / PIECE_S))
    if pieces < 1:
        return
    for start_s in MARGIN_S + np.linspace(0.0, room_s - PIECE_S, pieces):
        piece = read_span(track, start_s=float(start_s), duration_s=PIECE_S)
        if peak_dbfs(piece) > SILENT_DBFS:
            yield float(start_s), piece
