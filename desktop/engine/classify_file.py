"""Classifies files: the same windows, front end and network as the live path, pooled per file."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.doubt_words import likeliest
from timbrescope.desktop.engine.file_messages import FileEvidence, FileResult, FileWindow
from timbrescope.desktop.engine.smoothing import CLAIMS
from timbrescope.models.analysis import NO_PROBABILITIES, State
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.evidence import BEST, OTHERS
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S, features_of_kinds
from timbrescope.models.hearing import Hear, file_gain_db, hear_file
from timbrescope.models.level import rms_dbfs
from timbrescope.models.listening import FileAnswer, FileListener, Verdict, as_verdict
from timbrescope.models.streaming import StreamingFrontEnd
from timbrescope.models.windows import CutWindow, cut_windows

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
    listener = FileListener(classifier)
    notes: list[str] = []

    def begin() -> Hear:
        nonlocal listener
        listener = FileListener(classifier)
        return hear

    def hear(window: CutWindow) -> None:
        listener.hear(window)
        if progress is not None:
            progress(window.end_s)

    quiet_dbfs = classifier.sidecar.thresholds.quiet_dbfs
    try:
        gain_db = hear_file(path, begin, quiet_dbfs=quiet_dbfs, notes=notes)
        answer = listener.answer()
    # WindowError: samples so large that resampling turns them into no numbers. ModelFileError:
    # the model failed on a window; on those of other files it may not.
    except (TimbrescopeError, MemoryError) as error:
        return failed(path, reason=words_for(error), model=model)
    return _result(path, answer, model=model, notes=notes, gain_db=gain_db)


def compare_file(path: Path, *, comparator: Comparator) -> tuple[FileResult, ...]:
    """Classify one file with several models, all on the same windows.

    Returns
    -------
    tuple of FileResult
        One for each model, in order. All have status ``error`` if the file cannot be read; a
        model that cannot be used has it alone.
    """
    models = comparator.models
    listeners: dict[str, FileListener] = {}
    notes: list[str] = []
    gates_dbfs = [each.sidecar.thresholds.quiet_dbfs for each in models.values()]

    def begin() -> Hear:
        listeners.update({name: FileListener(each) for name, each in models.items()})
        return hear

    def hear(window: CutWindow) -> None:
        known = features_of_kinds(window.samples, comparator.kinds)
        found = comparator.analyse(window.samples, start_s=window.start_s, features=known)
        for name, analysis in found.items():
            listeners[name].take(window, analysis)

    try:
        gain_db = hear_file(path, begin, quiet_dbfs=min(gates_dbfs, default=0.0), notes=notes)
    except (TimbrescopeError, MemoryError) as error:
        reason = words_for(error)
        return tuple(failed(path, reason=reason, model=name) for name in comparator.references)
    problems = comparator.problems
    return tuple(
        failed(path, reason=problems[name], model=name)
        if name in problems
        else _result(path, listeners[name].answer(), model=name, notes=notes, gain_db=gain_db)
        for name in comparator.references
    )


def words_for(error: Exception) -> str:
    """Return what to tell a user of an error while a file was analysed."""
    if isinstance(error, TimbrescopeError):
        return str(error)
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    return f"cannot be analysed: {error!r}"


def failed(path: Path, *, reason: str, model: str) -> FileResult:
    """Return the result of a file that cannot be classified."""
    return FileResult(
        path, "error", reason, 0.0, model, State.NO_SIGNAL, None, 0.0, NO_PROBABILITIES, ()
    )


def _result(
    path: Path, answer: FileAnswer, *, model: str, notes: Sequence[str], gain_db: float
) -> FileResult:
    is_silent = all(each.level_dbfs == -math.inf for each in answer.verdicts)
    return FileResult(
        path=path,
        status="ok",
        error=None,
        duration_s=answer.duration_s,
        model=model,
        state=State.NO_SIGNAL if is_silent else answer.state,
        instrument=answer.instrument,
        probability=answer.probability,
        probabilities=answer.probabilities,
        windows=tuple(map(_window, answer.verdicts)),
        notes=tuple(notes),
        gain_db=gain_db,
        doubt=answer.doubt,
    )


def _window(verdict: Verdict) -> FileWindow:
    return FileWindow(
        start_s=verdict.start_s,
        level_dbfs=verdict.level_dbfs,
        state=verdict.state,
        instrument=verdict.instrument,
        probability=verdict.probability,
        likely=likeliest(verdict.probabilities) if verdict.state in CLAIMS else (),
        doubt=verdict.doubt,
    )


def explain_span(
    path: Path,
    *,
    classifier: Classifier,
    start_s: float,
    duration_s: float,
    from_s: float | None = None,
    explained: int = BEST,
    against: int = OTHERS,
    comparator: Comparator | None = None,
    gain_db: float | None = None,
) -> FileEvidence:
    """Return spectrogram and evidence of a stretch of a file.

    The window asked for is the last of the file's that starts at `start_s` or before, so that the
    windows explained are those the file was judged by. The stretch begins with it, or earlier, with
    the one at `from_s`. `explained` and `against` say for which class, see `models.evidence`.
    With `comparator`, all its models answer to the window asked for.

    Raises
    ------
    AudioFileError
        If the file can no longer be read.
    """
    # See `models.hearing`.
    from timbrescope.models.audio.decode import read_span

    count = max(1, math.ceil(duration_s / WINDOW_S))
    asked_s, start_s = start_s, start_s if from_s is None else min(from_s, start_s)
    # Whole windows are read, beginning with the one before: a last one that overlaps another is
    # then found only where the file ends, as when the file was judged.
    before = max(0, int(start_s // WINDOW_S) - 1)
    begin_s = before * WINDOW_S
    whole = int(start_s // WINDOW_S) + count + 1 - before
    samples = read_span(path, start_s=begin_s, duration_s=whole * WINDOW_S)
    quiet_dbfs = classifier.sidecar.thresholds.quiet_dbfs
    if gain_db is None:
        # Only a file that is faint throughout is raised; to know that, it has to be read.
        is_faint = all(rms_dbfs(each.samples) < quiet_dbfs for each in cut_windows(samples))
        gain_db = file_gain_db(path, quiet_dbfs=quiet_dbfs) if is_faint else 0.0
    if gain_db:
        samples = samples * np.float32(10 ** (gain_db / 20))
    windows = _windows_from(start_s - begin_s, samples=samples, count=count)
    analyses = tuple(
        as_verdict(
            classifier.analyse(
                window.samples,
                start_s=begin_s + window.start_s,
                explained=explained,
                against=against,
            ),
            samples=window.samples,
            quiet_dbfs=quiet_dbfs,
        )
        for window in windows
    )
    asked = _last_begun(asked_s - begin_s, windows)
    comparison = None
    if comparator is not None:
        start_s = analyses[asked].start_s
        comparison = comparator.compare(windows[asked].samples, start_s=start_s)
    first, last = windows[0], windows[-1]
    span = slice(*(round(at_s * SAMPLE_RATE_HZ) for at_s in (first.start_s, last.end_s)))
    columns = StreamingFrontEnd().push(samples[span])
    return FileEvidence(path, analyses[0].start_s, columns, analyses, comparison, asked)


def _windows_from(start_s: float, *, samples: NDArray[np.float32], count: int) -> list[CutWindow]:
    """Return `count` windows, the first one the last that starts at `start_s` or before."""
    found = list(cut_windows(samples))
    first = _last_begun(start_s, found)
    return found[first : first + count]


def _last_begun(start_s: float, windows: Sequence[CutWindow]) -> int:
    """Return the number of the last window that starts at `start_s` or before, 0 if none does."""
    slack_s = 0.5 / SAMPLE_RATE_HZ
    return max(0, sum(window.start_s <= start_s + slack_s for window in windows) - 1)
