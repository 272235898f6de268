"""The frozen records on files that cross from the engine's thread to whoever shows them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.desktop.engine.smoothing import Answer
from timbrescope.models.analysis import Analysis, Doubt, State


@dataclass(frozen=True)
class FileWindow:
    """One window of a file, without its arrays (a 15-hour file has 18,000 of them).

    `likely` are the two likeliest instruments with their probabilities, where the figures mean
    anything; `doubt` is why nothing is claimed.
    """

    start_s: float
    level_dbfs: float
    state: State
    instrument: str | None
    probability: float
    likely: tuple[tuple[str, float], ...] = ()
    doubt: Doubt | None = None

    @property
    def guess(self) -> str | None:
        """What it would be named if the model were sure, None unless it is not sure."""
        return self.likely[0][0] if self.state is State.NOT_SURE and self.likely else None


@dataclass(frozen=True)
class FileResult:
    """The outcome for one file.

    `status` is ``ok`` or ``error``; with ``error`` only `path` and `error` carry anything.
    `model` is the reference of the model that answered (see `ModelAnswer`).
    `probabilities` (28,) is the mean over the windows, see `models.listening.FileAnswer`.
    `notes` says what was wrong with the file and mended or left out; `gain_db` by how much it
    was raised to be heard, 0 unless it was recorded very low; `doubt` why nothing is claimed.
    """

    path: Path
    status: str
    error: str | None
    duration_s: float
    model: str
    state: State
    instrument: str | None
    probability: float
    probabilities: NDArray[np.float32]
    windows: tuple[FileWindow, ...]
    notes: tuple[str, ...] = ()
    gain_db: float = 0.0
    doubt: Doubt | None = None

    @property
    def answer(self) -> Answer:
        """What headline, bars and exports all say."""
        return Answer(self.state, self.probabilities, self.doubt)


@dataclass(frozen=True)
class FileEvidence:
    """The spectrogram and evidence of a stretch of a file, made on demand.

    Attributes
    ----------
    start_s : float
        Where the stretch starts in the file.
    columns : ndarray, shape (128, k), float32
        As in `LiveUpdate`; column ``i`` is centred on ``start_s + i * 512 / 22050``.
    analyses : tuple of Analysis
        The windows inside the stretch, in order, with their heatmaps.
    comparison : Comparison or None
        The answers of all models to the window asked for, if models are compared.
    asked : int
        Which of the windows was asked for; the others lie beside it.
    """

    path: Path
    start_s: float
    columns: NDArray[np.float32]
    analyses: tuple[Analysis, ...]
    comparison: Comparison | None = None
    asked: int = 0

    @property
    def asked_for(self) -> Analysis | None:
        """The window that was asked for, None if there are none."""
        return self.analyses[self.asked] if self.analyses else None
