"""Random phrases for pitched instruments, as note events in seconds.

They are exercises in timbre, not music worth hearing twice: scales and leaps in a key, in the
instrument's range, with the articulation, chords and dynamics that its players use.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

SCALES = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 3, 5, 7, 9, 10),
    (0, 2, 4, 7, 9),
    (0, 3, 5, 6, 7, 10),
)
BEATS = (0.25, 0.5, 0.5, 0.5, 1.0, 1.0, 1.5, 2.0, 4.0)
STRUM_KEYS = (40, 45, 50, 55, 59, 64)


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


def _velocity(rng: Generator, level: float) -> int:
    return int(np.clip(rng.normal(level, 9), 25, 127))


def _keys_in(register: Register, rng: Generator) -> list[int]:
    """Return the keys of a random scale that the register has, at least four of them."""
    root, scale = int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]
    keys = [k for k in range(register.low, register.high + 1) if (k - root) % 12 in scale]
    return keys if len(keys) >= 4 else list(range(register.low, register.low + 4))


def melody(register: Register, rng: Generator, *, held: float = 0.9) -> list[NoteEvent]:
    """Return one voice that moves mostly by step; `held` is the share of a beat that sounds."""
    keys = _keys_in(register, rng)
    span = len(keys)
    # Players seldom leave an octave and a half in one phrase.
    place = int(rng.integers(span))
    floor, ceiling = max(0, place - 6), min(span - 1, place + 6)
    beat_s, level = 60 / rng.uniform(60, 168), rng.uniform(50, 115)
    slow = rng.random() < 0.25
    events, now_s = [], 0.0
    while now_s < register.length_s:
        beats = float(rng.choice(BEATS)) * (2.0 if slow else 1.0)
        step_s = beats * beat_s * rng.uniform(0.96, 1.04)
        if rng.random() > 0.09:
            length_s = min(step_s * held * rng.uniform(0.7, 1.1), register.length_s - now_s)
            events.append(NoteEvent(now_s, length_s, keys[place], _velocity(rng, level)))
        leap = rng.choice((-1, 1, -2, 2, 0, -4, 4), p=(0.27, 0.27, 0.13, 0.13, 0.08, 0.06, 0.06))
        place = int(np.clip(place + leap, floor, ceiling))
        now_s += step_s
    return events


def wind(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a melody for one breath: legato, tongued or with long notes."""
    return melody(register, rng, held=float(rng.choice((0.45, 0.85, 1.02))))


