"""Which soundfont presets stand for which instrument, and what they are made to play.

Only presets whose samples are the instrument they are named after are listed. Left out are
the fonts' Ukulele (nylon-guitar samples), Mandolin (steel or nylon guitar) and Hawaiian Guitar
(jazz guitar); and as Harmonium stand only the reed organs that hold no accordion samples.
"""

from dataclasses import dataclass

from timbrescope.training.corpus.soundfonts.other_instruments import FOREIGN, FOREIGN_PHRASES
from timbrescope.training.corpus.soundfonts.voices import Font, Voice
from timbrescope.training.corpus.stored import slug

FLUID = Font("fluidr3", "fluid-soundfont-gm", "usr/share/sounds/sf2/FluidR3_GM.sf2")
GENERAL_USER = Font(
    "generaluser", "minuet-data", "usr/share/minuet/soundfonts/GeneralUser-v1.47.sf2"
)
AIRFONT = Font("a320u", "denemo-data", "usr/share/sounds/sf2/A320U.sf2")
TIM = Font("timgm6mb", "timgm6mb-soundfont", "usr/share/sounds/sf2/TimGM6mb.sf2")
BLACK_PEARL = Font(
    "avl-black-pearl", "avldrums.lv2-soundfont", "usr/share/sounds/sf2/Black_Pearl_4_LV2.sf2"
)
RED_ZEPPELIN = Font(
    "avl-red-zeppelin", "avldrums.lv2-soundfont", "usr/share/sounds/sf2/Red_Zeppelin_4_LV2.sf2"
)
CSOUND = Font("csound", "csound-soundfont", "usr/share/sounds/sf2/sf_GMbank.sf2")
GM_FONTS = (FLUID, GENERAL_USER, AIRFONT, TIM)
DRUM_FONTS = (BLACK_PEARL, RED_ZEPPELIN)
FONTS = (*GM_FONTS, CSOUND, *DRUM_FONTS)
# Freepats' patches are of the same kind: short recordings, played by a program.
SOUNDFONT_SOURCES = frozenset({"freepats", *(font.package for font in FONTS)})
# The fonts that other instruments are taken from as well.
FOREIGN_FONTS = (FLUID, GENERAL_USER, AIRFONT)


def _pitched(style: str, low: int, high: int, *presets: tuple[int, int]) -> tuple[Voice, ...]:
    return tuple(Voice(bank, program, style, low, high) for bank, program in presets)


PITCHED: dict[str, tuple[Voice, ...]] = {
    "Accordion": _pitched("accordion", 53, 88, (0, 21), (8, 21), (0, 23)),
    "Acoustic Guitar": _pitched("guitar", 40, 81, (0, 24), (0, 25), (8, 25)),
    "Banjo": _pitched("banjo", 50, 84, (0, 105)),
    "Bass Guitar": _pitched("bass", 28, 55, (0, 33), (0, 34), (0, 35), (0, 36)),
    "Clarinet": _pitched("wind", 50, 89, (0, 71)),
    "Electric Guitar": _pitched(
        "electric", 40, 84, (0, 26), (0, 27), (0, 28), (0, 29), (0, 30), (8, 28)
    ),
    "Flute": _pitched("wind", 60, 94, (0, 73)),
    "Harmonica": _pitched("harmonica", 60, 93, (0, 22)),
    "Horn": _pitched("brass", 41, 77, (0, 60)),
    "Keyboard": _pitched("keys", 36, 88, (0, 2), (0, 4), (0, 5), (8, 4)),
    "Organ": _pitched("organ", 36, 91, (0, 16), (0, 17), (0, 18), (0, 19), (8, 19)),
    "Piano": _pitched("keys", 29, 98, (0, 0), (0, 1), (0, 3)),
    "Saxophone": _pitched("wind", 49, 82, (0, 64), (0, 65), (0, 66), (0, 67)),
    "Trombone": _pitched("brass", 40, 72, (0, 57)),
    "Trumpet": _pitched("brass", 54, 84, (0, 56), (0, 59)),
    "Vibraphone": _pitched("mallets", 53, 89, (0, 11)),
    "Violin": _pitched("bowed", 55, 96, (0, 40), (0, 110)),
}
HARMONIUM = _pitched("harmonium", 48, 84, (0, 20))

