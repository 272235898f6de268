from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.samples.sets import SAMPLE_SETS
from timbrescope.training.corpus.soundfonts.other_instruments import FOREIGN
from timbrescope.training.corpus.soundfonts.patches import PATCHED
from timbrescope.training.corpus.soundfonts.presets import FONTS, presets
from timbrescope.training.packages.pinned import PACKAGES
from timbrescope.training.playing.melodies import PLAYERS


def test_every_part_has_a_name_of_its_own_and_a_player() -> None:
    found = presets()
    assert len({part.name for part in found}) == len(found)
    for part in found:
        assert part.voice.style in PLAYERS.keys() | {"hits", "groove"}
        assert part.phrases > 0
        assert part.voice.keys or part.voice.low < part.voice.high


def test_every_font_comes_from_a_pinned_package() -> None:
    assert {font.package for font in FONTS} <= {package.name for package in PACKAGES}


def test_other_instruments_are_written_in_small_letters_and_are_no_class() -> None:
    plays = [*FOREIGN, *(w.what for w in SAMPLE_SETS), *(w.what for w in PATCHED)]
    for what in plays:
        assert (what in NAMES) != (what == what.lower().replace(" ", "-"))


def test_fonts_that_share_recordings_share_the_family() -> None:
    by_name = {part.name: part for part in presets()}
    assert by_name["banjo_generaluser_0-105"].family == "fluidr3"
    assert by_name["banjo_timgm6mb_0-105"].family == "timgm6mb"
