"""The arrays that the front ends read: filterbanks and a DCT, made once and stored."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TABLES_PATH = Path(__file__).with_name("frontend.npz")


@cache
def tables() -> dict[str, NDArray[np.float64]]:
    """Return all stored arrays by name, read-only."""
    with np.load(TABLES_PATH) as stored:
        found = {name: stored[name].astype(np.float64) for name in stored.files}
    for table in found.values():
        table.setflags(write=False)
    return found


@cache
def hann(count: int) -> NDArray[np.float64]:
    """Return the Hann window of `count` samples that repeats, for spectra; read-only.

    The values of ``scipy.signal.windows.hann(count, sym=False)``, without its package, which takes
    longer to import than everything else that a window waits for.
    """
    window = np.hanning(count + 1)[:-1]
    window.setflags(write=False)
    return window


@cache
def filterbank(kind: str) -> "csr_array":
    """Return the stored mel filterbank that the features of `kind` start from.

    Shape (128, 1025) for ``mel`` and ``mfcc``, (64, 353) for ``logmel``. Sparse, because 98 % of
    it is zeros, and because each column of a sparse product is summed in the same order however
    many columns there are: chunk sizes change no digit.
    """
    # SciPy takes longer to import than a window waits for; only who hears something needs it.
    from scipy.sparse import csr_array

    return csr_array(tables()[f"{kind}_filterbank"])
