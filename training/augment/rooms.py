"""Rooms: reverberation, recorded or made, as strong as the distance asks for.

A made room is exponentially decaying noise, in bands that decay at different speeds, behind
some early reflections (after Moorer, "About this reverberation business", 1979).
"""

from functools import cache

import numpy as np
from numpy.random import Generator
from scipy.fft import irfft, next_fast_len, rfft

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import (
    Background,
    amplitude,
    is_silent,
    log_uniform,
    one_of,
    peak_of,
    rms_of,
    within_range,
)

RECORDED_SHARE = 0.4
SHORTEST_RT60_S, LONGEST_RT60_S = 0.1, 2.5
DIRECT_TO_REVERBERANT_DB = (-6.0, 20.0)
# Some recorded responses are effects rather than rooms; they stay behind the direct sound.
RECORDED_DIRECT_TO_REVERBERANT_DB = (0.0, 20.0)
DIRECT_S = 0.0025
LONGEST_RESPONSE_S = 2.5
LEAST_REVERBERANT_SHARE = 0.01
BAND_EDGES_HZ = (250.0, 500.0, 1_000.0, 2_000.0, 4_000.0)
BANK_SAMPLES = 1 << 17
# A decay is followed down to here, -50 dB; below, it is not heard behind the direct sound.
FOLLOWED_SHARE_OF_RT60 = 50 / 60
EARLY_S = (0.001, 0.05)
START_S = 0.01
START_SHARE_OF_PEAK = 0.003


def in_some_room(window: Samples, *, background: Background, rng: Generator) -> Samples:
    """Return `window` heard in a room, recorded or made, from some distance."""
    if is_silent(window):
        return np.zeros_like(window)
    if background.rooms and rng.random() < RECORDED_SHARE:
        reverberant = reverberant_part(one_of(background.rooms, rng=rng))
        ratio_db = float(rng.uniform(*RECORDED_DIRECT_TO_REVERBERANT_DB))
    else:
        rt60_s = log_uniform(SHORTEST_RT60_S, LONGEST_RT60_S, rng=rng)
        reverberant = made_room(rt60_s=rt60_s, rng=rng)
        ratio_db = float(rng.uniform(*DIRECT_TO_REVERBERANT_DB))
    return in_room(window, reverberant, direct_to_reverberant_db=ratio_db)


def in_room(window: Samples, reverberant: Samples, *, direct_to_reverberant_db: float) -> Samples:
    """Return the direct sound, not delayed, plus its reverberation.

    Where `window` begins in the middle of a sound, the room is still full of what came before:
    its end takes the place of that, so that the reverberation has not just begun.

    Parameters
    ----------
    window : ndarray
        See `training.augment.signals`.
    reverberant : ndarray
        Response of the room from the direct sound on, without it; scaled to energy 1.
    direct_to_reverberant_db : float
        Level of the direct sound over the reverberation of a click.
    """
    response = reverberant[: window.size]
    energy = float(np.square(response).sum())
    if energy == 0.0:
        return window
    rings_already = peak_of(window[: int(START_S * SAMPLE_RATE_HZ)]) > (
        START_SHARE_OF_PEAK * peak_of(window)
    )
    size = window.size
    if not rings_already:
        size = next_fast_len(window.size + response.size - 1, real=True)
    # The response is real: 1 is added to its spectrum where its direct sound belongs.
    gain = np.float32(amplitude(-direct_to_reverberant_db) / np.sqrt(energy))
    spectrum = rfft(response, size)
    spectrum *= gain
    spectrum += np.float32(1)
    spectrum *= rfft(window, size)
    return within_range(np.asarray(irfft(spectrum, size)[: window.size], dtype=np.float32))


def reverberant_part(recorded: Samples) -> Samples:
    """Return what a recorded response has behind its direct sound; silence if that is nothing.

    The direct sound is its largest sample and 2.5 ms around it.
    """
    peak_at = int(max(recorded.argmax(), recorded.argmin(), key=lambda at: abs(recorded[at])))
    end = peak_at + int(LONGEST_RESPONSE_S * SAMPLE_RATE_HZ)
    response = recorded[peak_at:end].copy()
    whole = rms_of(response)
    response[: int(DIRECT_S * SAMPLE_RATE_HZ)] = 0
    if rms_of(response) ** 2 < LEAST_REVERBERANT_SHARE * whole**2:
        response[:] = 0
    return response


def made_room(*, rt60_s: float, rng: Generator) -> Samples:
    """Return the reverberation of an invented room, without the direct sound.

    Parameters
    ----------
    rt60_s : float
        Time in which the middle band, around 1 kHz, decays by 60 dB. The bass may take longer;
        the treble decays sooner, as it does in the air and on soft walls.
    rng : Generator
    """
    bass, treble = rng.uniform(0.8, 1.6), log_uniform(0.25, 0.9, rng=rng)
    middle = (len(BAND_EDGES_HZ) + 1) / 2 - 0.5
    places = np.arange(len(BAND_EDGES_HZ) + 1)
    factors = np.interp(places, (0, middle, places[-1]), (bass, 1.0, treble))
    # A larger room: later reflections.
    delay_s = float(rng.uniform(0.2, 1.0)) * min(0.03, 0.02 * rt60_s + 0.002)
    late = _decaying(rt60_s * factors, rng=rng)
    start = int(delay_s * SAMPLE_RATE_HZ)
    response = np.zeros(start + late.size, dtype=np.float32)
    response[start:] = late
    _add_early(response, rng=rng)
    return response


def _decaying(rt60s_s: np.ndarray, *, rng: Generator) -> Samples:
    """Return noise of which each band decays by 60 dB in the time that is given for it."""
    sizes = np.minimum(rt60s_s * FOLLOWED_SHARE_OF_RT60, LONGEST_RESPONSE_S) * SAMPLE_RATE_HZ
    found = np.zeros(int(sizes.max()) + 1, dtype=np.float32)
    for band, size, rt60_s in zip(noise_bank(), sizes.astype(int), rt60s_s, strict=True):
        start = int(rng.integers(BANK_SAMPLES - size))
        rate = -np.log(1_000.0) / (rt60_s * SAMPLE_RATE_HZ)
        decay = np.exp(np.arange(size, dtype=np.float32) * np.float32(rate))
        found[:size] += band[start : start + size] * decay
    return found


def _add_early(response: Samples, *, rng: Generator) -> None:
    """Add single reflections from walls, floor and ceiling to the front of a response."""
    late_rms = rms_of(response[: int(EARLY_S[1] * SAMPLE_RATE_HZ)])
    for _ in range(rng.integers(3, 13)):
        at = int(log_uniform(*EARLY_S, rng=rng) * SAMPLE_RATE_HZ)
        if at < response.size:
            response[at] += rng.choice((-1, 1)) * rng.uniform(1, 8) * late_rms


@cache
def noise_bank() -> Samples:
    """Return white noise divided into bands at `BAND_EDGES_HZ`, shape (6, 131072).

    Always the same noise: rooms differ in where they begin to read it, band by band.
    """
    rng = np.random.default_rng(1979)
    spectrum = rfft(rng.standard_normal(BANK_SAMPLES, dtype=np.float32))
    frequencies_hz = np.fft.rfftfreq(BANK_SAMPLES, 1 / SAMPLE_RATE_HZ)
    band_of = np.searchsorted(BAND_EDGES_HZ, frequencies_hz)
    bands = [irfft(spectrum * (band_of == b), BANK_SAMPLES) for b in range(len(BAND_EDGES_HZ) + 1)]
    bank = np.stack(bands).astype(np.float32)
    bank.setflags(write=False)
    return bank
