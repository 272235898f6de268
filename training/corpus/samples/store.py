"""Storing recordings that lie in packages: decoded, cut, and listed."""

from pathlib import Path

import numpy as np

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.corpus.samples.sets import SampleSet
from timbrescope.training.corpus.samples.strums import strummed
from timbrescope.training.corpus.stored import Facts, rows_of, slug, store_once, write_samples
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import Package

# To be raised when recordings are cut differently.
SAMPLES_VERSION = 1
LONGEST_NOTE_S = 10.0
FRAME_S = 0.05
SOUNDING_DB = -40.0
LONGEST_REST_S = 0.6
PIECE_S = 10.0
SHORTEST_PIECE_S = 3.0


def store_samples(
    wanted: SampleSet, package: Package, *, folder: Path, target: Path, seed: int
) -> list[dict[str, str]]:
    """Store the recordings of one set below `target` and return their rows of the manifest.

    Parameters
    ----------
    wanted : SampleSet
        Which files, and how they are cut.
    package : Package
        Where they come from; `folder` is where it is unpacked.
    target : Path
        Folder of the manifest.
    seed : int
        Of the order of strums.

    Raises
    ------
    PackageError
        If a pattern of the set finds no file.
    """
    found = find_files(wanted, folder)
    place = target / f"{slug(wanted.what)}_{wanted.family}"
    paths = store_once(
        place,
        recipe_hash(SAMPLES_VERSION, package.sha256, wanted, seed),
        lambda place: _fill(place, found, wanted, seed=seed),
    )
    facts = Facts(wanted.what, wanted.family, wanted.kind, package.name, package.licence)
    origins = [path.relative_to(folder).as_posix() for path in found]
    return rows_of(paths, facts, target=target, origin=lambda path: _origin(path, origins, wanted))


def find_files(wanted: SampleSet, folder: Path) -> list[Path]:
    """Return the files of a set, sorted.

    Raises
    ------
    PackageError
        If a pattern finds none.
    """
    found: set[Path] = set()
    for pattern in wanted.patterns:
        matching = [path for path in folder.rglob(pattern) if path.is_file()]
        if not matching:
            raise PackageError(f"{folder} holds no {wanted.what}: nothing matches {pattern!r}")
        found.update(matching)
    return sorted(found)


def _origin(path: Path, origins: list[str], wanted: SampleSet) -> str:
    if wanted.cut == "strums":
        return Path(origins[0]).parent.as_posix()
    return origins[int(path.stem.split("-")[0])]


def _fill(place: Path, found: list[Path], wanted: SampleSet, *, seed: int) -> None:
    if wanted.cut == "strums":
        strokes = {path.stem: trimmed(read_mono(path)) for path in found}
        for index, phrase in enumerate(strummed(strokes, rng=np.random.default_rng(seed))):
            write_samples(place / f"{index:03}.flac", phrase)
        return
    for index, path in enumerate(found):
        samples = read_mono(path)
        pieces = sounding_pieces(samples) if wanted.cut == "stems" else [trimmed(samples)]
        for count, piece in enumerate(pieces):
            if piece.size:
                write_samples(place / f"{index:03}-{count:02}.flac", piece)


def trimmed(samples: Samples) -> Samples:
    """Return a note without the silence around it, at most `LONGEST_NOTE_S` long."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max(initial=0.0))
    if loud.size == 0:
        return samples[:0]
    first = max(0, int(loud[0]) - SAMPLE_RATE_HZ // 100)
    last = min(int(loud[-1]) + SAMPLE_RATE_HZ // 20, first + int(LONGEST_NOTE_S * SAMPLE_RATE_HZ))
    return samples[first:last]


def sounding_pieces(samples: Samples) -> list[Samples]:
    """Return the stretches of a long track that sound, in pieces of about `PIECE_S` seconds.

    A rest longer than `LONGEST_REST_S` ends a stretch; pieces shorter than `SHORTEST_PIECE_S`
    are dropped.
    """
    frame = int(FRAME_S * SAMPLE_RATE_HZ)
    framed = samples[: samples.size // frame * frame].reshape(-1, frame)
    rms = np.sqrt(np.mean(np.square(framed), axis=1))
    loud = np.flatnonzero(rms > rms.max(initial=0.0) * 10 ** (SOUNDING_DB / 20))
    if loud.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) > LONGEST_REST_S / FRAME_S) + 1
    pieces = []
    for stretch in np.split(loud, breaks):
        sounding = samples[int(stretch[0]) * frame : (int(stretch[-1]) + 1) * frame]
        count = max(1, round(sounding.size / (PIECE_S * SAMPLE_RATE_HZ)))
        pieces += np.array_split(sounding, count)
    return [p for p in pieces if p.size >= SHORTEST_PIECE_S * SAMPLE_RATE_HZ]
