"""The rows of the bars: which class stands in which row, and where a row lies."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QRectF

from timbrescope.desktop.views.words.catalogue import mark, tr
from timbrescope.models.instruments import INSTRUMENTS, NAMES

_FAMILY_ORDER = ("Strings", "Woodwind", "Brass", "Free reed", "Keys", "Percussion")

# Class indices, top to bottom: families stay together, alphabetical within.
ROWS: tuple[int, ...] = tuple(
    sorted(
        range(len(NAMES)),
        key=lambda index: (_FAMILY_ORDER.index(INSTRUMENTS[index].family), NAMES[index]),
    )
)
# Below all families: what is none of them.
NONE_OF_THEM = len(NAMES)
BARS: tuple[int, ...] = (*ROWS, NONE_OF_THEM)
_NONE_NAME, _NONE_COLOUR = mark("None of the 28"), "#8a8f98"
_FAMILY_STARTS = frozenset(
    row
    for row in range(1, len(ROWS))
    if INSTRUMENTS[ROWS[row]].family != INSTRUMENTS[ROWS[row - 1]].family
) | {len(ROWS)}

_GAPS_BEFORE = tuple(sum(start <= row for start in _FAMILY_STARTS) for row in range(len(BARS)))
ROW_OF = {index: row for row, index in enumerate(BARS)}

_GAP_SHARE = 0.45


def row_name(index: int) -> str:
    """Return what stands before a bar."""
    return tr(_NONE_NAME if index == NONE_OF_THEM else NAMES[index])


def row_colour(index: int) -> str:
    """Return the colour of a bar."""
    return _NONE_COLOUR if index == NONE_OF_THEM else INSTRUMENTS[index].colour


@dataclass(frozen=True)
class RowPlaces:
    """Where the rows lie in a view of this size; families stand a little apart.

    Attributes
    ----------
    width, height : float
        Of the view, in pixels.
    """

    width: float
    height: float

    @cached_property
    def row_height(self) -> float:
        """The height of a row."""
        return self.height / (len(BARS) + len(_FAMILY_STARTS) * _GAP_SHARE)

    def rect(self, row: int) -> QRectF:
        """Return the place of a row, counted from the top."""
        height = self.row_height
        return QRectF(0.0, (row + _GAPS_BEFORE[row] * _GAP_SHARE) * height, self.width, height)

    def row_at(self, y: float) -> int | None:
        """Return the row at a height, None between families."""
        for row in range(len(BARS)):
            rect = self.rect(row)
            if rect.top() <= y < rect.bottom():
                return row
        return None
