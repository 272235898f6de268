"""Sound files to mono samples at the models' rate, for every step of training and measuring."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.errors import CorpusError


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


BLOCK_S = 30.0


def stream_mono(path: Path) -> Iterator[NDArray[np.float32]]:
    """Decode a file block by block to mono at 22,050 Hz, so that no length fills the memory.

    The file is read from its beginning without seeking, which compressed formats bear badly.

    Raises
    ------
    CorpusError
        If the file cannot be decoded; blocks before the damage have been yielded then.
    """
    try:
        with _ForwardFile(path) as file:
            stream = _Resample(file.samplerate)
            frames = int(BLOCK_S * file.samplerate)
            while len(block := file.read(frames, dtype="float32")):
                mono = block if block.ndim == 1 else block.mean(axis=1)
                yield stream(mono, last=False)
            yield stream(np.empty(0, dtype=np.float32), last=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error


class _ForwardFile(soundfile.SoundFile):
    """Reads on from where it is.

    soundfile seeks to where it already is after every read, which restarts the MP3 decoder: a
    glitch at the start of every block.
    """

    def seekable(self) -> bool:
        """Return False, so that no read is followed by a seek."""
        return False


class _Resample:
    """Turns blocks of one rate into blocks of the models' rate; does nothing at that rate."""

    def __init__(self, rate_hz: int) -> None:
        same = rate_hz == SAMPLE_RATE_HZ
        self._stream = None if same else soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1)

    def __call__(self, block: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        """Return what of the resampled sound is ready after this block."""
        if self._stream is None:
            return block
        return np.asarray(self._stream.resample_chunk(block, last=last), dtype=np.float32)
