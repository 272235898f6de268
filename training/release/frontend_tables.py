"""Writes ``models/frontend.npz``, the filterbanks and DCT that the front end reads.

librosa makes the filterbanks here, once; the front end itself does without it. Run as
``python -m timbrescope.training.release.frontend_tables``; the tests compare the stored file with
librosa.
"""

from pathlib import Path
from typing import Any

import numpy as np
from librosa.filters import mel
from numpy.typing import NDArray
from scipy.fft import dct

from timbrescope.models import frontend
from timbrescope.training.files import write_arrays


def make_tables() -> dict[str, NDArray[np.floating]]:
    """Return the mel filterbanks (128, 1025) of both kinds and the DCT (40, 128)."""
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
    }


def write_tables(path: Path = frontend.TABLES_PATH) -> None:
    """Write the tables to `path` (compressed npz)."""
    tables: dict[str, Any] = make_tables()
    write_arrays(path, tables, compressed=True)


if __name__ == "__main__":
    write_tables()
