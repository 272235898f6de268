"""One note by itself: held, plucked, damped or started again, anywhere in the window.

That is what musicians do first before a microphone, and what phrases hold little of. Times are
seconds from the beginning of the window; what began earlier is negative.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import WINDOW_S
from timbrescope.training.playing import blown, plucked, struck
from timbrescope.training.playing.band import band_of
from timbrescope.training.playing.chordal import chord_keys, strum
from timbrescope.training.playing.hits import hits
from timbrescope.training.playing.keyed import wave_between
from timbrescope.training.playing.notes import Note
from timbrescope.training.playing.ornaments import with_vibrato
from timbrescope.training.playing.rhythm import log_uniform_s
from timbrescope.training.playing.ringing import ringing_otherwise
from timbrescope.training.playing.strokes import (
    LONGEST_HOLD,
    RINGS_OUT_S,
    Bend,
    Performance,
    Stroke,
)
from timbrescope.training.playing.tuning import OPEN_STRINGS, tuned_up

Way = Callable[[Sequence[Note], str, Generator], list[Stroke]]
HELD_S = (1.0, 10.0)
SHORT_S = (0.12, 1.2)
# So much of a note has to be heard.
LEAST_HEARD_S = 0.4
DETUNED_SHARE = 0.5
LARGEST_DETUNE_SEMITONES = 1.0
# Notes of the lowest and highest quarter, which phrases hold little of.
EXTREME_SHARE = 0.3
SWELLING_SHARE = 0.5
# A breath or a bow keeps no pitch to better than this.
DRIFT_SEMITONES = 0.06
DRIFT_STEP_S = 0.4
# Of what is neither held nor tuned, where a note lasts and where it dies away.
LASTING_SHARES = {"short": 0.35, "as recorded": 0.35, "again": 0.2, "chord": 0.1}
DYING_SHARES = {"as recorded": 0.5, "short": 0.2, "again": 0.15, "chord": 0.15}
TUNING_SHARE = 0.08
CHORDS = frozenset({"Accordion", "Harmonica", "Harmonium", "Keyboard", "Organ", "Piano"})
# Bellows, tremulants and motors move the loudness of what is held; of how many notes they do.
WAVES = {
    "Accordion": (0.3, (0.2, 7.0)),
    "Harmonica": (0.3, (4.0, 7.0)),
    "Harmonium": (0.3, (0.2, 1.5)),
    "Keyboard": (0.1, (3.0, 7.0)),
    "Organ": (0.15, (5.0, 7.5)),
    "Vibraphone": (0.35, (3.0, 8.0)),
}


def alone(
    notes: Sequence[Note], instrument: str, *, held_share: float, rng: Generator
) -> Performance:
    """Play one note, chord or hit, with the silence around it.

    Parameters
    ----------
    notes : sequence of Note
        At least one, of one instrument and player.
    instrument : str
        One of the 28; what is none of them is played as one voice.
    held_share : float
        Of notes that last, how many are held tones that begin and end anywhere.
    rng : Generator
    """
    if instrument in struck.HABITS:
        strokes = hits(notes, instrument, rng)
        return Performance(ringing_otherwise(strokes, instrument, rng))
    if instrument in OPEN_STRINGS and rng.random() < TUNING_SHARE:
        return Performance(tuple(tuned_up(notes, instrument, rng)))
    note = of_some_register(notes, rng)
    if note.lasts and rng.random() < held_share:
        strokes = held(note, instrument, rng)
    else:
        shares = LASTING_SHARES if note.lasts else DYING_SHARES
        way = str(rng.choice(list(shares), p=list(shares.values())))
        strokes = _played(way, note, notes, instrument, rng)
    share, hz = WAVES.get(instrument, (0.0, (1.0, 1.0)))
    wave = wave_between(rng, hz, (0.2, 0.7)) if rng.random() < share else None
    return Performance(tuple(strokes), wave)


def _played(
    way: str, note: Note, notes: Sequence[Note], instrument: str, rng: Generator
) -> list[Stroke]:
    if way == "chord":
        return chord(notes, instrument, rng)
    if way == "again":
        return again(note, notes, rng)
    return short(note, rng) if way == "short" else as_recorded(note, rng)


def of_some_register(notes: Sequence[Note], rng: Generator) -> Note:
    """Return one of the notes: each key as likely as the others, the extremes a little more."""
    keys = np.array([note.key for note in notes])
    known = np.flatnonzero(np.isfinite(keys))
    if known.size < 2 or rng.random() > known.size / len(notes):
        return notes[int(rng.integers(len(notes)))]
    lowest, highest = keys[known].min(), keys[known].max()
    quarter = 0.25 * (highest - lowest)
    low, high = lowest, highest
    if rng.random() < EXTREME_SHARE:
        low, high = ((lowest, lowest + quarter), (highest - quarter, highest))[rng.integers(2)]
    away = np.abs(keys[known] - rng.uniform(low, high))
    nearest = known[away <= away.min() + 0.5]
    return notes[int(rng.choice(nearest))]


def _detune(rng: Generator) -> float:
    if rng.random() > DETUNED_SHARE:
        return 0.0
    return float(rng.uniform(-1, 1)) * LARGEST_DETUNE_SEMITONES


def held(note: Note, instrument: str, rng: Generator) -> list[Stroke]:
    """Hold one note for up to ten seconds; the window may begin and end within it."""
    longest_s = max(0.95 * LONGEST_HOLD * note.body_s, SHORT_S[0])
    length_s = min(log_uniform_s(*HELD_S, rng=rng), longest_s)
    heard_s = min(LEAST_HEARD_S, length_s)
    stroke = Stroke(
        float(rng.uniform(heard_s - length_s, WINDOW_S - heard_s)),
        length_s,
        note,
        shift=_detune(rng),
        attack_s=log_uniform_s(0.005, 0.15, rng=rng),
        release_s=log_uniform_s(0.03, 0.3, rng=rng),
        sustained=True,
    )
    if instrument in CHORDS:
        return [stroke]
    if rng.random() < SWELLING_SHARE:
        stroke = replace(stroke, swell=blown.swell(length_s, rng))
    if rng.random() < blown.HABITS.get(instrument, blown.Habits()).vibrato:
        [stroke] = with_vibrato([stroke], rng)
    elif rng.random() < 0.5:
        stroke = replace(stroke, bend=Bend(_drift(length_s, rng)))
    return [stroke]


def _drift(length_s: float, rng: Generator) -> tuple[tuple[float, float], ...]:
    times = np.arange(0.0, length_s + DRIFT_STEP_S, DRIFT_STEP_S)
    away = rng.normal(0, DRIFT_SEMITONES, size=times.size)
    return tuple(zip(times.tolist(), away.tolist(), strict=True))


def short(note: Note, rng: Generator) -> list[Stroke]:
    """Play a note of a tenth of a second to a little over a second, and nothing else."""
    length_s = log_uniform_s(*SHORT_S, rng=rng)
    start_s = float(rng.uniform(0.0, WINDOW_S - min(length_s, 0.4)))
    release_s = float(rng.uniform(0.03, 0.12))
    shift = _detune(rng)
    return [Stroke(start_s, length_s, note, shift=shift, release_s=release_s, sustained=True)]


def as_recorded(note: Note, rng: Generator) -> list[Stroke]:
    """Let the recording of a note ring out; at times it began before the window."""
    earliest_s = -0.8 * note.body_s if rng.random() < 0.35 else 0.0
    latest_s = max(0.0, WINDOW_S - max(LEAST_HEARD_S, 0.3 * note.body_s))
    start_s = float(rng.uniform(earliest_s, latest_s))
    return [Stroke(start_s, RINGS_OUT_S, note, shift=_detune(rng))]


def again(note: Note, notes: Sequence[Note], rng: Generator) -> list[Stroke]:
    """Start a note a few times, or stop it and go on with another, as those who practise do."""
    step_s = log_uniform_s(0.3, 1.5, rng=rng)
    sounding_share = float(rng.uniform(0.3, 1.0))
    start_s = float(rng.uniform(-0.5, 1.0)) * step_s
    shift, strokes = _detune(rng), []
    for _ in range(int(rng.integers(2, 6))):
        strokes.append(
            Stroke(
                start_s,
                step_s * sounding_share,
                note,
                shift=shift,
                gain_db=-float(rng.uniform(0, 8)),
                release_s=float(rng.uniform(0.03, 0.1)),
                sustained=note.lasts,
            )
        )
        start_s += step_s * float(rng.uniform(0.9, 1.2))
        if rng.random() < 0.15:
            note = of_some_register(notes, rng)
    return strokes


def chord(notes: Sequence[Note], instrument: str, rng: Generator) -> list[Stroke]:
    """Play one chord and hold it or let it ring; one note where a chord has no place."""
    voices = plucked.HABITS[instrument].strings if instrument in plucked.HABITS else 4
    if instrument not in CHORDS and instrument not in plucked.HABITS:
        return as_recorded(of_some_register(notes, rng), rng)
    band = band_of(notes, span=26, rng=rng)
    if instrument in plucked.HABITS:
        keys, between_s = chord_keys(band, rng, voices=voices), float(rng.uniform(0.005, 0.06))
    else:
        degree = int(rng.integers(max(1, len(band.scale) - 4)))
        keys = band.triad(degree, voices=int(rng.integers(2, voices + 1)))
        between_s = float(rng.choice((0.001, 0.03)))
    length_s = log_uniform_s(0.3, RINGS_OUT_S, rng=rng)
    start_s = float(rng.uniform(LEAST_HEARD_S - min(length_s, 1.5), WINDOW_S - 0.6))
    strokes = strum(band, keys, start_s=start_s, length_s=length_s, between_s=between_s)
    return [replace(stroke, sustained=stroke.note.lasts) for stroke in strokes]
