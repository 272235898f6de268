"""Heatmaps on the spectrogram: normalised and resized so that every cell lies where it looked.

The networks pool twice by two in both directions, so map cell ``j`` saw frames ``4j … 4j+3``
and its centre is frame ``4j + 1.5``; the last two of the 130 frames fall off the pooling.
A plain resize of 32 cells to 130 frames would be out of register by up to two frames.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import FRAMES, MEL_BANDS, FeatureKind

CELL = 4


def normalised(heatmap: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return `heatmap` divided by its maximum (paper, Grad-CAM); an empty map stays zero."""
    top = float(heatmap.max())
    if top <= 0:
        return np.zeros(heatmap.shape, dtype=np.float32)
    return (heatmap / top).astype(np.float32)


def evidence(heatmap: NDArray[np.floating], *, kind: FeatureKind) -> NDArray[np.float32]:
    """Return the evidence of one class on the grid of the log-mel spectrogram.

    Parameters
    ----------
    heatmap : ndarray, shape (h, w)
        One class of `models.classifier.Prediction.heatmaps`.
    kind : {"mel", "mfcc"}
        The rows of an MFCC map are coefficients, which lie at no frequency: such a map says
        *when*, not *at which pitch*, and is averaged over its rows and spread over all bands.

    Returns
    -------
    ndarray, shape (128, 130), float32, in 0…1

    Examples
    --------
    >>> from timbrescope import Classifier, demo_clip, evidence, read_windows
    >>> window = next(read_windows(demo_clip("flute")))
    >>> found = Classifier.load("mel").analyse(window.samples, start_s=window.start_s)
    >>> evidence(found.heatmaps[found.best], kind=found.model.kind).shape
    (128, 130)
    """
    if kind == "mfcc":
        heatmap = np.broadcast_to(heatmap.mean(axis=0), (MEL_BANDS // CELL, heatmap.shape[1]))
    return normalised(np.maximum(resized(heatmap, (MEL_BANDS, FRAMES)), 0.0))


def resized(heatmap: NDArray[np.floating], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return a map of cells that are `CELL` wide, interpolated between their centres."""
    rows, columns = heatmap.shape
    by_row, by_column = _interpolation(rows, shape[0]), _interpolation(columns, shape[1])
    return np.asarray(by_row @ heatmap @ by_column.T, np.float64)


def covering(heatmap: NDArray[np.floating], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return a map that covers a whole window, interpolated between its cells' centres."""
    found = np.asarray(heatmap, np.float64)
    for axis, points in enumerate(shape):
        cells = found.shape[axis]
        centres = (np.arange(cells) + 0.5) * points / cells - 0.5
        unit_maps = np.eye(cells)
        matrix = np.stack([np.interp(np.arange(points), centres, unit) for unit in unit_maps], 1)
        found = np.moveaxis(np.tensordot(matrix, found, axes=(1, axis)), 0, axis)
    return found


@cache
def _interpolation(cells: int, points: int) -> NDArray[np.float64]:
    """Return the matrix (points, cells) of linear interpolation between cell centres."""
    centres = CELL * np.arange(cells) + (CELL - 1) / 2
    unit_maps = np.eye(cells)
    matrix = np.stack([np.interp(np.arange(points), centres, unit) for unit in unit_maps], axis=1)
    matrix.setflags(write=False)
    return matrix
