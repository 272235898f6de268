"""The stretches of a file in which the same was heard."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from timbrescope.desktop.engine.doubt_words import guess_words
from timbrescope.desktop.engine.file_messages import FileResult, FileWindow
from timbrescope.models.analysis import SILENT, Doubt, Reason, State
from timbrescope.models.frontend import WINDOW_S


@dataclass(frozen=True)
class Segment:
    """Neighbouring windows of a file that say the same.

    Attributes
    ----------
    start_s, end_s : float
        The last one ends with the file.
    state : State
    instrument : str or None
        None unless an instrument is claimed.
    probability : float
        The mean over the windows.
    windows : int
        How many there are.
    guess : str or None
        What it would be named if the model were sure, None unless it is not sure.
    doubt : Doubt or None
        Why nothing is claimed; its figure is the mean over the windows.
    """

    start_s: float
    end_s: float
    state: State
    instrument: str | None
    probability: float
    windows: int
    guess: str | None = None
    doubt: Doubt | None = None

    @property
    def label(self) -> str:
        """What was heard, in a word or two."""
        if self.guess is not None:
            return f"{self.state}: {self.guess}?"
        return self.instrument or str(self.state)

    @property
    def words(self) -> str:
        """What was heard with its figure, and why nothing is claimed."""
        if self.guess is not None:
            return f"{self.state}: {guess_words(self.guess, self.probability, self.doubt)}"
        return f"{self.label} {self.probability:.0%}"


def segments_of(result: FileResult) -> tuple[Segment, ...]:
    """Return the stretches of a file, in order; together they cover it."""
    runs: list[list[FileWindow]] = []
    for window in result.windows:
        if runs and _says(runs[-1][-1]) == _says(window):
            runs[-1].append(window)
        else:
            runs.append([window])
    starts = [run[0].start_s for run in runs]
    ends = [*starts[1:], max(result.duration_s, starts[-1])] if runs else []
    return tuple(_segment(run, end_s=end_s) for run, end_s in zip(runs, ends, strict=True) if run)


def instruments_of(result: FileResult) -> tuple[str, ...]:
    """Return the instruments claimed anywhere in a file, in the order of their first entry."""
    claimed = (window.instrument for window in result.windows)
    return tuple(dict.fromkeys(name for name in claimed if name is not None))


def telling_window(result: FileResult) -> FileWindow | None:
    """Return the window that speaks best for the file's answer.

    The most probable one of the file's own instrument; failing that the first that is not
    quiet; failing that the first.
    """
    own = [w for w in result.windows if result.instrument and w.instrument == result.instrument]
    if own:
        return max(own, key=lambda window: window.probability)
    loud = [w for w in result.windows if w.state not in SILENT]
    return next(iter(loud or result.windows), None)


def _says(window: FileWindow) -> tuple[State, str | None, str | None, Reason | None]:
    reason = None if window.doubt is None else window.doubt.reason
    return window.state, window.instrument, window.guess, reason


def _segment(run: Sequence[FileWindow], *, end_s: float) -> Segment:
    first = run[0]
    # A window that overlaps the one before it still ends with the file.
    end_s = min(end_s, run[-1].start_s + WINDOW_S) if end_s > first.start_s else end_s
    mean = sum(window.probability for window in run) / len(run)
    return Segment(
        start_s=first.start_s,
        end_s=end_s,
        state=first.state,
        instrument=first.instrument,
        probability=mean,
        windows=len(run),
        guess=first.guess,
        doubt=_mean_doubt([window.doubt for window in run if window.doubt is not None]),
    )


def _mean_doubt(doubts: Sequence[Doubt]) -> Doubt | None:
    """Return the doubt of windows that all have the same reason for it."""
    if not doubts:
        return None
    return replace(doubts[0], found=sum(each.found for each in doubts) / len(doubts))
