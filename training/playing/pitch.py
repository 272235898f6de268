"""The pitch of a recorded note, by the YIN method over several frames.

A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and music",
J. Acoust. Soc. Am. 111 (2002).
"""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples

Floats = NDArray[np.float64]

A4_HZ, A4_KEY = 440.0, 69.0
LOWEST_HZ, HIGHEST_HZ = 26.0, 4_500.0
LONGEST_LAG = int(SAMPLE_RATE_HZ / LOWEST_HZ)
FRAME = 1_024
FRAMES = 6
FFT_SIZE = 4_096
# A pluck or a tongued attack has no pitch yet.
ATTACK_S, LISTENED_S = 0.04, 0.5
SHORTEST_S = 0.06
# How little of a frame may differ from itself one period later: surely, and at worst.
CLEAR, UNCLEAR = 0.12, 0.3
SILENT = 1e-4


def pitch_of(samples: Samples) -> float:
    """Return the MIDI key of a note, with its fraction; not a number where it has no pitch.

    Parameters
    ----------
    samples : ndarray
        Mono at 22050 Hz; about the first half second after the attack is listened to.
    """
    onset = onset_of(samples)
    attack = min(int(ATTACK_S * SAMPLE_RATE_HZ), (samples.size - onset) // 4)
    heard = samples[onset + attack :][: int(LISTENED_S * SAMPLE_RATE_HZ)].astype(np.float64)
    if heard.size < SHORTEST_S * SAMPLE_RATE_HZ or float(np.abs(heard).max()) < SILENT:
        return float("nan")
    period = _period(_unlikeness(heard))
    return A4_KEY + 12 * float(np.log2(SAMPLE_RATE_HZ / period / A4_HZ))


def onset_of(samples: Samples, *, below_peak_db: float = 30.0) -> int:
    """Return the first sample that comes within `below_peak_db` of the loudest one."""
    loud = np.abs(samples)
    return int(np.argmax(loud >= loud.max(initial=0.0) * 10 ** (-below_peak_db / 20)))


def _unlikeness(heard: Floats) -> Floats:
    """Return how much a note differs from itself at each lag, 1 on average, shape (lags,)."""
    whole = FRAME + LONGEST_LAG
    padded = np.pad(heard, (0, max(0, whole - heard.size)))
    starts = np.linspace(0, padded.size - whole, FRAMES).astype(int)
    frames = np.stack([padded[start : start + whole] for start in np.unique(starts)])
    spectra = np.fft.rfft(frames, FFT_SIZE)
    still = np.fft.rfft(frames[:, :FRAME], FFT_SIZE)
    alike = np.fft.irfft(still.conj() * spectra, FFT_SIZE)[:, :LONGEST_LAG]
    energy = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    moving = energy[:, FRAME : FRAME + LONGEST_LAG] - energy[:, :LONGEST_LAG]
    apart = np.maximum(moving[:, :1] + moving - 2 * alike, 0.0)
    lags = np.arange(1, LONGEST_LAG)
    mean = np.cumsum(apart[:, 1:], axis=1) / lags
    relative = apart[:, 1:] / np.maximum(mean, 1e-12)
    loud = moving[:, 0] > 1e-3 * moving[:, 0].max()
    return np.concatenate([[1.0], np.median(relative[loud], axis=0)])


def _period(unlike: Floats) -> float:
    """Return the period in samples; not a number if no lag is like the note itself."""
    shortest = int(SAMPLE_RATE_HZ / HIGHEST_HZ)
    dips = np.flatnonzero((unlike[1:-1] <= unlike[:-2]) & (unlike[1:-1] < unlike[2:])) + 1
    dips = dips[dips >= shortest]
    if not dips.size or unlike[dips].min() > UNCLEAR:
        return float("nan")
    best = float(unlike[dips].min())
    first = int(dips[np.argmax(unlike[dips] <= max(CLEAR, best + 0.05))])
    return _refined(unlike, _between(unlike, first), first=first)


def _refined(unlike: Floats, period: float, *, first: int) -> float:
    """Return a period measured at ever later multiples of it, where they stay clear."""
    multiple, limit = 2, unlike[first] + 0.15
    while (multiple + 0.5) * period < LONGEST_LAG - 1:
        about = round(multiple * period)
        near = slice(max(1, about - 2), about + 3)
        lag = int(np.argmin(unlike[near])) + near.start
        if unlike[lag] > limit or lag in (near.start, near.stop - 1):
            break
        period = _between(unlike, lag) / multiple
        multiple += 1 if multiple < 4 else multiple // 3
    return period


def _between(unlike: Floats, lag: int) -> float:
    """Return the place of a dip between the lags, by a parabola."""
    if not 0 < lag < unlike.size - 1:
        return float(lag)
    left, middle, right = unlike[lag - 1 : lag + 2]
    bowed = left - 2 * middle + right
    return lag + (0.5 * float((left - right) / bowed) if bowed > 0 else 0.0)
