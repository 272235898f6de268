"""What a network is trained on: features of windows, and their labels."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Rows(Protocol):
    """Features of many windows, indexed by the first axis; an array or something that reads."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of windows, and the shape of one."""

    def __len__(self) -> int:
        """Return the number of windows."""

    def __getitem__(self, rows: slice | NDArray[np.integer], /) -> NDArray[np.floating]:
        """Return the chosen windows, in the chosen order."""


@dataclass(frozen=True)
class Examples:
    """Features (N, h, w) in dB, mostly on disk, and labels (N,)."""

    features: Rows
    labels: NDArray[np.integer]
