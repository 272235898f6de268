"""A picture of one window, for scripts: its spectrogram with the evidence on it."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QImage

from timbrescope.desktop.drawing.window_picture import window_pixels
from timbrescope.desktop.engine.strength import drawn
from timbrescope.models.analysis import Analysis
from timbrescope.models.errors import PictureError
from timbrescope.models.frontend import features
from timbrescope.models.instruments import NAMES, index_of

PIXELS_PER_CELL = 6


def save_evidence(
    path: Path | str,
    window: ArrayLike,
    analysis: Analysis,
    *,
    instrument: str | None = None,
    dark: bool = True,
) -> None:
    """Draw the mel spectrogram of a window with the evidence for one instrument, as a file.

    Brightness is the sound's level, lowest band at the bottom; warm colours are the evidence, as
    strong as in the app: an unsure answer has little, and silence none.

    Parameters
    ----------
    path : Path or str
        Where to write; the ending says the format (``.png``, ``.jpg``).
    window : array-like, shape (66150,)
        The samples that were analysed.
    analysis : Analysis
        Of a model that gives evidence.
    instrument : str, optional
        For which instrument, drawn as if it were claimed; by default the likeliest.
    dark : bool
        Whether silence is dark.

    Raises
    ------
    PictureError
        If the model gives no evidence, or the file cannot be written.
    UnknownInstrumentError
        If `instrument` is none of the 28.

    Examples
    --------
    >>> from timbrescope import Classifier, demo_clip, read_windows, save_evidence
    >>> window = next(read_windows(demo_clip("flute")))
    >>> analysis = Classifier.load().analyse(window.samples, start_s=window.start_s)
    >>> save_evidence("flute.png", window.samples, analysis)  # doctest: +SKIP
    """
    pixels = np.ascontiguousarray(
        evidence_pixels(window, analysis, instrument=instrument, dark=dark)
    )
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGB32)
    if not image.save(str(path)):
        raise PictureError(
            f"cannot write a picture to {str(path)!r}; check that the folder is there, that it may "
            "be written to, and that the name ends in .png or .jpg"
        )


def evidence_pixels(
    window: ArrayLike, analysis: Analysis, *, instrument: str | None = None, dark: bool = True
) -> NDArray[np.uint32]:
    """Return the picture that `save_evidence` writes, ``0xffRRGGBB``, the highest band first.

    Raises
    ------
    PictureError, UnknownInstrumentError
        See `save_evidence`.
    """
    if analysis.evidence is None:
        raise PictureError(
            f"model {analysis.model.name!r} gives no evidence; use 'flagship', 'mel' or 'mfcc'"
        )
    if instrument is not None and index_of(instrument) != analysis.evidence.explained:
        found = NAMES[analysis.evidence.explained]
        raise PictureError(
            f"this analysis explains {found}, not {instrument}; analyse the window anew with "
            "explained=index_of(...)"
        )
    # Who asks for an instrument wants to see what speaks for it, claimed or not.
    shown = drawn(analysis, claim=None if instrument is None else 1.0)
    cells = window_pixels(features(window, kind="mel"), shown, dark=dark)
    return np.kron(cells, np.ones((PIXELS_PER_CELL, PIXELS_PER_CELL), np.uint32))
