"""Writes ``models/frontend.npz``, the filterbanks and DCT that the front end reads.

librosa makes the paper's filterbanks here, once; the front end itself does without it. Run as
``python -m timbrescope.training.release.frontend_tables``; the tests compare the stored file with
librosa.
"""

from pathlib import Path
from typing import Any

import numpy as np
from librosa.filters import mel
from numpy.typing import NDArray
from scipy.fft import dct

from timbrescope.models import frontend, logmel
from timbrescope.models.tables import TABLES_PATH
from timbrescope.training.files import write_arrays


def make_tables() -> dict[str, NDArray[np.floating]]:
    """Return the paper's filterbanks (128, 1025) and DCT (40, 128), and `logmel_filterbank`."""
    mel_settings = {
        "sr": frontend.SAMPLE_RATE_HZ,
        "n_fft": frontend.FFT_SAMPLES,
        "n_mels": frontend.MEL_BANDS,
    }
    identity = np.eye(frontend.MEL_BANDS)
    return {
        "mel_filterbank": mel(fmax=frontend.MEL_FMAX_HZ, **mel_settings),
        "mfcc_filterbank": mel(fmax=frontend.MFCC_FMAX_HZ, **mel_settings),
        "dct": dct(identity, axis=0, type=2, norm="ortho")[: frontend.MFCC_COUNT],
        "logmel_filterbank": logmel_filterbank(),
    }


def logmel_filterbank() -> NDArray[np.float32]:
    """Return triangles of height 1 over the bins' frequencies in mel, as YAMNet's front end has.

    The bin at 0 Hz belongs to no band.
    """
    bins_hz = np.arange(logmel.FFT_SAMPLES // 2 + 1) * frontend.SAMPLE_RATE_HZ / logmel.FFT_SAMPLES
    mels = logmel.mel_of_hz(bins_hz)
    edges = logmel.mel_of_hz(logmel.band_edges_hz())[:, np.newaxis]
    rising = (mels - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mels) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


def write_tables(path: Path = TABLES_PATH) -> None:
    """Write the tables to `path` (compressed npz)."""
    tables: dict[str, Any] = make_tables()
    write_arrays(path, tables, compressed=True)


if __name__ == "__main__":
    write_tables()