# Of this font the rest is what TimGM6mb plays, sample for sample.
OF_CSOUND = ("Flute", "Saxophone", "Trumpet")

HITS: dict[str, tuple[int, ...]] = {
    "Cowbell": (56,),
    "Cymbals": (49, 51, 52, 53, 55, 57, 59),
    "Floor Tom": (41, 43),
    "Hi-Hats": (42, 44, 46),
    "Shakers": (69, 70, 82),
    "Tambourine": (54,),
}
# The maraca that these kits list lies on no key.
AVL_HITS: dict[str, tuple[int, ...]] = {k: v for k, v in HITS.items() if k != "Shakers"}
KITS = (0, 8, 16, 32, 40)
SEVERAL_KITS = ("Cymbals", "Floor Tom", "Hi-Hats")
# Where a font has few presets of a class, each of them plays more.
FEWEST_PHRASES = 11
PHRASES_PER_FONT = 30
DRUM_KEYS = (35, 36, 37, 38, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 53, 57, 59)

# Where two fonts play the same recording they are one group, so that no split parts them.
SHARED_GROUPS = {
    ("generaluser", "Banjo"): "fluidr3",
    ("a320u", "Banjo"): "fluidr3",
    ("generaluser", "Trombone"): "fluidr3",
    ("a320u", "Tambourine"): "generaluser",
    ("avl-red-zeppelin", "Tambourine"): "avl-black-pearl",
}


@dataclass(frozen=True)
class Preset:
    """One thing to render: `phrases` phrases of the instrument `what`, by `voice` of `font`."""

    what: str
    font: Font
    voice: Voice
    phrases: int

    @property
    def family(self) -> str:
        """Font family that the samples of this instrument belong to."""
        return SHARED_GROUPS.get((self.font.family, self.what), self.font.family)

    @property
    def name(self) -> str:
        """Name for files, unique among all presets."""
        return f"{slug(self.what)}_{self.font.family}_{self.voice.bank}-{self.voice.program}"


def presets() -> tuple[Preset, ...]:
    """Return everything that is rendered, in a fixed order; absent presets are skipped later."""
    found: list[Preset] = []
    for font in FONTS:
        for instrument, voices in _voices(font).items():
            phrases = max(FEWEST_PHRASES, PHRASES_PER_FONT // len(voices))
            found += [Preset(instrument, font, voice, phrases) for voice in voices]
    for font in FOREIGN_FONTS:
        found += [Preset(what, font, voice, FOREIGN_PHRASES) for what, voice in FOREIGN.items()]
    return tuple(found)


def _voices(font: Font) -> dict[str, tuple[Voice, ...]]:
    """Return what is played on `font`, by instrument."""
    voices: dict[str, tuple[Voice, ...]]
    if font in DRUM_FONTS:
        voices = {name: (Voice(0, 0, "hits", keys=keys),) for name, keys in AVL_HITS.items()}
        voices["Drum Set"] = (Voice(0, 0, "groove", keys=DRUM_KEYS),)
        return voices
    if font == CSOUND:
        return {name: PITCHED[name] for name in OF_CSOUND}
    voices = dict(PITCHED)
    if font == FLUID:
        voices["Harmonium"] = HARMONIUM
    for name, keys in HITS.items():
        kits = (0, 32) if name in SEVERAL_KITS else (0,)
        voices[name] = tuple(Voice(128, kit, "hits", keys=keys) for kit in kits)
    voices["Drum Set"] = tuple(Voice(128, kit, "groove", keys=DRUM_KEYS) for kit in KITS)
    return voices
