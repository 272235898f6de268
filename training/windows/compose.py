"""Composing 3-second windows: notes and hits by themselves or as phrases, crops of long phrases.

Everything here is a pure function of arrays and a NumPy generator: the same seed gives the
same window. Arrays are mono float32 at 22050 Hz. How each instrument is played says
`training.playing`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES, Samples
from timbrescope.training.playing.alone import alone
from timbrescope.training.playing.notes import (
    SILENCE_RMS,
    detuned,
    normalised,
    note_of,
    released,
)
from timbrescope.training.playing.players import play
from timbrescope.training.playing.rhythm import log_uniform_s
from timbrescope.training.playing.strokes import Performance, played, waved

STRUCK = frozenset(
    {"Cowbell", "Cymbals", "Drum Set", "Floor Tom", "Hi-Hats", "Shakers", "Tambourine"}
)
LATE_START_SHARE = 0.15
EARLY_END_SHARE = 0.08
DETUNED_SHARE = 0.5
LARGEST_DETUNE_SEMITONES = 1.0
MOST_LEAD_S = 1.5
FRAME_SAMPLES = 1_102
SOUNDING_RANGE_DB = 30.0
FEWEST_SOUNDING_FRAMES = 3
# A closed hat, or the click of a pedal, is over in a twentieth of a second.
FEWEST_FRAMES_OF_ONE = 1
TRIES = 8
# Of a note or two that are cut out of a phrase.
EXCERPT_S, EXCERPT_RELEASE_S = (0.3, 1.5), 0.08
STEP_SAMPLES = 256
ATTACK_RISE = 4.0


def is_sounding(window: Samples, *, fewest_frames: int = FEWEST_SOUNDING_FRAMES) -> bool:
    """Return whether enough frames of 0.05 s of `window` carry sound near its loudest."""
    whole = window[: window.size // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    rms = np.sqrt(np.mean(np.square(whole), axis=1))
    floor = max(SILENCE_RMS, float(rms.max()) * 10 ** (-SOUNDING_RANGE_DB / 20))
    return int(np.count_nonzero(rms > floor)) >= fewest_frames


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
        lead_s, end_s = _frame(rng)
        length_s = max(lead_s, 0.0) + min(end_s, WINDOW_S + min(lead_s, 0.0))
        performance = play(at_hand, instrument, length_s=length_s, rng=rng)
        window = _heard(performance, from_s=lead_s)
        if is_sounding(window):
            break
    return window


def window_of_one(
    notes: Sequence[Samples], *, instrument: str, held_share: float, rng: Generator
) -> Samples:
    """Play one note, hit or chord of a group, with the silence around it, shape (66150,).

    Parameters
    ----------
    notes, instrument, rng
        As for `window_of_notes`.
    held_share : float
        Of notes that last, how many are held tones that begin and end anywhere.

    Returns
    -------
    ndarray
        Peak 1 unless silent.
    """
    at_hand = [note_of(note, pitched=instrument not in STRUCK) for note in notes]
    for _ in range(TRIES):
        performance = alone(at_hand, instrument, held_share=held_share, rng=rng)
        window = _heard(performance, from_s=0.0)
        if is_sounding(window, fewest_frames=FEWEST_FRAMES_OF_ONE):
            break
    return window


def _heard(performance: Performance, *, from_s: float) -> Samples:
    line = played(performance.strokes, from_s=from_s, seconds=WINDOW_S)
    if performance.wave is not None:
        line = waved(line, performance.wave)
    return normalised(line)


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


def window_of_piece(pieces: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return 3 s with one recording somewhere in it and silence around, peak 1 unless silent.

    A recording that is longer than a window is cropped.
    """
    for _ in range(TRIES):
        piece, window = pieces[int(rng.integers(len(pieces)))], np.zeros(WINDOW_SAMPLES, np.float32)
        piece = detuned(piece[: 2 * WINDOW_SAMPLES], factor=_detuning(rng))
        start = int(rng.integers(-(piece.size // 2), max(1, WINDOW_SAMPLES - piece.size // 2)))
        heard = piece[max(0, -start) :][: WINDOW_SAMPLES - max(0, start)]
        window[max(0, start) : max(0, start) + heard.size] = heard
        window = normalised(window)
        if is_sounding(window, fewest_frames=FEWEST_FRAMES_OF_ONE):
            break
    return window


def window_of_excerpt(phrases: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return 3 s with one or two notes cut out of a phrase and silence around, shape (66150,).

    For instruments of which nobody recorded single notes: the excerpt begins at an attack and is
    soon stopped.
    """
    for _ in range(TRIES):
        phrase, window = phrases[int(rng.integers(len(phrases)))], np.zeros(WINDOW_SAMPLES, "f4")
        length_s = log_uniform_s(*EXCERPT_S, rng=rng)
        needed = int((length_s + EXCERPT_RELEASE_S) * SAMPLE_RATE_HZ * 1.1)
        onset = int(rng.choice(attacks(phrase[: max(1, phrase.size - needed)])))
        heard = detuned(phrase[onset : onset + needed], factor=_detuning(rng))
        heard = released(heard, length_s=length_s, release_s=EXCERPT_RELEASE_S)
        start = int(rng.integers(WINDOW_SAMPLES - min(heard.size, WINDOW_SAMPLES // 2)))
        heard = heard[: WINDOW_SAMPLES - start]
        window[start : start + heard.size] = heard
        window = normalised(window)
        if is_sounding(window):
            break
    return window


def attacks(phrase: Samples) -> NDArray[np.intp]:
    """Return the samples at which something is struck or plucked; the first one if nothing is."""
    whole = phrase[: phrase.size // STEP_SAMPLES * STEP_SAMPLES].reshape(-1, STEP_SAMPLES)
    if len(whole) < 4:
        return np.zeros(1, np.intp)
    energies = np.square(whole).mean(axis=1)
    before = np.minimum(np.roll(energies, 1), np.roll(energies, 2))
    loud = energies > 0.03 * energies.max()
    rises = np.flatnonzero((energies > ATTACK_RISE * before) & loud)
    found = rises[(rises >= 2) & (np.diff(rises, prepend=-9) > 2)] - 1
    return found * STEP_SAMPLES if found.size else np.zeros(1, np.intp)


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