def bowed(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a bowed line, now and then with a second string a third to a sixth below."""
    events = melody(register, rng, held=float(rng.choice((0.5, 0.95, 1.05))))
    if rng.random() < 0.2:
        events += [
            NoteEvent(e.start_s, e.length_s, e.key - int(rng.choice((4, 7, 9))), e.velocity)
            for e in events
            if e.key - 9 >= register.low
        ]
    return events


def _chords(
    register: Register, rng: Generator, *, voices: int, held: float, roll_s: float
) -> list[NoteEvent]:
    keys = _keys_in(register, rng)
    beat_s, level = 60 / rng.uniform(60, 140), rng.uniform(45, 105)
    beats = float(rng.choice((0.5, 1.0, 1.0, 2.0, 4.0)))
    events, now_s = [], 0.0
    while now_s < register.length_s:
        base = int(rng.integers(max(1, len(keys) - 2 * voices)))
        chord = keys[base::2][:voices]
        if rng.random() < 0.4:
            chord = chord[::-1]
        length_s = min(beats * beat_s * held, register.length_s - now_s)
        delay_s = rng.uniform(0, roll_s)
        for place, key in enumerate(chord):
            events.append(NoteEvent(now_s + place * delay_s, length_s, key, _velocity(rng, level)))
        now_s += beats * beat_s
    return events


def _both_hands(register: Register, rng: Generator, *, held: float) -> list[NoteEvent]:
    middle = (register.low + register.high) // 2
    left = Register(register.low, middle, register.length_s)
    right = Register(middle - 3, register.high, register.length_s)
    return _chords(left, rng, voices=3, held=held, roll_s=0.01) + melody(right, rng, held=held)


def keys(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a melody, chords, broken chords, or a melody over chords for two hands."""
    way = rng.random()
    if way < 0.3:
        return melody(register, rng, held=1.0)
    if way < 0.5:
        return _chords(register, rng, voices=int(rng.integers(2, 5)), held=0.95, roll_s=0.02)
    if way < 0.65:
        return _chords(register, rng, voices=4, held=1.2, roll_s=0.18)
    return _both_hands(register, rng, held=float(rng.choice((0.6, 1.0))))


def organ(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return held chords, a melody, or both together."""
    way = rng.random()
    if way < 0.3:
        return melody(register, rng, held=1.0)
    if way < 0.55:
        return _chords(register, rng, voices=int(rng.integers(3, 5)), held=1.0, roll_s=0.0)
    return _both_hands(register, rng, held=1.0)


def accordion(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a melody, with thirds, with a left hand of bass and chord in turn, or chords."""
    way = rng.random()
    if way < 0.3:
        return melody(register, rng, held=0.97)
    if way < 0.5:
        return _thirds(melody(register, rng, held=0.97), rng=rng, share=0.8)
    if way < 0.65:
        return _chords(register, rng, voices=3, held=0.95, roll_s=0.0)
    return melody(register, rng, held=0.95) + _bass_and_chord(register, rng)


def _bass_and_chord(register: Register, rng: Generator) -> list[NoteEvent]:
    beat_s, level = 60 / rng.uniform(90, 160), rng.uniform(45, 85)
    root, to_bar = int(rng.integers(38, 50)), int(rng.choice((2, 3)))
    events, count = [], 0
    while count * beat_s < register.length_s:
        start_s = count * beat_s
        if count % to_bar == 0:
            root = int(np.clip(root + rng.choice((-5, 0, 0, 5, 7, -7)), 36, 52))
            chord: tuple[int, ...] = (root,)
        else:
            chord = (root + 12, root + 16, root + 19)
        events += [NoteEvent(start_s, beat_s * 0.6, k, _velocity(rng, level)) for k in chord]
        count += 1
    return events


def _thirds(events: list[NoteEvent], *, rng: Generator, share: float) -> list[NoteEvent]:
    return events + [
        NoteEvent(e.start_s, e.length_s, e.key - int(rng.choice((3, 4))), e.velocity)
        for e in events
        if rng.random() < share
    ]


def harmonica(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a melody with some double stops, or a run of chords."""
    if rng.random() < 0.2:
        return _chords(register, rng, voices=3, held=0.8, roll_s=0.0)
    share = float(rng.choice((0.0, 0.25, 0.7)))
    return _thirds(melody(register, rng, held=0.97), rng=rng, share=share)


def mallets(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a line that rings on, or chords of up to four mallets."""
    if rng.random() < 0.3:
        return _chords(register, rng, voices=int(rng.integers(2, 5)), held=1.3, roll_s=0.03)
    return melody(register, rng, held=float(rng.choice((0.8, 2.0))))


def guitar(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a picked line, a broken chord, or strums."""
    way = rng.random()
    if way < 0.4:
        return melody(register, rng, held=1.0)
    if way < 0.6:
        return _chords(register, rng, voices=4, held=1.4, roll_s=0.22)
    return _strums(register, rng)


def _strums(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return strums over an E-shaped barre: up and down, some strings left out."""
    beat_s, level = 60 / rng.uniform(80, 160), rng.uniform(50, 105)
    half = rng.random() < 0.6
    shapes = ((0, 2, 2, 1, 0, 0), (0, 2, 2, 0, 0, 0), (0, 2, 0, 1, 0, 0))
    events, now_s, fret = [], 0.0, int(rng.integers(0, 9))
    while now_s < register.length_s:
        if rng.random() < 0.3:
            fret = int(rng.integers(0, 9))
        shape = shapes[rng.integers(len(shapes))]
        strings = [key + add + fret for key, add in zip(STRUM_KEYS, shape, strict=True)]
        strings = strings[int(rng.integers(3)) :]
        if rng.random() < 0.4:
            strings.reverse()
        gap_s, length_s = rng.uniform(0.004, 0.03), beat_s * rng.uniform(0.4, 2.0)
        events += [
            NoteEvent(now_s + i * gap_s, length_s, key, _velocity(rng, level))
            for i, key in enumerate(strings)
        ]
        now_s += beat_s * (0.5 if half and rng.random() < 0.7 else 1.0)
    return events


def banjo(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return three-finger rolls over a chord, or a picked line."""
    if rng.random() < 0.35:
        return melody(register, rng, held=1.0)
    step_s, level = 60 / rng.uniform(90, 150) / 4, rng.uniform(60, 110)
    root = int(rng.integers(register.low, register.low + 8))
    strings = (root, root + 4, root + 7, root + 12, root + 19)
    order = rng.integers(5, size=8)
    count = int(register.length_s / step_s)
    return [
        NoteEvent(i * step_s, step_s * 2.5, strings[order[i % 8]], _velocity(rng, level))
        for i in range(count)
    ]


def bass(register: Register, rng: Generator) -> list[NoteEvent]:
    """Return a line of the low octaves, or a riff repeated."""
    if rng.random() < 0.5:
        return melody(register, rng, held=float(rng.choice((0.5, 0.95))))
    step_s, level = 60 / rng.uniform(80, 150) / 2, rng.uniform(65, 115)
    root = int(rng.integers(register.low, register.high - 12))
    riff = [int(rng.choice((0, 0, 0, 3, 5, 7, 10, 12, -1))) for _ in range(8)]
    return [
        NoteEvent(i * step_s, step_s * 0.85, root + riff[i % 8], _velocity(rng, level))
        for i in range(int(register.length_s / step_s))
        if riff[i % 8] >= 0
    ]


PLAYERS: dict[str, Player] = {
    "accordion": accordion,
    "banjo": banjo,
    "bass": bass,
    "bowed": bowed,
    "guitar": guitar,
    "harmonica": harmonica,
    "keys": keys,
    "mallets": mallets,
    "organ": organ,
    "wind": wind,
}
