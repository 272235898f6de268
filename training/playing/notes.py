"""Recorded notes as a player has them, and the ways in which one of them can sound.

Samples are mono float32 at 22050 Hz.
"""

import weakref
from dataclasses import dataclass

import numpy as np
import soxr

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.playing.pitch import Floats, onset_of, pitch_of

SILENCE_RMS = 1e-4
# What comes before is rumble of the room, which short strokes would be full of.
BEGINS_BELOW_PEAK_DB = 22.0
LEAD_S = 0.004
ENDS_BELOW_PEAK_DB = 55.0
ENVELOPE_STEP = 256
# A note that goes on is looped between these shares of its body.
LOOP_FROM, LOOP_TO = 0.35, 0.95
# An even tone has half of its energy at 0.55 of its body, one that dies away at 0.3.
LASTS_SHARE = 0.4
LONGEST_JOIN_S = 0.06


@dataclass(frozen=True, eq=False)
class Note:
    """A recording of one note or stroke.

    Attributes
    ----------
    samples : ndarray
        From just before the attack to where it has died away.
    gain : float
        What brings its peak to 1.
    key : float
        MIDI key with its fraction; not a number where it has no pitch.
    centre_s : float
        Where half of its energy has sounded: late in what goes on, early in what dies away.
    body_s : float
        Where nine tenths of its energy have sounded; what follows is its end.
    """

    samples: Samples
    gain: float
    key: float
    centre_s: float
    body_s: float = 0.0

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self.samples.size / SAMPLE_RATE_HZ

    @property
    def lasts(self) -> bool:
        """Whether it is held instead of dying away: its energy is spread evenly."""
        return self.centre_s > LASTS_SHARE * self.body_s > 0


@dataclass(frozen=True)
class _Traits:
    alive: "weakref.ref[Samples]"
    start: int
    stop: int
    gain: float
    key: float
    centre_s: float
    body_s: float


# Listening to a note takes a millisecond, and the same arrays are played thousands of times.
_heard: dict[int, _Traits] = {}


def note_of(samples: Samples, *, pitched: bool = True) -> Note:
    """Return a recording as a note; what was heard of an array is kept while it lives.

    Parameters
    ----------
    samples : ndarray
        Not empty; not changed afterwards.
    pitched : bool
        Whether a pitch is looked for.
    """
    traits = _heard.get(id(samples))
    if traits is None or (pitched and traits.key == np.inf):
        traits = _listened(samples, pitched=pitched)
        _heard[id(samples)] = traits
    key = float("nan") if traits.key == np.inf else traits.key
    return Note(
        samples[traits.start : traits.stop], traits.gain, key, traits.centre_s, traits.body_s
    )


def _listened(samples: Samples, *, pitched: bool) -> _Traits:
    place = id(samples)
    alive = weakref.ref(samples, lambda _: _heard.pop(place, None))
    peak = float(np.abs(samples).max(initial=0.0))
    onset = onset_of(samples, below_peak_db=BEGINS_BELOW_PEAK_DB)
    start = max(0, onset - int(LEAD_S * SAMPLE_RATE_HZ))
    steps = -(-samples.size // ENVELOPE_STEP)
    padded = np.pad(samples, (0, steps * ENVELOPE_STEP - samples.size))
    loud = np.abs(padded.reshape(-1, ENVELOPE_STEP)).max(axis=1)
    sounding = np.flatnonzero(loud > peak * 10 ** (-ENDS_BELOW_PEAK_DB / 20))
    last = int(sounding[-1]) + 1 if sounding.size else steps
    energy = np.cumsum(np.square(loud, dtype=np.float64))
    reached = np.searchsorted(energy, energy[-1] * np.array([0.5, 0.9])) * ENVELOPE_STEP - start
    centre_s, body_s = (float(max(0, place)) / SAMPLE_RATE_HZ for place in reached)
    # Infinity: nobody has asked for the pitch yet.
    key = pitch_of(samples) if pitched else np.inf
    gain = 1 / peak if peak > SILENCE_RMS else 1.0
    stop = max(start + 1, min(samples.size, last * ENVELOPE_STEP))
    return _Traits(alive, start, stop, gain, key, centre_s, body_s)


def normalised(samples: Samples) -> Samples:
    """Return `samples` with peak 1; silence stays silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples / np.float32(peak) if peak > SILENCE_RMS else samples


def detuned(samples: Samples, *, factor: float) -> Samples:
    """Return `samples` played `factor` times as fast, and so as high."""
    if factor == 1.0:
        return samples
    return np.asarray(
        soxr.resample(samples, SAMPLE_RATE_HZ * factor, SAMPLE_RATE_HZ, quality="MQ"),
        dtype=np.float32,
    )


def bent(samples: Samples, *, semitones: Floats) -> Samples:
    """Return `samples` at a pitch that moves: `semitones` of each sample that is wanted.

    The result is shorter than `semitones` where the recording is over sooner. Between samples
    it follows a cubic, which keeps the highest tones better than straight lines do.
    """
    places = np.cumsum(np.exp2(semitones / 12))
    places = places[: np.searchsorted(places, samples.size - 3)]
    whole = places.astype(np.int64)
    part = (places - whole).astype(np.float32)
    before, here = samples[np.maximum(whole - 1, 0)], samples[whole]
    after, beyond = samples[whole + 1], samples[whole + 2]
    slope = 0.5 * (after - before)
    steep = 2 * before - 5 * here + 4 * after - beyond
    cubic = 3 * (here - after) + beyond - before
    return np.asarray(here + part * (slope + 0.5 * part * (steep + part * cubic)), np.float32)


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


def lengthened(samples: Samples, *, size: int, key: float, body: int) -> Samples:
    """Return a sustained note held for `size` samples, by repeating its middle.

    The repeated stretch lies within the first `body` samples and is a whole number of periods
    of `key`; its ends are faded into each other, so that the tone goes on.
    """
    if samples.size >= size:
        return samples
    body = min(body, samples.size)
    first, last = int(LOOP_FROM * body), int(LOOP_TO * body)
    period = SAMPLE_RATE_HZ / (440.0 * 2 ** ((key - 69) / 12)) if np.isfinite(key) else 1.0
    join = min(int(LONGEST_JOIN_S * SAMPLE_RATE_HZ), (last - first) // 3)
    stretch = int(np.floor((last - first - join) / period) * period)
    if join < 16 or stretch < 16:
        return samples
    fade = np.linspace(0, 1, join, dtype=np.float32)
    loop = samples[first : first + stretch].copy()
    after = samples[first + stretch : first + stretch + join]
    loop[:join] = loop[:join] * fade + after * (1 - fade)
    turns = -(-(size - first - stretch) // stretch)
    return np.concatenate(
        [samples[: first + stretch], *([loop] * turns), samples[first + stretch :]]
    )
