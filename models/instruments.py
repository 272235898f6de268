"""The 28 instruments: their order, families, colours and accepted spellings.

The order is the class order of every model and never changes; the names are those of the
paper (Senatori & Nardone, Information 2025, 16, 864), the second spelling is that of the
folders of its Kaggle data set.
"""

import re
from dataclasses import dataclass

from timbrescope.models.errors import UnknownInstrumentError


@dataclass(frozen=True)
class Instrument:
    """One class.

    Attributes
    ----------
    name : str
        Display name, as the paper writes it.
    family : str
        Strings, Woodwind, Brass, Keys, Free reed or Percussion.
    colour : str
        ``#rrggbb``; told apart from the other 27 on dark and on light ground
        (tests/models/test_instruments.py states the bounds).
    """

    name: str
    family: str
    colour: str


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("Accordion", "Free reed", "#d62728"),
    Instrument("Acoustic Guitar", "Strings", "#b5651d"),
    Instrument("Banjo", "Strings", "#e8871e"),
    Instrument("Bass Guitar", "Strings", "#6b6bd6"),
    Instrument("Clarinet", "Woodwind", "#2a9d4a"),
    Instrument("Cowbell", "Percussion", "#8a8a8a"),
    Instrument("Cymbals", "Percussion", "#c2a300"),
    Instrument("Dobro", "Strings", "#8c5a6e"),
    Instrument("Drum Set", "Percussion", "#5b7f95"),
    Instrument("Electric Guitar", "Strings", "#ff5a5f"),
    Instrument("Floor Tom", "Percussion", "#7a6a4f"),
    Instrument("Flute", "Woodwind", "#18b3a6"),
    Instrument("Harmonica", "Free reed", "#e0529c"),
    Instrument("Harmonium", "Free reed", "#a83279"),
    Instrument("Hi-Hats", "Percussion", "#9aa33b"),
    Instrument("Horn", "Brass", "#d08c60"),
    Instrument("Keyboard", "Keys", "#3f8efc"),
    Instrument("Mandolin", "Strings", "#c98bdb"),
    Instrument("Organ", "Keys", "#7b3fe4"),
    Instrument("Piano", "Keys", "#1769aa"),
    Instrument("Saxophone", "Woodwind", "#5cb82c"),
    Instrument("Shakers", "Percussion", "#b08f8f"),
    Instrument("Tambourine", "Percussion", "#49a7c9"),
    Instrument("Trombone", "Brass", "#a8741a"),
    Instrument("Trumpet", "Brass", "#f0a500"),
    Instrument("Ukulele", "Strings", "#e88fa0"),
    Instrument("Vibraphone", "Percussion", "#39c27f"),
    Instrument("Violin", "Strings", "#c13fcf"),
)

NAMES: tuple[str, ...] = tuple(instrument.name for instrument in INSTRUMENTS)

# The Kaggle folders differ from the paper's names in these only (beside case and underscores).
_OTHER_SPELLINGS = {"electroguitar": "Electric Guitar", "drumset": "Drum Set"}


def _key(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


_BY_KEY = {_key(name): name for name in NAMES} | _OTHER_SPELLINGS
_INDEX = {name: index for index, name in enumerate(NAMES)}


def canonical_name(text: str) -> str:
    """Return the paper's name for a class written in either spelling, in any case.

    Raises
    ------
    UnknownInstrumentError
        If `text` is none of the 28.
    """
    try:
        return _BY_KEY[_key(text)]
    except KeyError:
        raise UnknownInstrumentError(
            f"{text!r} is none of the 28 instruments; known names: {', '.join(NAMES)}"
        ) from None


def index_of(text: str) -> int:
    """Return the class index (0–27) of a name in either spelling."""
    return _INDEX[canonical_name(text)]
