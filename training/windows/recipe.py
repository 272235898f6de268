"""How windows are made of recordings: everything that an experiment may change about a set."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from timbrescope.training.augment import FAMILIES

MaterialChoice = Literal["all", "recordings", "soundfonts"]
# To be raised when windows are composed or degraded differently.
RECIPE_VERSION = 13


@dataclass(frozen=True)
class Recipe:
    """How a set of windows is made.

    Attributes
    ----------
    per_class, validation_per_class : int
        Clean windows of each instrument, to train on and for each fold to validate with; a fold
        without a group of an instrument has no validation windows of it.
    variants : int
        Degraded copies of each clean window, one row each.
    families : tuple of str
        Of `training.augment.FAMILIES`: what windows are degraded with.
    material : {"all", "recordings", "soundfonts"}
        What training windows are made of; validation always has the same recordings.
    note_share : float
        Of the training windows of an instrument, how many hold one note, hit or chord alone; of
        those that only validate, half.
    held_share : float
        Of notes alone that last, how many are held tones that begin and end anywhere.
    recorded_share : float
        How many of the windows are a recording as it is instead of a performance made of several;
        the first variant of these is not degraded either: so files sound that are dropped on a
        window.
    background : bool
        Whether there are windows of noise, speech and other instruments, and of music.
    teacher : Path or None
        Folder of the teacher whose answers are stored as well.
    seed : int
        Of the split and of every window.
    """

    per_class: int = 420
    validation_per_class: int = 60
    variants: int = 1
    families: tuple[str, ...] = FAMILIES
    material: MaterialChoice = "all"
    note_share: float = 0.45
    held_share: float = 0.5
    recorded_share: float = 0.33
    background: bool = True
    teacher: Path | None = None
    seed: int = 22

    def as_dict(self) -> dict[str, Any]:
        """Return what decides the windows, for JSON; of the teacher only whether there is one."""
        stated = asdict(replace(self, teacher=None))
        return stated | {"version": RECIPE_VERSION, "teacher": self.teacher is not None}
