"""Phrases played on the Freepats project's Ultrasound patches.

Of the patches those are taken whose recordings are long enough to sound like the instrument.
Its jazz and clean guitars are GeneralUser's and are left out.
"""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from timbrescope.training.corpus.soundfonts.other_instruments import FOREIGN_PHRASES
from timbrescope.training.corpus.soundfonts.patch_files import (
    Hold,
    Instrument,
    drums,
    pitched,
    play,
    read_patch,
)
from timbrescope.training.corpus.soundfonts.presets import DRUM_KEYS, HITS, PITCHED
from timbrescope.training.corpus.soundfonts.render import compose
from timbrescope.training.corpus.soundfonts.synth import Phrase
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.corpus.stored import Facts, rows_of, slug, store_once, write_samples
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import Package

PACKAGE = "freepats"
PATCHES_FOLDER = Path("usr") / "share" / "midi" / "freepats"
PHRASES = 24
# To be raised when patches are played differently.
PATCHES_VERSION = 1


@dataclass(frozen=True)
class Patched:
    """An instrument of the set: what it is, its files, how it is played and how it sounds."""

    what: str
    files: tuple[str, ...]
    voice: Voice
    hold: Hold
    phrases: int = PHRASES


def _tone(what: str, number: int, hold: Hold, voice: Voice | None = None) -> Patched:
    """Return a melodic patch, in the register that the class has in soundfonts."""
    chosen = voice or PITCHED[what][0]
    phrases = FOREIGN_PHRASES if voice else PHRASES
    return Patched(what, (f"Tone_000/{number:03}_*.pat",), chosen, hold, phrases)


def _kit(what: str, style: str, keys: tuple[int, ...], phrases: int = PHRASES) -> Patched:
    files = tuple(f"Drum_000/{key:03}_*.pat" for key in keys)
    return Patched(what, files, Voice(128, 0, style, keys=keys), "struck", phrases)


PATCHED: tuple[Patched, ...] = (
    _tone("Accordion", 21, "sustained"),
    _tone("Acoustic Guitar", 24, "decaying"),
    _tone("Acoustic Guitar", 25, "decaying"),
    _tone("Clarinet", 71, "sustained"),
    _tone("Flute", 73, "sustained"),
    _tone("Horn", 60, "sustained"),
    _tone("Keyboard", 4, "decaying"),
    _tone("Organ", 16, "sustained"),
    _tone("Organ", 19, "sustained"),
    _tone("Piano", 0, "decaying"),
    _tone("Piano", 1, "decaying"),
    _tone("Trombone", 57, "sustained"),
    _tone("Trumpet", 56, "sustained"),
    _tone("Violin", 40, "sustained"),
    *(_kit(what, "hits", keys) for what, keys in HITS.items()),
    _kit("Drum Set", "groove", DRUM_KEYS),
    _tone("celesta", 8, "decaying", Voice(0, 8, "mallets", 60, 96)),
    _tone("glockenspiel", 9, "decaying", Voice(0, 9, "mallets", 72, 103)),
    _tone("xylophone", 13, "decaying", Voice(0, 13, "mallets", 65, 103)),
    _tone("dulcimer", 15, "decaying", Voice(0, 15, "banjo", 53, 86)),
    _tone("harp", 46, "decaying", Voice(0, 46, "keys", 31, 96)),
    _tone("string-ensemble", 48, "sustained", Voice(0, 48, "organ", 36, 88)),
    _tone("voice", 53, "sustained", Voice(0, 53, "wind", 48, 79)),
    _tone("tuba", 58, "sustained", Voice(0, 58, "wind", 28, 58)),
    _tone("oboe", 68, "sustained", Voice(0, 68, "wind", 58, 89)),
    _tone("bassoon", 70, "sustained", Voice(0, 70, "wind", 34, 72)),
    _tone("sitar", 104, "decaying", Voice(0, 104, "banjo", 48, 77)),
    _kit("bongos", "hits", (60, 61), FOREIGN_PHRASES),
    _kit("congas", "hits", (62, 63, 64), FOREIGN_PHRASES),
    _kit("timbales", "hits", (65, 66), FOREIGN_PHRASES),
    _kit("guiro", "hits", (73, 74), FOREIGN_PHRASES),
    _kit("triangle", "hits", (80, 81), FOREIGN_PHRASES),
)


def store_patched(
    wanted: Patched, package: Package, *, folder: Path, target: Path, seed: int
) -> list[dict[str, str]]:
    """Store phrases of one instrument below `target` and return their rows of the manifest.

    Parameters
    ----------
    wanted : Patched
        One of `PATCHED`.
    package : Package
        Where it comes from; `folder` is where that is unpacked.
    target : Path
        Folder of the manifest.
    seed : int
        Of the phrases.

    Raises
    ------
    PackageError
        If a patch is missing or cannot be read.
    """
    number = Path(wanted.files[0]).name.split("_")[0]
    name = f"{slug(wanted.what)}_{PACKAGE}_{number}"
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    phrases = list(compose(wanted.voice, count=wanted.phrases, rng=rng))
    recipe = recipe_hash(PATCHES_VERSION, package.sha256, wanted, phrases)
    files = [_only(folder / PATCHES_FOLDER, pattern) for pattern in wanted.files]
    paths = store_once(target / name, recipe, lambda place: _fill(place, wanted, files, phrases))
    facts = Facts(wanted.what, PACKAGE, "phrase", package.name, package.licence)
    origin = files[0].relative_to(folder).as_posix()
    return rows_of(paths, facts, target=target, origin=lambda _: origin)


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise PackageError(
            f"{folder} has {len(found)} files that match {pattern!r} where one should"
        )
    return found[0]


def _fill(place: Path, wanted: Patched, files: list[Path], phrases: list[Phrase]) -> None:
    instrument = _instrument(wanted, files)
    for index, phrase in enumerate(phrases):
        line = play(
            instrument,
            phrase.events,
            length_s=phrase.end_s - phrase.start_s,
            hold=wanted.hold,
        )
        write_samples(place / f"{index:02}.flac", line)


def _instrument(wanted: Patched, files: list[Path]) -> Instrument:
    if wanted.hold != "struck":
        return pitched(read_patch(files[0]))
    return drums({key: read_patch(p) for key, p in zip(wanted.voice.keys, files, strict=True)})
