"""A soundfont, and a preset of one with the way it is played."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Font:
    """A soundfont: its family name, its package, and its path inside the unpacked package."""

    family: str
    package: str
    path: str


@dataclass(frozen=True)
class Voice:
    """A preset and how to play it.

    Attributes
    ----------
    bank, program : int
        0-based; bank 128 is the percussion bank.
    style : str
        Name of a player in `training.playing.melodies` or `training.playing.grooves`.
    low, high : int
        MIDI keys that the real instrument has; unused by percussion.
    keys : tuple of int
        Percussion keys that the player may strike; empty for pitched instruments.
    """

    bank: int
    program: int
    style: str
    low: int = 0
    high: int = 127
    keys: tuple[int, ...] = ()
