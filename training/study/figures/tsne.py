"""A map of all clips by t-SNE of their mean MFCCs, kept on disk as it takes minutes.

The paper maps the 40-dimensional mean vectors of its whole data set with perplexity 30 and
random state 0 (figure 10). Whether it standardises them first it does not say; here they are, as
for its classical models, by a `StandardScaler`: the first coefficient, loudness, would otherwise
outweigh all others together. As the map serves no split, the scaler is fitted on all clips.
"""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import TSNE
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import write_arrays
from timbrescope.training.hashes import recipe_hash

PERPLEXITY = 30.0
RANDOM_STATE = 0
FEWEST_VECTORS = 5
# Below, threads wait for one another longer than they work: on a busy machine by a factor of ten.
_FEWEST_FOR_THREADS = 5_000
# To be raised when the map is made differently.
_VERSION = 1


class TsneError(TimbrescopeError):
    """There are too few vectors for a map, or they are not finite."""


def perplexity_for(count: int) -> float:
    """Return the paper's perplexity, or a third of the neighbours there are if that is less.

    Perplexity is about how many neighbours count; with few clips, 30 would be all of them.
    """
    return min(PERPLEXITY, (count - 1) / 3)


def embed(vectors: NDArray[np.floating], *, cache: Path) -> NDArray[np.float32]:
    """Return the place of each vector on the map, from `cache` if it holds this very map.

    Parameters
    ----------
    vectors : ndarray, shape (N, 40)
        Mean MFCCs.
    cache : Path
        An NPZ file that is written if it is missing or belongs to other vectors.

    Returns
    -------
    ndarray of float32, shape (N, 2)

    Raises
    ------
    TsneError
        If there are fewer than `FEWEST_VECTORS`, or a value is not finite.
    """
    if len(vectors) < FEWEST_VECTORS:
        raise TsneError(
            f"a t-SNE map of {len(vectors)} clips says nothing; it takes {FEWEST_VECTORS}"
        )
    if not np.isfinite(vectors).all():
        bad = int(np.flatnonzero(~np.isfinite(vectors).all(axis=1))[0])
        raise TsneError(f"the mean MFCCs of clip {bad} are not finite; extract the features again")
    key = map_key(vectors)
    stored = _read(cache, key=key)
    if stored is not None:
        return stored
    places = _compute(vectors)
    _write(cache, key=key, places=places)
    return places


def map_key(vectors: NDArray[np.floating]) -> str:
    """Return a fingerprint of the vectors and of the way the map is made."""
    return recipe_hash(_VERSION, PERPLEXITY, RANDOM_STATE, np.asarray(vectors, np.float32))


def _compute(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    standardised = StandardScaler().fit_transform(np.asarray(vectors, dtype=np.float64))
    tsne = TSNE(perplexity=perplexity_for(len(vectors)), random_state=RANDOM_STATE, n_jobs=-1)
    with threadpool_limits(1 if len(vectors) < _FEWEST_FOR_THREADS else None):
        return np.asarray(tsne.fit_transform(standardised), dtype=np.float32)


def _read(cache: Path, *, key: str) -> NDArray[np.float32] | None:
    """Return the stored map if it is this one; a damaged file counts as none."""
    if not cache.is_file():
        return None
    try:
        with np.load(cache, allow_pickle=False) as stored:
            if str(stored["key"]) != key:
                return None
            return np.asarray(stored["places"], dtype=np.float32)
    except (OSError, KeyError, ValueError, BadZipFile):
        return None


def _write(cache: Path, *, key: str, places: NDArray[np.float32]) -> None:
    write_arrays(cache, {"key": key, "places": places})
