"""From recordings to labelled windows: which group a window is drawn from, and how it is played."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import WINDOW_SAMPLES, Samples
from timbrescope.training.playing.hits import place_of_hit
from timbrescope.training.playing.notes import note_of
from timbrescope.training.windows.compose import (
    STRUCK,
    window_of_excerpt,
    window_of_notes,
    window_of_one,
    window_of_phrases,
    window_of_piece,
)
from timbrescope.training.windows.groups import GroupMaterial

Way = Literal["note", "phrase"]

# What is as loud as this beside the loudest of a recording is sound of the instrument.
SOUNDING_SHARE = 0.1
FROM_NOTES_SHARE = 0.5
# With fewer notes than these, most notes alone are cut out of phrases: they would all be the same.
FEWEST_NOTES = 12


@dataclass(frozen=True)
class Playing:
    """How often notes are heard alone, see `training.windows.recipe.Recipe`."""

    note_share: float = 0.45
    held_share: float = 0.5


@dataclass(frozen=True)
class Window:
    """One example: float32 samples of shape (66150,), label, group, a note alone or a phrase.

    `as_recorded` says that it is a piece of one recording and nothing was done to it.
    """

    samples: Samples
    label: int
    group: str
    way: Way
    as_recorded: bool = False


def composed_windows(
    name: str,
    material: Sequence[GroupMaterial],
    *,
    label: int,
    count: int,
    seed: int,
    playing: Playing | None = None,
    recorded_share: float = 0.0,
) -> Iterator[Window]:
    """Yield `count` clean windows; each depends on nothing but `seed`, `label` and its number.

    Parameters
    ----------
    name : str
        The instrument; or the kind of a background.
    material : sequence of GroupMaterial
        At least one; a group is drawn for every window, by weight.
    label, count, seed : int
    playing : Playing, optional
        How often notes are heard alone. Those windows are spread evenly over all.
    recorded_share : float
        How many windows hold a recording as it is instead of a performance made of several.
    """
    chosen = playing or Playing()
    for number in range(count):
        rng = np.random.default_rng([seed, label, number])
        alone = int((number + 1) * chosen.note_share) > int(number * chosen.note_share)
        way: Way = "note" if alone else "phrase"
        group = _drawn(material, way, rng)
        recorded = bool(rng.random() < recorded_share)
        if recorded:
            samples, way = as_recorded(group, struck=name in STRUCK, rng=rng)
        else:
            samples = compose(
                group, instrument=name, way=way, held_share=chosen.held_share, rng=rng
            )
        yield Window(samples, label, group.group, way, as_recorded=recorded)


def _drawn(material: Sequence[GroupMaterial], way: Way, rng: Generator) -> GroupMaterial:
    notes = sum(len(m.notes) for m in material)
    without = not any(m.phrases for m in material)
    # A group without phrases plays phrases with its notes; one without notes gives excerpts.
    from_notes = way == "note" and (without or rng.random() < notes / FEWEST_NOTES)
    weights = np.array([m.note_weight if from_notes else m.weight for m in material])
    if way == "note" and not from_notes:
        weights *= np.array([bool(m.phrases) for m in material])
    return material[int(rng.choice(len(material), p=weights / weights.sum()))]


def as_recorded(
    material: GroupMaterial, *, struck: bool = False, rng: Generator
) -> tuple[Samples, Way]:
    """Return 3 s of one of the recordings, from anywhere in it that sounds.

    Zeros are behind a short one. Of what is `struck`, short and long strokes all come up.
    """
    place = int(rng.integers(len(material.notes) + len(material.phrases)))
    if struck and place < len(material.notes):
        centres_s = [note_of(note, pitched=False).centre_s for note in material.notes]
        place = place_of_hit(np.array(centres_s), rng)
    chosen = (*material.notes, *material.phrases)[place]
    heard = np.flatnonzero(np.abs(chosen) >= SOUNDING_SHARE * np.abs(chosen).max())
    inside = int(heard[rng.integers(heard.size)])
    start = min(
        max(0, inside - int(rng.integers(WINDOW_SAMPLES))), max(0, chosen.size - WINDOW_SAMPLES)
    )
    piece = chosen[start : start + WINDOW_SAMPLES]
    way: Way = "note" if place < len(material.notes) else "phrase"
    return np.pad(piece, (0, WINDOW_SAMPLES - piece.size)), way


def compose(
    material: GroupMaterial, *, instrument: str, way: Way, held_share: float, rng: Generator
) -> Samples:
    """Return one window of a group, not augmented yet: a note alone, or a phrase.

    A phrase is played with the notes or cropped from a recorded one; a note is cut out of a
    phrase where there are no notes.
    """
    if material.cropped and way == "note":
        return window_of_piece(material.notes or material.phrases, rng=rng)
    if way == "note" and not material.notes:
        return window_of_excerpt(material.phrases, rng=rng)
    if way == "note":
        return window_of_one(material.notes, instrument=instrument, held_share=held_share, rng=rng)
    from_notes = material.notes and (not material.phrases or rng.random() < FROM_NOTES_SHARE)
    if from_notes and not material.cropped:
        return window_of_notes(material.notes, instrument=instrument, rng=rng)
    return window_of_phrases(material.phrases, rng=rng)
