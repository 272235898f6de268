"""What every family of augmentation needs: levels, lengths, and what counts as silence.

The contract of all families: a window goes in as finite float32 within -1 and 1, of any length
above zero; the same length and range come out, silence comes out as silence, the array that
went in is left alone, and every choice comes from the generator that is passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from timbrescope.models.frontend import Samples

# -160 dBFS: below the least step of 24-bit recordings.
SILENCE_PEAK = 1e-8
FRAME_SAMPLES = 1_024
SOUNDING_RANGE_DB = 25.0


@dataclass(frozen=True)
class Background:
    """Recordings to augment with, mono at 22050 Hz: noises, room responses, people speaking."""

    noises: Sequence[Samples] = ()
    rooms: Sequence[Samples] = ()
    voices: Sequence[Samples] = ()


def amplitude(decibels: float) -> float:
    """Return the factor that changes a level by some decibels."""
    return float(10 ** (decibels / 20))


def peak_of(samples: Samples) -> float:
    """Return the largest absolute sample, 0 where there are none."""
    return max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))


def rms_of(samples: Samples) -> float:
    """Return the root of the mean square, 0 where there are no samples."""
    # Not a dot product: BLAS would sum in an order that depends on the number of its threads.
    return float(np.sqrt(np.square(samples).sum() / max(samples.size, 1)))


def sounding_rms_of(samples: Samples) -> float:
    """Return the root of the mean square of the frames that are not far below the loudest."""
    whole = samples[: samples.size // FRAME_SAMPLES * FRAME_SAMPLES]
    if not whole.size:
        return rms_of(samples)
    energies = np.square(whole).reshape(-1, FRAME_SAMPLES).mean(axis=1)
    sounding = energies >= energies.max() * np.float32(amplitude(-SOUNDING_RANGE_DB) ** 2)
    return float(np.sqrt(energies[sounding].mean()))


def is_silent(samples: Samples) -> bool:
    """Return whether nothing in `samples` can be heard, nor made audible."""
    return peak_of(samples) < SILENCE_PEAK


def at_peak(samples: Samples, *, peak: float) -> Samples:
    """Return `samples` scaled to a peak amplitude; silence becomes zeros."""
    found = peak_of(samples)
    if found < SILENCE_PEAK:
        return np.zeros_like(samples)
    # Two steps: the quotient alone may be too large for a float32.
    scaled = samples / np.float32(found)
    scaled *= np.float32(peak)
    return scaled


def within_range(samples: Samples) -> Samples:
    """Return `samples`, scaled down to peak 1 if they are louder."""
    return at_peak(samples, peak=1.0) if peak_of(samples) > 1.0 else samples


def fitted(samples: Samples, size: int) -> Samples:
    """Return the first `size` samples, with zeros behind if there are fewer."""
    if samples.size >= size:
        return samples[:size]
    return np.pad(samples, (0, size - samples.size))


def one_of(recordings: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return one of the recordings."""
    return recordings[int(rng.integers(len(recordings)))]


def log_uniform(low: float, high: float, *, rng: Generator) -> float:
    """Return a number between `low` and `high`, each octave as likely as the others."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
