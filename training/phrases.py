"""Composing 3-second windows: single notes and hits become phrases, long phrases are cropped.

Everything here is a pure function of arrays and a NumPy generator: the same seed gives the
same window. Arrays are mono float32 at 22050 Hz.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import soxr
from numpy.random import Generator
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE_HZ, WINDOW_S, WINDOW_SAMPLES

Samples = NDArray[np.float32]
Style = Literal["line", "held", "ringing", "struck"]

STRUCK = frozenset(
    {"Cowbell", "Cymbals", "Drum Set", "Floor Tom", "Hi-Hats", "Shakers", "Tambourine"}
)
HELD = frozenset({"Accordion", "Harmonica", "Harmonium", "Organ"})
RINGING = frozenset(
    {
        "Acoustic Guitar",
        "Banjo",
        "Dobro",
        "Electric Guitar",
        "Keyboard",
        "Mandolin",
        "Piano",
        "Ukulele",
        "Vibraphone",
    }
)
LATE_START_SHARE = 0.18
EARLY_END_SHARE = 0.08
DETUNED_SHARE = 0.5
DRONE_SHARE = 0.07
LARGEST_DETUNE_SEMITONES = 1.0
MOST_LEAD_S = 1.5
RELEASE_S = (0.02, 0.09)
FRAME_SAMPLES = 1_102
SOUNDING_RANGE_DB = 30.0
FEWEST_SOUNDING_FRAMES = 3
SILENCE_RMS = 1e-4
TRIES = 8


def style_of(instrument: str) -> Style:
    """Return how notes of `instrument` follow each other.

    ``line``: one at a time, barely overlapping; ``held``: alone or in chords, for as long as
    the key is down; ``ringing``: overlapping and in chords; ``struck``: in rhythmic patterns,
    each ringing out.
    """
    if instrument in STRUCK:
        return "struck"
    if instrument in HELD:
        return "held"
    return "ringing" if instrument in RINGING else "line"


def is_sounding(window: Samples) -> bool:
    """Return whether at least about 0.15 s of `window` carries sound near its loudest."""
    whole = window[: window.size // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    rms = np.sqrt(np.mean(np.square(whole), axis=1))
    floor = max(SILENCE_RMS, float(rms.max()) * 10 ** (-SOUNDING_RANGE_DB / 20))
    return int(np.count_nonzero(rms > floor)) >= FEWEST_SOUNDING_FRAMES


def window_of_notes(notes: Sequence[Samples], *, style: Style, rng: Generator) -> Samples:
    """Make a phrase of the notes of one group and return 3 s of it, shape (66150,).

    Parameters
    ----------
    notes : sequence of arrays
        At least one, none of them empty; all of one player and instrument.
    style : Style
        See `style_of`.
    rng : Generator
        Source of every choice.

    Returns
    -------
    ndarray
        Peak 1 unless silent.
    """
    for _ in range(TRIES):
        window = normalised(_one_window(notes, style=style, rng=rng))
        if is_sounding(window):
            break
    return window


def _one_window(notes: Sequence[Samples], *, style: Style, rng: Generator) -> Samples:
    count = min(len(notes), int(rng.integers(1, 7)))
    chosen = rng.choice(len(notes), size=count, replace=False)
    factor = _detuning(rng)
    pool = [normalised(detuned(notes[i], factor=factor)) for i in chosen]
    lead_s, end_s = _frame(rng)
    line = np.zeros(int((max(lead_s, 0.0) + WINDOW_S) * SAMPLE_RATE_HZ) + 1, dtype=np.float32)
    now_s = max(-lead_s, 0.0)
    step_s, gain_db = _pace(style, rng), rng.uniform(-8, 0)
    while now_s < min(line.size / SAMPLE_RATE_HZ, end_s + max(lead_s, 0.0)):
        beats = float(rng.choice((0.5, 1.0, 1.0, 1.0, 2.0)))
        if rng.random() > 0.08:
            loud = 10 ** ((gain_db + rng.uniform(-9, 0)) / 20)
            for note in _together(pool, style=style, rng=rng):
                sounding = _held(note, step_s=step_s * beats, style=style, rng=rng)
                delay_s = rng.uniform(0, 0.03) if style == "ringing" else 0.0
                _add(line, sounding * loud, at=int((now_s + delay_s) * SAMPLE_RATE_HZ))
        gap_s = rng.uniform(0.4, 1.1) if rng.random() < 0.06 else 0.0
        now_s += step_s * beats * rng.uniform(0.95, 1.05) + gap_s
    start = max(0, int(lead_s * SAMPLE_RATE_HZ))
    return line[start : start + WINDOW_SAMPLES]


def _frame(rng: Generator) -> tuple[float, float]:
    """Return how long the phrase has gone on already (negative: it starts late) and its end."""
    way = rng.random()
    if way < LATE_START_SHARE:
        return -float(rng.uniform(0.1, 2.0)), WINDOW_S
    if way < LATE_START_SHARE + EARLY_END_SHARE:
        return float(rng.uniform(0, MOST_LEAD_S)), float(rng.uniform(0.5, 2.5))
    return float(rng.uniform(0, MOST_LEAD_S)), WINDOW_S


def _pace(style: Style, rng: Generator) -> float:
    """Return the seconds from one onset to the next, at one beat."""
    if style == "struck":
        return float(np.exp(rng.uniform(np.log(0.1), np.log(0.9))))
    return float(np.exp(rng.uniform(np.log(0.16), np.log(1.6))))


def _together(pool: Sequence[Samples], *, style: Style, rng: Generator) -> list[Samples]:
    """Return what sounds at one onset: one note or, where the instrument can, a chord."""
    chord = style in ("ringing", "held") and rng.random() < 0.3
    size = min(len(pool), int(rng.integers(2, 5))) if chord else 1
    return [pool[i] for i in rng.choice(len(pool), size=size, replace=False)]


def _held(note: Samples, *, step_s: float, style: Style, rng: Generator) -> Samples:
    """Return `note` let go when its time is over, with a short release."""
    if style == "held" and rng.random() < DRONE_SHARE:
        return note
    if style in ("line", "held"):
        length_s = step_s * rng.uniform(0.6, 1.05)
    elif rng.random() < (0.9 if style == "struck" else 0.5):
        return note
    else:
        length_s = step_s * rng.uniform(0.8, 4.0)
    return released(note, length_s=length_s, release_s=float(rng.uniform(*RELEASE_S)))


def released(note: Samples, *, length_s: float, release_s: float) -> Samples:
    """Return `note` faded out within `release_s` after `length_s`; unchanged if it is shorter."""
    hold = max(1, int(length_s * SAMPLE_RATE_HZ))
    fade = max(1, int(release_s * SAMPLE_RATE_HZ))
    if note.size <= hold:
        return note
    cut = note[: hold + fade].copy()
    tail = cut.size - hold
    cut[hold:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, tail, dtype=np.float32))
    return cut


def _add(line: Samples, note: Samples, *, at: int) -> None:
    room = line.size - at
    if room > 0:
        line[at : at + note.size] += note[:room]


def window_of_phrases(phrases: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return 3 s of a phrase that somebody played, shape (66150,), peak 1 unless silent.

    The crop is random; now and then the playing starts late or ends early. Phrases shorter
    than the window are followed by others of the group.
    """
    for _ in range(TRIES):
        lead_s, end_s = _frame(rng)
        first = detuned(phrases[int(rng.integers(len(phrases)))], factor=_detuning(rng))
        if lead_s < 0:
            line = np.concatenate([np.zeros(int(-lead_s * SAMPLE_RATE_HZ), np.float32), first])
        elif first.size > WINDOW_SAMPLES:
            line = first[rng.integers(first.size - WINDOW_SAMPLES + 1) :]
        else:
            line = first
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


def detuned(samples: Samples, *, factor: float) -> Samples:
    """Return `samples` played `factor` times as fast, and so as high."""
    if factor == 1.0:
        return samples
    return np.asarray(
        soxr.resample(samples, SAMPLE_RATE_HZ * factor, SAMPLE_RATE_HZ, quality="MQ"),
        dtype=np.float32,
    )


def normalised(samples: Samples) -> Samples:
    """Return `samples` with peak 1; silence stays silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples / np.float32(peak) if peak > SILENCE_RMS else samples
