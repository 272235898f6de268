"""Random phrases for pitched instruments, as note events in seconds.

They are played as `training.playing` plays recorded notes: the same figures, articulations,
chords and rolls, written down instead of heard.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import band_of_keys
from timbrescope.training.playing.players import perform, span_of
from timbrescope.training.playing.strokes import Stroke

SOFTEST, LOUDEST = 25, 127
LEVELS = (58, 118)
# Synthesisers make 40 dB of a tenth of the velocity.
DB_PER_DECADE = 40.0
SHORTEST_S = 0.02


@dataclass(frozen=True)
class NoteEvent:
    """One note: when it begins and how long it is held (seconds), MIDI key and velocity."""

    start_s: float
    length_s: float
    key: int
    velocity: int


@dataclass(frozen=True)
class Register:
    """The MIDI keys to stay between, and the seconds to fill."""

    low: int
    high: int
    length_s: float


Player = Callable[[Register, Generator], list[NoteEvent]]


def player_of(*instruments: str) -> Player:
    """Return a player of phrases as one of `instruments` has them, drawn for each phrase."""

    def play(register: Register, rng: Generator) -> list[NoteEvent]:
        instrument = instruments[int(rng.integers(len(instruments)))]
        while True:
            band = band_of_keys(register.low, register.high, span=span_of(instrument), rng=rng)
            strokes = perform(band, instrument, register.length_s, rng).strokes
            if events := written(strokes, register, rng):
                return events

    return play


def written(strokes: Sequence[Stroke], register: Register, rng: Generator) -> list[NoteEvent]:
    """Return strokes as note events, in time, of the keys that `register` has.

    A key that sounds is let go when it is struck again: a synthesiser would let go both.
    """
    level = rng.uniform(*LEVELS)
    events = [
        NoteEvent(
            stroke.start_s,
            min(stroke.length_s, register.length_s - stroke.start_s),
            round(stroke.note.key + stroke.shift),
            velocity_of(stroke.gain_db, level=level, rng=rng),
        )
        for stroke in strokes
        if stroke.start_s < register.length_s - SHORTEST_S
    ]
    kept = [event for event in events if register.low <= event.key <= register.high]
    return _let_go(sorted(kept, key=lambda event: event.start_s))


def velocity_of(gain_db: float, *, level: float, rng: Generator) -> int:
    """Return the velocity of a note that is `gain_db` louder than `level`, a little uneven."""
    velocity = level * 10 ** (gain_db / DB_PER_DECADE) + rng.normal(0, 3)
    return int(np.clip(velocity, SOFTEST, LOUDEST))


def _let_go(events: Sequence[NoteEvent]) -> list[NoteEvent]:
    """Return `events` with those cut that last into the next one of their key."""
    found: list[NoteEvent] = []
    latest: dict[int, int] = {}
    for event in events:
        before = latest.get(event.key)
        if before is not None:
            room_s = event.start_s - found[before].start_s
            if room_s < SHORTEST_S:
                continue
            held_s = min(found[before].length_s, room_s)
            found[before] = replace(found[before], length_s=held_s)
        latest[event.key] = len(found)
        found.append(event)
    return found


PLAYERS: dict[str, Player] = {
    "accordion": player_of("Accordion"),
    "banjo": player_of("Banjo"),
    "bass": player_of("Bass Guitar"),
    "bowed": player_of("Violin"),
    "brass": player_of("Horn", "Trombone", "Trumpet"),
    "electric": player_of("Electric Guitar"),
    "guitar": player_of("Acoustic Guitar", "Acoustic Guitar", "Electric Guitar"),
    "harmonica": player_of("Harmonica"),
    "harmonium": player_of("Harmonium"),
    "keys": player_of("Piano"),
    "mallets": player_of("Vibraphone"),
    "mandolin": player_of("Mandolin"),
    "organ": player_of("Organ"),
    "ukulele": player_of("Ukulele"),
    "wind": player_of("Clarinet", "Flute", "Saxophone", "Horn", "Trumpet"),
}
