"""The notes that a player has at hand: which keys they reach, and which recording plays a key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.strokes import LONGEST_HOLD, Stroke

# How far a recording is played from its own pitch at most.
FARTHEST_SEMITONES = 3.0
# How much farther a recording may be than another and still be taken for it.
FAVOUR_SEMITONES = 1.2
# What a recording that must be held for twice its length is worth less, in semitones.
SHORT_SEMITONES = 0.8
TUNED_SHARE = 0.5
LARGEST_DETUNE_SEMITONES = 0.5
SCALES = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 4, 5, 7, 9, 10),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 3, 5, 7, 9, 10),
    (0, 2, 4, 7, 9),
    (0, 3, 5, 6, 7, 10),
)
MADE_UP_KEY = 60.0
UNRECORDED = np.zeros(4 * SAMPLE_RATE_HZ, dtype=np.float32)


@dataclass(frozen=True)
class Band:
    """The recordings of one window.

    Attributes
    ----------
    notes : tuple of Note
        At least one, all with a key; made-up keys where nothing is known of their pitch.
    favour : ndarray
        Semitones against each recording: a player keeps to the same ones for a while.
    scale : tuple of int
        The keys that can be played and are in tune with each other, ascending.
    tuning : float
        Semitones by which everything is higher than written.
    pitched : bool
        Whether the keys are known. If not, every recording is played at its own pitch.
    """

    notes: tuple[Note, ...]
    favour: NDArray[np.float64]
    scale: tuple[int, ...]
    tuning: float
    pitched: bool

    def stroke(self, key: float, *, start_s: float, length_s: float) -> Stroke:
        """Return the stroke that plays `key`: a near recording, shifted to it."""
        away = np.abs(np.array([note.key for note in self.notes]) - key)
        seconds = np.array([note.seconds for note in self.notes])
        short = SHORT_SEMITONES * np.clip(length_s / seconds - 1, 0, LONGEST_HOLD - 1)
        near = away <= max(FARTHEST_SEMITONES, away.min())
        cost = np.where(near, away + self.favour + short, np.inf)
        note = self.notes[int(np.argmin(cost))]
        shift = key + self.tuning - note.key if self.pitched else self.tuning
        return Stroke(start_s, length_s, note, shift=float(shift))

    def within(self, low: float, high: float) -> "Band":
        """Return the band kept to the keys from `low` to `high`, if that leaves three or more."""
        kept = tuple(key for key in self.scale if low <= key <= high)
        return replace(self, scale=kept) if len(kept) >= 3 else self

    def triad(self, degree: int, *, voices: int) -> list[int]:
        """Return a chord on a place of the scale: thirds upwards, closer where it ends."""
        places = [degree + 2 * voice for voice in range(voices)]
        last = len(self.scale) - 1
        return sorted({self.scale[min(place, last)] for place in places})


def band_of(notes: Sequence[Note], *, span: int, rng: Generator) -> Band:
    """Choose what to play with for one window.

    Parameters
    ----------
    notes : sequence of Note
        At least one.
    span : int
        Semitones from the lowest to the highest key, if the recordings reach that far.
    rng : Generator
    """
    known = [note for note in notes if np.isfinite(note.key)]
    unknown = [note for note in notes if not np.isfinite(note.key)]
    tuning = 0.0
    if rng.random() < TUNED_SHARE:
        tuning = float(rng.uniform(-1, 1)) * LARGEST_DETUNE_SEMITONES
    if not known or rng.random() < 0.7 * len(unknown) / len(notes):
        return _made_up(unknown, tuning=tuning, rng=rng)
    low = _lowest_key(np.array([note.key for note in known]), span=span, rng=rng)
    highest = low + span + FARTHEST_SEMITONES
    near = [note for note in known if low - FARTHEST_SEMITONES <= note.key <= highest]
    at_hand = np.array([note.key for note in near])
    reach = [
        key
        for key in range(int(np.ceil(low)), int(low + span) + 1)
        if np.abs(at_hand - key).min() <= FARTHEST_SEMITONES
    ]
    favour = rng.uniform(0, FAVOUR_SEMITONES, size=len(near))
    return Band(tuple(near), favour, _scale(reach, rng=rng), tuning, True)


def band_of_keys(low: int, high: int, *, span: int, rng: Generator) -> Band:
    """Return a band without recordings, for what only is written down: the keys `low` to `high`.

    It stays within `span` semitones of them.
    """
    keys = np.arange(low, high + 1)
    first = max(low, min(round(_lowest_key(keys, span=span, rng=rng)), high - span))
    reach = range(first, min(first + span, high) + 1)
    notes = tuple(Note(UNRECORDED, 1.0, float(key), 1.0) for key in reach)
    return Band(notes, np.zeros(len(notes)), _scale(reach, rng=rng), 0.0, True)


def _lowest_key(keys: NDArray[np.floating | np.integer], *, span: int, rng: Generator) -> float:
    """Return where a register of `span` semitones begins: rather in the middle of `keys`."""
    # Notes alike in key are alike likely to be in the middle, however often one was recorded.
    known = np.unique(np.round(keys))
    between = float(rng.choice(known, size=2).mean())
    centre = float(known[np.argmin(np.abs(known - between))])
    return centre - float(rng.uniform(0.3, 0.7)) * span


def _scale(reach: Sequence[int], *, rng: Generator) -> tuple[int, ...]:
    root, degrees = int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]
    scale = tuple(key for key in reach if (key - root) % 12 in degrees)
    return scale if len(scale) >= 3 else tuple(reach)


def _made_up(notes: Sequence[Note], *, tuning: float, rng: Generator) -> Band:
    """Return a band of recordings without pitch, each on a key of its own."""
    count = min(len(notes), int(rng.integers(1, 8)))
    chosen = [notes[i] for i in rng.choice(len(notes), size=count, replace=False)]
    keyed = tuple(replace(note, key=MADE_UP_KEY + 2 * i) for i, note in enumerate(chosen))
    scale = tuple(int(note.key) for note in keyed)
    return Band(keyed, np.zeros(count), scale, tuning, False)
