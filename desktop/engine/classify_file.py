"""Classifies files: the same windows, front end and network as the live path, pooled per file."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.messages import FileEvidence, FileResult, FileWindow
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.audio.decode import FileWindowSamples, iter_windows, read_span
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import AudioFileError, WindowError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, features_of_kinds
from timbrescope.models.instruments import NAMES
from timbrescope.models.level import rms_dbfs
from timbrescope.models.pooling import cut_windows, pooled_over_sounding
from timbrescope.models.streaming import StreamingFrontEnd

Progress = Callable[[float], None]


class Cancelled(Exception):  # noqa: N818 - a signal between frames of this module, not an error
    """Raised by a progress callback to stop at the next window."""


def classify_file(
    path: Path | str,
    *,
    classifier: Classifier | None = None,
    model: str = "",
    progress: Progress | None = None,
) -> FileResult:
    """Classify one file; whatever is wrong with it becomes a result with status ``error``.

    `classifier` is the default model unless given; load one for many files. `model` is the
    reference under which the result names it; its kind if empty. `progress` is called after
    each window with the seconds done so far; it may raise `Cancelled`, which is passed on.

    Raises
    ------
    ModelFileError
        If the default model cannot be loaded.

    Examples
    --------
    >>> from timbrescope import classify_file, demo_clip
    >>> answer = classify_file(demo_clip("violin"))
    >>> answer.status, answer.instrument
    ('ok', 'Violin')
    """
    path, classifier = Path(path), classifier or Classifier.load()
    model = model or classifier.kind
    tally = _Tally(classifier, model)

    def hear(window: FileWindowSamples) -> None:
        tally.add(classifier.analyse(window.samples, start_s=window.start_s))

    try:
        duration_s = _listen(path, hear, progress=progress)
    # WindowError: samples so large that resampling turns them into no numbers.
    except (AudioFileError, WindowError) as error:
        return failed(path, reason=str(error), model=model)
    return tally.result(path, duration_s=duration_s)


def compare_file(path: Path, *, comparator: Comparator) -> tuple[FileResult, ...]:
    """Classify one file with several models, all on the same windows.

    Returns
    -------
    tuple of FileResult
        One for each model, in order. All have status ``error`` if the file cannot be read; a
        model that cannot be used has it alone.
    """
    tallies = {name: _Tally(each, name) for name, each in comparator.models.items()}

    def hear(window: FileWindowSamples) -> None:
        known = features_of_kinds(window.samples, comparator.kinds)
        found = comparator.analyse(window.samples, start_s=window.start_s, features=known)
        for name, analysis in found.items():
            tallies[name].add(analysis)

    try:
        duration_s = _listen(path, hear, progress=None)
    except (AudioFileError, WindowError) as error:
        reason = str(error)
        return tuple(failed(path, reason=reason, model=name) for name in comparator.references)
    problems = comparator.problems
    return tuple(
        failed(path, reason=problems[name], model=name)
        if name in problems
        else tallies[name].result(path, duration_s=duration_s)
        for name in comparator.references
    )


def failed(path: Path, *, reason: str, model: str) -> FileResult:
    """Return the result of a file that cannot be classified."""
    nothing = np.zeros(len(NAMES), dtype=np.float32)
    nothing.setflags(write=False)
    return FileResult(path, "error", reason, 0.0, model, State.NO_SIGNAL, None, 0.0, nothing, ())


def _listen(
    path: Path, hear: Callable[[FileWindowSamples], None], *, progress: Progress | None
) -> float:
    """Let every window of the file be heard; return the file's length in seconds.

    Raises
    ------
    AudioFileError
        If the file cannot be read, or holds digital silence only.
    """
    duration_s, loudest_dbfs = 0.0, -math.inf
    for window in iter_windows(path):
        hear(window)
        loudest_dbfs = max(loudest_dbfs, rms_dbfs(window.samples))
        duration_s = window.start_s + window.filled_samples / SAMPLE_RATE_HZ
        if progress is not None:
            progress(duration_s)
    if loudest_dbfs == -math.inf:
        raise AudioFileError(
            f"silent file: every sample of {path.name} ({duration_s:.1f} s) is exactly zero; "
            "check the recording's input or that the right track was exported"
        )
    return duration_s


class _Tally:
    """What one model says of a file's windows, and of the whole file in the end."""

    def __init__(self, classifier: Classifier, model: str) -> None:
        self._classifier = classifier
        self._model = model
        self._windows: list[FileWindow] = []
        self._answers: list[NDArray[np.float32]] = []

    def add(self, analysis: Analysis) -> None:
        """Take the next window's analysis."""
        self._windows.append(_summary(analysis))
        self._answers.append(analysis.probabilities)

    def result(self, path: Path, *, duration_s: float) -> FileResult:
        """Pool the windows to the answer for the file."""
        classifier = self._classifier
        levels_dbfs = [window.level_dbfs for window in self._windows]
        pooled = pooled_over_sounding(
            self._answers,
            levels_dbfs=levels_dbfs,
            quiet_dbfs=classifier.sidecar.thresholds.quiet_dbfs,
        )
        probabilities = pooled.probabilities
        probabilities.setflags(write=False)
        state = classifier.judge(
            probabilities, level_dbfs=max(levels_dbfs), log_odds=pooled.log_odds
        )
        best = int(probabilities.argmax())
        return FileResult(
            path=path,
            status="ok",
            error=None,
            duration_s=duration_s,
            model=self._model,
            state=state,
            instrument=NAMES[best] if state is State.INSTRUMENT else None,
            probability=float(probabilities[best]),
            probabilities=probabilities,
            windows=tuple(self._windows),
        )


def _summary(analysis: Analysis) -> FileWindow:
    return FileWindow(
        analysis.start_s,
        analysis.level_dbfs,
        analysis.state,
        analysis.instrument,
        analysis.probability,
    )


def explain_span(
    path: Path,
    *,
    classifier: Classifier,
    start_s: float,
    duration_s: float,
    comparator: Comparator | None = None,
) -> FileEvidence:
    """Return spectrogram and evidence of a stretch of a file.

    `start_s` is moved back to the window it lies in, so that the windows explained are those
    the file was judged by. With `comparator`, all its models answer to the first of them.

    Raises
    ------
    AudioFileError
        If the file can no longer be read.
    """
    first = max(0, int(start_s // WINDOW_S))
    count = max(1, math.ceil(duration_s / WINDOW_S))
    begin_s = first * WINDOW_S
    samples = read_span(path, start_s=begin_s, duration_s=count * WINDOW_S)
    windows = tuple(cut_windows(samples))
    analyses = tuple(
        classifier.analyse(window.samples, start_s=begin_s + window.start_s) for window in windows
    )
    comparison = (
        None if comparator is None else comparator.compare(windows[0].samples, start_s=begin_s)
    )
    columns = StreamingFrontEnd().push(samples)
    return FileEvidence(path, begin_s, columns, analyses, comparison)
