from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.soundfonts.other_instruments import FOREIGN
from timbrescope.training.corpus.soundfonts.presets import FLUID, HITS, PITCHED, presets
from timbrescope.training.playing.melodies import PLAYERS


def test_parts_are_unique_and_of_known_classes() -> None:
    found = presets()
    assert len({part.name for part in found}) == len(found)
    assert {part.what for part in found} <= set(NAMES) | FOREIGN.keys()
    assert all(part.voice.style in PLAYERS for part in found if not part.voice.keys)


def test_presets_that_are_not_the_instrument_are_left_out() -> None:
    assert {"Mandolin", "Ukulele", "Dobro"}.isdisjoint(PITCHED.keys() | HITS.keys())
    assert {p.font for p in presets() if p.what == "Harmonium"} == {FLUID}


def test_parts_name_the_family_of_their_samples() -> None:
    part = next(p for p in presets() if p.font == FLUID and p.what == "Accordion")
    assert part.family == "fluidr3"
