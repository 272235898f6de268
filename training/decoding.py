"""Sound files to mono samples at the models' rate, for every step of training and measuring."""

from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from models.frontend import SAMPLE_RATE_HZ
from training.corpora import CorpusError


def read_mono(path: Path, *, longest_s: float | None = None) -> NDArray[np.float32]:
    """Decode a file, or its first `longest_s` seconds, to mono at 22,050 Hz, shape (n,).

    Raises
    ------
    CorpusError
        If the file cannot be decoded.
    """
    try:
        with soundfile.SoundFile(path) as file:
            rate_hz = file.samplerate
            frames = -1 if longest_s is None else int(longest_s * rate_hz)
            samples = file.read(frames, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error
    mono = samples.mean(axis=1)
    if rate_hz != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate_hz, SAMPLE_RATE_HZ)
    return np.asarray(mono, dtype=np.float32)
