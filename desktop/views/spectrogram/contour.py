"""Lines around the evidence: marching squares on NumPy, fast enough for the live picture."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S

# Half of the greatest evidence code.
_HALF = 63.5
# The evidence reaches over more than a few bands and frames; a coarser grid draws nearly the
# same line from far fewer pieces.
_EVERY_BANDS = 2
_EVERY_COLUMNS = 3

# The edges a line crosses, by which of the four corners of a cell lie inside. Corners count
# 1, 2, 4, 8 round the cell from (row, column); edge k joins corner k to the next one. The two
# ambiguous cases (5 and 10) keep the inside corners apart.
_NONE = (-1, -1)
_LINES = np.array(
    [
        (_NONE, _NONE),
        ((3, 0), _NONE),
        ((0, 1), _NONE),
        ((3, 1), _NONE),
        ((1, 2), _NONE),
        ((3, 0), (1, 2)),
        ((0, 2), _NONE),
        ((3, 2), _NONE),
        ((2, 3), _NONE),
        ((2, 0), _NONE),
        ((0, 1), (2, 3)),
        ((2, 1), _NONE),
        ((1, 3), _NONE),
        ((1, 0), _NONE),
        ((0, 3), _NONE),
        (_NONE, _NONE),
    ]
)
_CORNERS = np.array(((0, 0), (0, 1), (1, 1), (1, 0)))


def evidence_line(evidence: NDArray[np.int8] | None, *, first_column: int) -> NDArray[np.float64]:
    """Return the line at half of the maximum of the evidence.

    Parameters
    ----------
    evidence : ndarray, shape (128, n), int8, or None
        Codes; None has no line.
    first_column : int
        Stream index of the first.

    Returns
    -------
    ndarray, shape (2 k, 2)
        Start and end of `k` pieces in turn, as (second of the stream, band).
    """
    if evidence is None:
        return np.empty((0, 2))
    # Sampled at the same columns of the stream each time, so that the line keeps still.
    offset = -first_column % _EVERY_COLUMNS
    coarse = evidence[::_EVERY_BANDS, offset::_EVERY_COLUMNS]
    if min(coarse.shape) < 2:
        return np.empty((0, 2))
    points = contour_segments(coarse.astype(np.float32), level=_HALF).reshape(-1, 2)
    seconds = (points[:, 0] * _EVERY_COLUMNS + offset + first_column) * COLUMN_S
    bands = points[:, 1] * _EVERY_BANDS + 0.5
    return np.stack((seconds, bands), axis=1)


def contour_segments(grid: NDArray[np.float32], *, level: float) -> NDArray[np.float64]:
    """Return the line pieces along which `grid` crosses `level`.

    Parameters
    ----------
    grid : ndarray, shape (rows, columns)
    level : float

    Returns
    -------
    ndarray, shape (n, 2, 2)
        Start and end of each piece as (column, row), in units of grid points.
    """
    inside = (grid >= level).astype(np.uint8)
    case = inside[:-1, :-1] + 2 * inside[:-1, 1:] + 4 * inside[1:, 1:] + 8 * inside[1:, :-1]
    cells = np.argwhere((case > 0) & (case < 15))
    if cells.size == 0:
        return np.empty((0, 2, 2))
    lines = _LINES[case[cells[:, 0], cells[:, 1]]]
    cells = np.repeat(cells, 2, axis=0)
    edges = lines.reshape(-1, 2)
    used = edges[:, 0] >= 0
    cells, edges = cells[used], edges[used]
    ends = [_crossing(grid, level, cells, edges[:, end]) for end in (0, 1)]
    return np.stack(ends, axis=1)


def _crossing(
    grid: NDArray[np.float32], level: float, cells: NDArray[np.intp], edge: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return where each cell's `edge` meets `level`, as (column, row)."""
    first = cells + _CORNERS[edge]
    second = cells + _CORNERS[(edge + 1) % 4]
    at_first = grid[first[:, 0], first[:, 1]].astype(np.float64)
    at_second = grid[second[:, 0], second[:, 1]].astype(np.float64)
    share = (level - at_first) / (at_second - at_first)
    points = first + share[:, None] * (second - first)
    found: NDArray[np.float64] = points[:, ::-1]
    return found
