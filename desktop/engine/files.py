"""Classifies files: the same windows, front end and network as the live path, pooled per file."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.audio.decode import iter_windows, read_span
from desktop.engine.messages import FileEvidence, FileResult, FileWindow
from models.analysis import Analysis, State
from models.classifier import Classifier
from models.errors import AudioFileError, WindowError
from models.frontend import SAMPLE_RATE_HZ, WINDOW_S
from models.instruments import NAMES
from models.pooling import cut_windows, mean_over_sounding
from models.streaming import StreamingFrontEnd

Progress = Callable[[float], None]


class Cancelled(Exception):  # noqa: N818 - a signal between frames of this module, not an error
    """Raised by a progress callback to stop at the next window."""


def classify_file(
    path: Path, *, classifier: Classifier, progress: Progress | None = None
) -> FileResult:
    """Classify one file; whatever is wrong with it becomes a result with status ``error``.

    `progress` is called after each window with the seconds done so far; it may raise
    `Cancelled`, which is passed on.
    """
    try:
        return _classify(path, classifier=classifier, progress=progress)
    # WindowError: samples so large that resampling turns them into no numbers.
    except (AudioFileError, WindowError) as error:
        return failed(path, reason=str(error), model=classifier.kind)


def failed(path: Path, *, reason: str, model: str) -> FileResult:
    """Return the result of a file that cannot be classified."""
    nothing = np.zeros(len(NAMES), dtype=np.float32)
    nothing.setflags(write=False)
    return FileResult(path, "error", reason, 0.0, model, State.NO_SIGNAL, None, 0.0, nothing, ())


def _classify(path: Path, *, classifier: Classifier, progress: Progress | None) -> FileResult:
    windows: list[FileWindow] = []
    answers: list[NDArray[np.float32]] = []
    duration_s = 0.0
    for window in iter_windows(path):
        analysis = classifier.analyse(window.samples, start_s=window.start_s)
        windows.append(_summary(analysis))
        answers.append(analysis.probabilities)
        duration_s = window.start_s + window.filled_samples / SAMPLE_RATE_HZ
        if progress is not None:
            progress(duration_s)
    if all(window.level_dbfs == -math.inf for window in windows):
        raise AudioFileError(
            f"silent file: every sample of {path.name} ({duration_s:.1f} s) is exactly zero; "
            "check the recording's input or that the right track was exported"
        )
    return _pooled(path, windows, answers, duration_s=duration_s, classifier=classifier)


def _summary(analysis: Analysis) -> FileWindow:
    return FileWindow(
        analysis.start_s,
        analysis.level_dbfs,
        analysis.state,
        analysis.instrument,
        analysis.probability,
    )


def _pooled(
    path: Path,
    windows: list[FileWindow],
    answers: list[NDArray[np.float32]],
    *,
    duration_s: float,
    classifier: Classifier,
) -> FileResult:
    levels_dbfs = [window.level_dbfs for window in windows]
    probabilities = mean_over_sounding(
        answers,
        levels_dbfs=levels_dbfs,
        quiet_dbfs=classifier.sidecar.thresholds.quiet_dbfs,
    )
    probabilities.setflags(write=False)
    state = classifier.judge(probabilities, level_dbfs=max(levels_dbfs))
    best = int(probabilities.argmax())
    return FileResult(
        path=path,
        status="ok",
        error=None,
        duration_s=duration_s,
        model=classifier.kind,
        state=state,
        instrument=NAMES[best] if state is State.INSTRUMENT else None,
        probability=float(probabilities[best]),
        probabilities=probabilities,
        windows=tuple(windows),
    )


def explain_span(
    path: Path, *, classifier: Classifier, start_s: float, duration_s: float
) -> FileEvidence:
    """Return spectrogram and evidence of a stretch of a file.

    `start_s` is moved back to the window it lies in, so that the windows explained are those
    the file was judged by.

    Raises
    ------
    AudioFileError
        If the file can no longer be read.
    """
    first = max(0, int(start_s // WINDOW_S))
    count = max(1, math.ceil(duration_s / WINDOW_S))
    begin_s = first * WINDOW_S
    samples = read_span(path, start_s=begin_s, duration_s=count * WINDOW_S)
    analyses = tuple(
        classifier.analyse(window.samples, start_s=begin_s + window.start_s)
        for window in cut_windows(samples)
    )
    return FileEvidence(path, begin_s, StreamingFrontEnd().push(samples), analyses)
