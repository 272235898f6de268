"""From a file to the windows that are answered: the one way of app, command line and evaluation.

A file that was recorded very low is heard twice, the second time as loud as others are.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from timbrescope.models.audio.faint import FaintSound
from timbrescope.models.windows import CutWindow

Hear = Callable[[CutWindow], object]


def hear_file(
    path: Path, begin: Callable[[], Hear], *, quiet_dbfs: float, notes: list[str] | None = None
) -> float:
    """Let every window of a file be heard.

    Parameters
    ----------
    path : Path
    begin : callable
        Called before the windows come, and again if they come once more; returns what takes them.
    quiet_dbfs : float
        Below this, windows do not count.
    notes : list of str, optional
        In the end holds what was wrong with the file and mended or left out, by how much it was
        raised, and if it holds digital silence only.

    Returns
    -------
    float
        By how many dB the file was raised for the windows that came last.

    Raises
    ------
    AudioFileError
        If the file cannot be read.
    """
    # FFmpeg is loaded with the first file, not with the window that may be given one.
    from timbrescope.models.audio.decode import iter_windows

    faint = FaintSound(quiet_dbfs=quiet_dbfs)
    found: list[str] = []
    silent = True
    hear = begin()
    for window in iter_windows(path, notes=found):
        faint.hear(window.samples)
        hear(window)
        silent = silent and not window.samples.any()
    if faint.gain_db:
        found.clear()
        hear = begin()
        for window in iter_windows(path, notes=found):
            hear(raised(window, faint.gain_db))
        found.append(f"recorded very low: listened to {faint.gain_db:.0f} dB louder")
    if silent:
        found.append(
            "every sample is exactly zero; check the recording's input or that the right track "
            "was exported"
        )
    if notes is not None:
        notes[:] = found
    return faint.gain_db


def file_gain_db(path: Path, *, quiet_dbfs: float) -> float:
    """Return by how many dB a file is raised to be answered; it is read to its end.

    Raises
    ------
    AudioFileError
        If the file cannot be read.
    """
    from timbrescope.models.audio.decode import iter_windows

    faint = FaintSound(quiet_dbfs=quiet_dbfs)
    for window in iter_windows(path):
        faint.hear(window.samples)
    return faint.gain_db


def raised(window: CutWindow, gain_db: float) -> CutWindow:
    """Return a window `gain_db` louder."""
    samples = window.samples * np.float32(10 ** (gain_db / 20))
    samples.setflags(write=False)
    return replace(window, samples=samples)
