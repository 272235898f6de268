"""The class list: 28 names, both spellings, and colours that can be told apart."""

import itertools

import numpy as np
import pytest

from timbrescope.models.errors import UnknownInstrumentError
from timbrescope.models.instruments import INSTRUMENTS, NAMES, canonical_name, index_of

KAGGLE_FOLDERS = [
    "Accordion",
    "Acoustic_Guitar",
    "Banjo",
    "Bass_Guitar",
    "Clarinet",
    "cowbell",
    "Cymbals",
    "Dobro",
    "Drum_set",
    "Electro_Guitar",
    "Floor_Tom",
    "flute",
    "Harmonica",
    "Harmonium",
    "Hi_Hats",
    "Horn",
    "Keyboard",
    "Mandolin",
    "Organ",
    "Piano",
    "Saxophone",
    "Shakers",
    "Tambourine",
    "Trombone",
    "Trumpet",
    "Ukulele",
    "vibraphone",
    "Violin",
]

# CIE76 difference; about 2.3 is just noticeable for large patches side by side.
SMALLEST_DIFFERENCE = 10.0
# WCAG asks 3:1 of graphics; both grounds at once leave a narrow band, so a little less.
SMALLEST_CONTRAST = 1.9
GROUNDS = {"dark": "#12151c", "light": "#ffffff"}


def _linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(colour: str) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ _linear(colour) / np.array([0.9505, 1.0, 1.089])
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ [0.2126, 0.7152, 0.0722])


def test_there_are_28_in_alphabetical_order() -> None:
    assert len(NAMES) == len(set(NAMES)) == 28
    assert list(NAMES) == sorted(NAMES)


@pytest.mark.parametrize(("folder", "name"), list(zip(KAGGLE_FOLDERS, NAMES, strict=True)))
def test_the_kaggle_spelling_is_understood(folder: str, name: str) -> None:
    assert canonical_name(folder) == canonical_name(name) == canonical_name(name.upper()) == name
    assert NAMES[index_of(folder)] == name


@pytest.mark.parametrize("text", ["", "Oboe", "violin2x"])
def test_another_name_is_refused_with_the_name(text: str) -> None:
    with pytest.raises(UnknownInstrumentError, match=repr(text)):
        canonical_name(text)


def test_colours_can_be_told_apart() -> None:
    pairs = itertools.combinations(INSTRUMENTS, 2)
    closest = min(pairs, key=lambda p: np.linalg.norm(_lab(p[0].colour) - _lab(p[1].colour)))
    difference = np.linalg.norm(_lab(closest[0].colour) - _lab(closest[1].colour))
    assert difference >= SMALLEST_DIFFERENCE, [item.name for item in closest]


@pytest.mark.parametrize("ground", GROUNDS)
def test_colours_stand_out_on_the_ground(ground: str) -> None:
    behind = _luminance(GROUNDS[ground])
    for instrument in INSTRUMENTS:
        above = _luminance(instrument.colour)
        contrast = (max(above, behind) + 0.05) / (min(above, behind) + 0.05)
        assert contrast >= SMALLEST_CONTRAST, (instrument.name, round(contrast, 2))
