"""What a chunk of samples brought the listener: columns, verdicts, a preview, the answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.messages import LevelReading
from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.desktop.engine.smoothing import Answer
from timbrescope.models.analysis import Analysis


@dataclass(frozen=True)
class Heard:
    """What a chunk of samples brought.

    Attributes
    ----------
    samples : ndarray, shape (n,), float32
        The chunk itself.
    first_sample : int
        Its place in the session.
    columns : ndarray, shape (128, k), float32
        New mel columns, see `models.streaming.StreamingFrontEnd.push`.
    first_column : int
        Session index of the first of them.
    level : LevelReading
    verdicts : tuple of Analysis
        One for each full 3 s completed, counted from the start of the stream; one with less than
        a second of sound names nothing (`models.listening.as_verdict`), unlike a preview.
    preview : Analysis or None
        Of the newest 3 s, if one was due.
    answer : Answer or None
        What is to be shown from now on; that of the newest verdict, if there is one.
    dropped_previews : int
        How many more were due and were skipped.
    comparison : Comparison or None
        All models' steady answers after that preview, if they are compared.
    compared_verdicts : tuple of Comparison
        All models' verdicts on the newest window that got one, if they are compared.
    """

    samples: NDArray[np.float32]
    first_sample: int
    columns: NDArray[np.float32]
    first_column: int
    level: LevelReading
    verdicts: tuple[Analysis, ...]
    preview: Analysis | None
    answer: Answer | None
    dropped_previews: int
    comparison: Comparison | None = None
    compared_verdicts: tuple[Comparison, ...] = ()
