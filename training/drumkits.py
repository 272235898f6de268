"""Recorded drum kits of a drum machine's library, played by a sampler in NumPy.

Five acoustic kits, each piece recorded at several strengths. Grooves become recordings of
Drum Set, and the single strokes recordings of the piece's own class. Kits that are electronic,
or whose samples other packages hold as well, are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE_HZ
from training.decoding import read_mono
from training.grooves import groove
from training.melodies import NoteEvent
from training.packages import PackageError

Samples = NDArray[np.float32]

PACKAGE = "hydrogen-drumkits"
KITS_FOLDER = Path("usr") / "share" / "hydrogen" / "data" / "drumkits"
PHRASES_PER_KIT = 30
PHRASE_S = (4.5, 7.5)
TAIL_S = 1.3
LONGEST_STROKE_S = 6.0
TARGET_PEAK = 0.7
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
}


def store_kits(folder: Path, target: Path, *, seed: int) -> list[dict[str, str]]:
    """Render every kit below `target` and return the manifest rows of all its recordings.

    Parameters
    ----------
    folder : Path
        The unpacked package.
    target : Path
        Folder of the manifest.
    seed : int
        Of the grooves.

    Raises
    ------
    PackageError
        If a kit lacks a piece that it is said to have.
    """
    rows: list[dict[str, str]] = []
    for number, kit in enumerate(KITS):
        strokes = _strokes(kit, folder / KITS_FOLDER / kit.folder)
        place = target / f"hydrogen_{kit.folder.lower()}"
        place.mkdir(exist_ok=True)
        rng = np.random.default_rng([seed, number])
        for index in range(PHRASES_PER_KIT):
            length_s = float(rng.uniform(*PHRASE_S))
            events = groove(length_s, rng)
            path = place / f"groove-{index:02}.flac"
            if not path.is_file():
                _write(path, played(events, strokes, length_s=length_s + TAIL_S))
            rows.append(_row(path, kit, target=target, instrument="Drum Set", kind="phrase"))
        rows.extend(_single_strokes(kit, strokes, place=place, target=target))
    return rows


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


def _single_strokes(
    kit: Kit, strokes: dict[str, list[Samples]], *, place: Path, target: Path
) -> Iterator[dict[str, str]]:
    for piece, layers in strokes.items():
        if piece not in CLASS_OF_PIECE:
            continue
        for index, stroke in enumerate(layers):
            path = place / f"{piece}-{index:02}.flac"
            if not path.is_file():
                _write(path, stroke)
            yield _row(path, kit, target=target, instrument=CLASS_OF_PIECE[piece], kind="note")


def _write(path: Path, samples: Samples) -> None:
    peak = float(np.abs(samples).max(initial=0.0)) or 1.0
    soundfile.write(path, samples * (TARGET_PEAK / peak), SAMPLE_RATE_HZ)


def _row(path: Path, kit: Kit, *, target: Path, instrument: str, kind: str) -> dict[str, str]:
    return {
        "path": path.relative_to(target).as_posix(),
        "instrument": instrument,
        "source": PACKAGE,
        "group": f"{kit.family}:{instrument}",
        "kind": kind,
        "split": "train",
        "seconds": f"{soundfile.info(path).duration:.2f}",
        "licence": kit.licence,
        "origin": (KITS_FOLDER / kit.folder).as_posix(),
    }
