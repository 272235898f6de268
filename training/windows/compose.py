"""Composing 3-second windows: single notes and hits become phrases, long phrases are cropped.

Everything here is a pure function of arrays and a NumPy generator: the same seed gives the
same window. Arrays are mono float32 at 22050 Hz. How each instrument is played says
`training.playing`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from timbrescope.training.playing.notes import (
    SILENCE_RMS,
    Note,
    detuned,
    normalised,
    note_of,
    released,
)
from timbrescope.training.playing.pitch import Samples
from timbrescope.training.playing.players import play
from timbrescope.training.playing.strokes import RINGS_OUT_S, Performance, Stroke, played, waved

STRUCK = frozenset(
    {"Cowbell", "Cymbals", "Drum Set", "Floor Tom", "Hi-Hats", "Shakers", "Tambourine"}
)
LATE_START_SHARE = 0.15
EARLY_END_SHARE = 0.08
SINGLE_SHARE = 0.18
DETUNED_SHARE = 0.5
LARGEST_DETUNE_SEMITONES = 1.0
MOST_LEAD_S = 1.5
FRAME_SAMPLES = 1_102
SOUNDING_RANGE_DB = 30.0
FEWEST_SOUNDING_FRAMES = 3
TRIES = 8


def is_sounding(window: Samples) -> bool:
    """Return whether at least about 0.15 s of `window` carries sound near its loudest."""
    whole = window[: window.size // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    rms = np.sqrt(np.mean(np.square(whole), axis=1))
    floor = max(SILENCE_RMS, float(rms.max()) * 10 ** (-SOUNDING_RANGE_DB / 20))
    return int(np.count_nonzero(rms > floor)) >= FEWEST_SOUNDING_FRAMES


def window_of_notes(notes: Sequence[Samples], *, instrument: str, rng: Generator) -> Samples:
    """Play the notes of one group as musicians do and return 3 s of it, shape (66150,).

    Parameters
    ----------
    notes : sequence of arrays
        At least one, none of them empty; all of one player and instrument. Their pitches are
        listened for once, and remembered as long as the arrays live.
    instrument : str
        One of the 28; decides what is played.
    rng : Generator
        Source of every choice.

    Returns
    -------
    ndarray
        Peak 1 unless silent.
    """
    at_hand = [note_of(note, pitched=instrument not in STRUCK) for note in notes]
    for _ in range(TRIES):
        window = _one_window(at_hand, instrument=instrument, rng=rng)
        if is_sounding(window):
            break
    return window


def _one_window(notes: Sequence[Note], *, instrument: str, rng: Generator) -> Samples:
    if rng.random() < SINGLE_SHARE:
        line = played(_single(notes, rng).strokes, from_s=0.0, seconds=WINDOW_S)
        return normalised(line)
    lead_s, end_s = _frame(rng)
    length_s = max(lead_s, 0.0) + min(end_s, WINDOW_S + min(lead_s, 0.0))
    performance = play(notes, instrument, length_s=length_s, rng=rng)
    line = played(performance.strokes, from_s=lead_s, seconds=WINDOW_S)
    if performance.wave is not None:
        line = waved(line, performance.wave)
    return normalised(line)


def _single(notes: Sequence[Note], rng: Generator) -> Performance:
    """Return one note by itself, from its beginning, with silence around it."""
    note = notes[int(rng.integers(len(notes)))]
    shift = float(rng.uniform(-1, 1)) * LARGEST_DETUNE_SEMITONES
    start_s = 0.0 if rng.random() < 0.25 else float(rng.uniform(0, 2.3))
    length_s = RINGS_OUT_S if rng.random() < 0.7 else float(rng.uniform(0.2, 1.5))
    shift *= rng.random() < DETUNED_SHARE
    return Performance((Stroke(start_s, length_s, note, shift=shift, release_s=0.06),))


def _frame(rng: Generator) -> tuple[float, float]:
    """Return how long the phrase has gone on already (negative: it starts late) and its end."""
    way = rng.random()
    if way < LATE_START_SHARE:
        return -float(rng.uniform(0.1, 2.0)), WINDOW_S
    if way < LATE_START_SHARE + EARLY_END_SHARE:
        return float(rng.uniform(0, MOST_LEAD_S)), float(rng.uniform(0.5, 2.5))
    return float(rng.uniform(0, MOST_LEAD_S)), WINDOW_S


def window_of_phrases(phrases: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return 3 s of a phrase that somebody played, shape (66150,), peak 1 unless silent.

    The crop is random; now and then the playing starts late or ends early. Phrases shorter
    than the window are followed by others of the group.
    """
    for _ in range(TRIES):
        lead_s, end_s = _frame(rng)
        phrase, factor = phrases[int(rng.integers(len(phrases)))], _detuning(rng)
        # Only what is heard is detuned: a phrase may last a minute.
        needed = int(WINDOW_SAMPLES * factor) + 1
        if lead_s >= 0 and phrase.size > needed:
            phrase = phrase[rng.integers(phrase.size - needed + 1) :]
        line = detuned(phrase[:needed], factor=factor)
        if lead_s < 0:
            line = np.concatenate([np.zeros(int(-lead_s * SAMPLE_RATE_HZ), np.float32), line])
        line = _filled(line, phrases, rng=rng)
        window = normalised(released(line, length_s=end_s, release_s=0.05))
        window = np.pad(window, (0, max(0, WINDOW_SAMPLES - window.size)))[:WINDOW_SAMPLES]
        if is_sounding(window):
            break
    return window


def _filled(line: Samples, phrases: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return `line` with further phrases behind it until it fills a window."""
    pieces, size = [line], line.size
    while size < WINDOW_SAMPLES:
        gap = np.zeros(int(rng.uniform(0.05, 0.9) * SAMPLE_RATE_HZ), dtype=np.float32)
        pieces += [gap, phrases[int(rng.integers(len(phrases)))]]
        size += gap.size + pieces[-1].size
    return np.concatenate(pieces)[:WINDOW_SAMPLES]


def _detuning(rng: Generator) -> float:
    if rng.random() > DETUNED_SHARE:
        return 1.0
    return float(2 ** (rng.uniform(-1, 1) * LARGEST_DETUNE_SEMITONES / 12))
