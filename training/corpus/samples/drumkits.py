"""Recorded drum kits of a drum machine's library, played by a sampler in NumPy.

Six acoustic kits, each piece recorded at several strengths. Grooves become recordings of
Drum Set, and the single strokes recordings of the piece's own class. Kits that are electronic,
or whose samples other packages hold as well, are left out.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.corpus.stored import Facts, rows_of, slug, store_once, write_samples
from timbrescope.training.hashes import recipe_hash
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.packages.pinned import Package
from timbrescope.training.playing.grooves import groove
from timbrescope.training.playing.melodies import NoteEvent

PACKAGE = "hydrogen-drumkits"
KITS_FOLDER = Path("usr") / "share" / "hydrogen" / "data" / "drumkits"
# To be raised when kits are played differently.
KITS_VERSION = 1
PHRASES_PER_KIT = 30
PHRASE_S = (4.5, 7.5)
TAIL_S = 1.3
LONGEST_STROKE_S = 6.0
LOUDEST_VELOCITY = 127
# The softest stroke of a groove is this far below the loudest, beside its own softer layer.
VELOCITY_RANGE_DB = 24.0


@dataclass(frozen=True)
class Kit:
    """One kit: folder, group name, licence, and file patterns by piece, soft strokes first."""

    folder: str
    family: str
    licence: str
    pieces: dict[str, str]


KITS: tuple[Kit, ...] = (
    Kit(
        "BJA_Pacific",
        "hydrogen-bja",
        "CC-BY-SA 3.0",
        {
            "kick": "BD_*",
            "snare": "SN_*",
            "closed": "HH_*",
            "open": "HH2_*",
            "floor": "TM2_*",
            "tom": "TM_*",
            "crash": "CB*",
            "ride": "RD*_*",
            "bell": "BL_*",
        },
    ),
    Kit(
        "ColomboAcousticDrumkit",
        "hydrogen-colombo",
        "GPL-2+ with composition exception",
        {
            "kick": "bassdrum*",
            "snare": "snare*",
            "rim": "stick*",
            "closed": "hihat-closed*",
            "open": "hihat-open*",
            "pedal": "hihat-semi*",
            "floor": "tom-low*",
            "tom": "tom-[hm]*",
            "crash": "crash*crash*",
            "ride": "crash*ride*",
        },
    ),
    Kit(
        "ForzeeStereo",
        "hydrogen-forzee",
        "GPL-2",
        {
            "kick": "Kick-*",
            "snare": "Snare-*",
            "rim": "RimClick-*",
            "closed": "HiHatClosed-*",
            "open": "HiHatOpen-*",
            "pedal": "HiHatFoot-*",
            "floor": "TomLow-*",
            "tom": "Tom[HM]*-*",
            "crash": "Crash18-*",
            "ride": "Ride-*",
            "bell": "RideB*-*",
            "tambourine": "Tambourine-*",
        },
    ),
    Kit(
        "Millo_MultiLayered2",
        "hydrogen-millo",
        "GPL-2",
        {
            "kick": "bd_*",
            "snare": "rsnare_*",
            "rim": "rim_*",
            "closed": "hhclosed_*",
            "open": "hhopen_*",
            "pedal": "hhpedal_*",
            "floor": "floortom_*",
            "tom": "tom_*",
            "crash": "crash_*",
            "ride": "ride_*",
        },
    ),
    Kit(
        "Millo_MultiLayered3",
        "hydrogen-millo",
        "GPL-2",
        {
            "kick": "bd_*",
            "snare": "sd_*",
            "rim": "rs_*",
            "closed": "hh_0*",
            "open": "ho_*",
            "pedal": "hh_p*",
            "floor": "ft_*",
            "tom": "t[12]_*",
            "crash": "cc_*",
            "ride": "rc_*",
        },
    ),
    # By the maker of the AVL kits, which have the same hats.
    Kit(
        "The Black Pearl 1.0",
        "avl-black-pearl",
        "GPL-2",
        {
            "kick": "PearlKick-*",
            "snare": "PearlSnare-*",
            "rim": "PearlSideStick-*",
            "closed": "SabianHatClosed-*",
            "open": "SabianHatOpen-*",
            "pedal": "SabianHatPedal-*",
            "floor": "PearlTomFloor-*",
            "tom": "PearlTom[12]-*",
            "crash": "SabianCrash-*",
            "ride": "PaisteRide-*",
            "bell": "PaisteBell-*",
            "cowbell": "Cowbell-*",
        },
    ),
)
PIECE_OF_KEY = {
    36: "kick",
    37: "rim",
    38: "snare",
    41: "floor",
    42: "closed",
    43: "floor",
    45: "tom",
    46: "open",
    47: "tom",
    48: "tom",
    49: "crash",
    50: "tom",
    51: "ride",
}
SUBSTITUTES = {"rim": "snare"}
CLASS_OF_PIECE = {
    "closed": "Hi-Hats",
    "open": "Hi-Hats",
    "pedal": "Hi-Hats",
    "floor": "Floor Tom",
    "crash": "Cymbals",
    "ride": "Cymbals",
    "bell": "Cymbals",
    "tambourine": "Tambourine",
    "cowbell": "Cowbell",
}


def store_kit(
    kit: Kit, package: Package, *, folder: Path, target: Path, seed: int
) -> list[dict[str, str]]:
    """Store grooves and single strokes of a kit and return their rows of the manifest.

    Parameters
    ----------
    kit : Kit
        One of `KITS`.
    package : Package
        Where it comes from; `folder` is where that is unpacked.
    target : Path
        Folder of the manifest.
    seed : int
        Of the grooves.

    Raises
    ------
    PackageError
        If the kit lacks a piece that it is said to have.
    """
    rng = np.random.default_rng([seed, zlib.crc32(kit.folder.encode())])
    lengths_s = [float(rng.uniform(*PHRASE_S)) for _ in range(PHRASES_PER_KIT)]
    grooves = [(length_s, groove(length_s, rng)) for length_s in lengths_s]
    recipe = recipe_hash(KITS_VERSION, package.sha256, kit, grooves)
    place = target / f"hydrogen_{slug(kit.folder)}"
    paths = store_once(
        place,
        recipe,
        lambda place: _fill(place, _strokes(kit, folder / KITS_FOLDER / kit.folder), grooves),
    )
    rows: list[dict[str, str]] = []
    origin = (KITS_FOLDER / kit.folder).as_posix()
    for piece, what in {"groove": "Drum Set", **CLASS_OF_PIECE}.items():
        kind = "phrase" if piece == "groove" else "note"
        facts = Facts(what, kit.family, kind, package.name, kit.licence)
        of_piece = [path for path in paths if path.stem.split("-")[0] == piece]
        rows += rows_of(of_piece, facts, target=target, origin=lambda _: origin)
    return rows


def _fill(
    place: Path,
    strokes: dict[str, list[Samples]],
    grooves: Sequence[tuple[float, Sequence[NoteEvent]]],
) -> None:
    for index, (length_s, events) in enumerate(grooves):
        line = played(events, strokes, length_s=length_s + TAIL_S)
        write_samples(place / f"groove-{index:02}.flac", line)
    for piece in CLASS_OF_PIECE.keys() & strokes.keys():
        for index, stroke in enumerate(strokes[piece]):
            write_samples(place / f"{piece}-{index:02}.flac", stroke)


def _strokes(kit: Kit, folder: Path) -> dict[str, list[Samples]]:
    """Return every stroke of every piece at 22050 Hz, soft ones first."""
    found = {}
    for piece, pattern in kit.pieces.items():
        paths = sorted(p for p in folder.glob(pattern) if p.suffix in (".aiff", ".flac", ".wav"))
        if not paths:
            raise PackageError(f"the kit {folder} has no {piece}: nothing matches {pattern!r}")
        loaded = [_load(path) for path in paths]
        found[piece] = sorted(loaded, key=lambda samples: float(np.abs(samples).max()))
    return found


def _load(path: Path) -> Samples:
    return read_mono(path)[: int(LONGEST_STROKE_S * SAMPLE_RATE_HZ)]


def played(
    events: Sequence[NoteEvent], strokes: dict[str, list[Samples]], *, length_s: float
) -> Samples:
    """Return a groove played on a kit: each stroke rings out over those that follow."""
    line = np.zeros(int(length_s * SAMPLE_RATE_HZ), dtype=np.float32)
    for event in events:
        piece = PIECE_OF_KEY[event.key]
        layers = strokes[piece if piece in strokes else SUBSTITUTES[piece]]
        strength = event.velocity / LOUDEST_VELOCITY
        stroke = layers[min(int(strength * len(layers)), len(layers) - 1)]
        at = int(event.start_s * SAMPLE_RATE_HZ)
        room = max(0, line.size - at)
        gain = 10 ** (VELOCITY_RANGE_DB * (strength - 1) / 20)
        line[at : at + stroke.size] += stroke[:room] * np.float32(gain)
    return line
