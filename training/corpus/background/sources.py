"""Which files inside packages are noise and which are speech.

Names decide, and an audio tagger's word on every stored file: left out is what sounds like music,
like an instrument or like a clear tone.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class BackgroundSource:
    """Files of one package that are of one kind and share an origin.

    Attributes
    ----------
    package : str
        Name of the package.
    kind : str
        ``noise`` or ``speech``.
    group : str
        Of the recordings; for speech a project's speakers of one language, so that no speaker
        is in two.
    root : str
        Folder below the unpacked package, or a zip archive in it, that `patterns` start from.
    patterns : tuple of str
        Globs; each has to find a file.
    without : tuple of str
        Globs of the paths below `root`, or of names, that are left out.
    longest_s : float
        How much is taken in all, in seconds.
    """

    package: str
    kind: Literal["noise", "speech"]
    group: str
    root: str
    patterns: tuple[str, ...]
    without: tuple[str, ...] = ()
    longest_s: float = 600.0


def _kde(package: str, folder: str, language: str, longest_s: float) -> BackgroundSource:
    # One team translates both programs, and its members lend both their voices.
    root = f"usr/share/{folder}/{language}"
    return BackgroundSource(
        package, "speech", f"kde-{language}", root, ("**/*.[ow]*",), (), longest_s
    )


_NAMED = "ca da de el en es fi fr ga gl it lt nds nl pt ro ru sl sr sv uk wa"
_SPELT = "ar cs da de en en_GB es fr he hu it lt ml nb nds nl pt_BR ru tn uk"
_LEVELS = ("barrel", "briefcase", "cellar", "city", "gods", "linux", "turtle", "viking2")
_ALLISON = "usr/share/asterisk/sounds/en_US_f_Allison"
_TANKS = "usr/share/games/scorched3d/data/globalmods"
_STEPS = "usr/share/games/minetest/games/minetest_game/mods"
# The same recordings are in a collection that only measures.
_SHARED_RECORDINGS = ("thunder*",)

SOURCES: tuple[BackgroundSource, ...] = (
    *(_kde("ktuberling-data", "ktuberling/sounds", language, 70.0) for language in _NAMED.split()),
    *(_kde("klettres-data", "klettres", language, 42.0) for language in _SPELT.split()),
    BackgroundSource(
        "fillets-ng-data-cs",
        "speech",
        "fillets-cs",
        "usr/share/games/fillets-ng/sound",
        tuple(f"{level}/cs/*.ogg" for level in _LEVELS),
        (),
        240.0,
    ),
    BackgroundSource(
        "asterisk-core-sounds-en-wav",
        "speech",
        "asterisk-allison",
        _ALLISON,
        ("*.wav", "digits/*.wav", "phonetic/*.wav"),
        ("beep*", "*tone*", "ascending*", "descending*", "tt-*"),
        150.0,
    ),
    *(
        BackgroundSource(
            "gcin-voice", "speech", group, "usr/share/gcin-voice/ogg", (pattern,), (), 60.0
        )
        for group, pattern in (("gcin-liu", "*/3.ogg"), ("gcin-chu-lo", "*/5.ogg"))
    ),
    BackgroundSource(
        "sound-theme-freedesktop",
        "speech",
        "alsa-channels",
        "usr/share/sounds/freedesktop/stereo",
        ("audio-channel-*.oga",),
    ),
    BackgroundSource(
        "lincity-ng-data",
        "noise",
        "lincity-ng",
        "usr/share/games/lincity-ng/sounds",
        ("*.wav",),
        (
            *("Blacksmith1*", "Commune2*", "Monument2*", "RailTrain1*", "ResidentialLow1*"),
            *("ResidentialLowLow*", "School2*", "Water3*"),
        ),
    ),
    BackgroundSource(
        "scorched3d-data",
        "noise",
        "scorched3d-apoc",
        f"{_TANKS}/apoc/data/wav",
        ("**/*.wav",),
        ("beamup*", "extralife*", *_SHARED_RECORDINGS),
    ),
    BackgroundSource(
        "scorched3d-data",
        "noise",
        "scorched3d",
        f"{_TANKS}/none/data/wav",
        ("**/*.wav",),
        (
            "shield/*",
            "battery/*",
            "beep*",
            "birds2*",
            "laser*",
            "play*",
            "teleport*",
            *_SHARED_RECORDINGS,
        ),
    ),
    BackgroundSource(
        "ufoai-sound",
        "noise",
        "ufoai",
        "usr/share/games/ufoai/base/0snd.pk3",
        tuple(
            f"sound/{folder}/*.ogg"
            for folder in ("ambience", "civilians", "doors", "footsteps", "impact", "weapons")
        ),
        (
            *("alien*", "engine_alien*", "disco*", "droning*", "hum*", "jingle*", "minepump*"),
            *("radiomessage*", "tv_news*", "*needler*"),
        ),
    ),
    BackgroundSource(
        "lugaru-data",
        "noise",
        "lugaru",
        "usr/share/games/lugaru/Sounds",
        ("*.ogg",),
        ("Music*", "Console*", "Alarm*"),
    ),
    BackgroundSource(
        "scratch",
        "noise",
        "scratch",
        "usr/share/scratch/Media/Sounds",
        ("Animal/*", "Effects/*", "Human/*"),
        ("BellToll*",),
    ),
    BackgroundSource(
        "etw-data",
        "noise",
        "etw",
        "usr/share/games/etw",
        ("crowd/*.wav", "snd/*.wav"),
        (
            *("crowd0[124-9]*", "crowd1[3467]*", "crash*", "fischio*", "hallelujah*", "replay*"),
            *("rigore*", "speed*"),
        ),
    ),
    BackgroundSource(
        "simutrans-pak64",
        "noise",
        "simutrans",
        "usr/share/games/simutrans/pak/sound",
        ("*.wav",),
        ("boing*", "crossing*"),
    ),
    BackgroundSource("minetest-data", "noise", "minetest", _STEPS, ("*/sounds/*.ogg",)),
    BackgroundSource(
        "minetest-mod-homedecor",
        "noise",
        "homedecor",
        "usr/share/games/minetest/mods/homedecor",
        ("*/sounds/*.ogg",),
        ("*doorbell*",),
    ),
    BackgroundSource("onsen", "noise", "onsen", "onsen-0.1.1/onsen/assets", ("water.wav",)),
)
