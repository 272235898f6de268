"""Codecs: to MP3, Ogg Vorbis or Opus and back, as recordings travel."""

import io
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.random import Generator

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment.signals import at_peak, fitted, is_silent, peak_of

# Encoders leave out what they take for inaudible; what that is depends on the level.
ENCODED_PEAK = 0.8


class Codec(NamedTuple):
    """A codec as libsndfile knows it.

    Attributes
    ----------
    share : float
        How often it is met. Opus is scarce because it takes six times as long as Vorbis.
    container, subtype : str
    rate_hz : int
        Rate it encodes at; Opus knows few.
    compression : tuple of float
        Least and most of libsndfile's compression level, 0 (best) to 1 (smallest).
    """

    share: float
    container: str
    subtype: str
    rate_hz: int
    compression: tuple[float, float]


# In kbit/s for mono music at 22050 Hz: MP3 25 to 50, Vorbis 30 to 60, Opus 16 to 40.
CODECS = (
    Codec(0.32, "MP3", "MPEG_LAYER_III", SAMPLE_RATE_HZ, (0.3, 0.95)),
    Codec(0.08, "MP3", "MPEG_LAYER_III", 16_000, (0.2, 0.95)),
    Codec(0.5, "OGG", "VORBIS", SAMPLE_RATE_HZ, (0.5, 1.0)),
    Codec(0.1, "OGG", "OPUS", 24_000, (0.87, 0.96)),
)


def encoded(window: Samples, *, rng: Generator) -> Samples:
    """Return `window` after a codec of `CODECS`, at a low to middle bit rate."""
    if is_silent(window):
        return np.zeros_like(window)
    codec = CODECS[rng.choice(len(CODECS), p=[codec.share for codec in CODECS])]
    return round_trip(window, codec, compression=float(rng.uniform(*codec.compression)))


def round_trip(window: Samples, codec: Codec, *, compression: float) -> Samples:
    """Return `window` encoded and decoded: as long as before, not delayed, as loud at its peak.

    Parameters
    ----------
    window : ndarray
    codec : Codec
    compression : float
        0 (best) to 1 (smallest); MP3 has to stay below 1.
    """
    peak = peak_of(window)
    sent = _resampled(at_peak(window, peak=ENCODED_PEAK), SAMPLE_RATE_HZ, codec.rate_hz)
    with io.BytesIO() as file:
        soundfile.write(
            file,
            sent,
            codec.rate_hz,
            format=codec.container,
            subtype=codec.subtype,
            compression_level=compression,
        )
        file.seek(0)
        received, rate_hz = soundfile.read(file, dtype="float32")
    heard = fitted(_resampled(received, rate_hz, SAMPLE_RATE_HZ), window.size)
    found: Samples = np.clip(heard * np.float32(peak / ENCODED_PEAK), -1, 1)
    return found


def _resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz:
        return samples
    found = soxr.resample(samples, from_hz, to_hz, quality="MQ")
    return np.asarray(found, dtype=np.float32)
