"""What a model hears in one file: a verdict on each of its windows, and one answer for all.

The app, the command ``classify``, the evaluation and the golden clips all come here, so that the
figures in a sidecar are figures of what users get.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import Analysis, Doubt, State
from timbrescope.models.classifier import TOGETHER, Classifier
from timbrescope.models.instruments import NAMES
from timbrescope.models.pooling import pool
from timbrescope.models.windows import CutWindow, sound_s

# A window with less sound than this gets no name of its own: what little there is may be the
# end of one note, or a touch of the microphone.
LEAST_SOUND_S = 1.0
_CLAIMS = (State.INSTRUMENT, State.NOT_SURE, State.NONE_OF_THEM)


@dataclass(frozen=True)
class Verdict:
    """What may be said of one window of a file.

    Attributes
    ----------
    start_s, end_s : float
        The file's sound in the window, in seconds.
    level_dbfs : float
        RMS level of the window, ``-inf`` for digital silence.
    state : State
    probabilities : ndarray, shape (28,), float32
    weight_s : float
        For how long there is sound in it that no window before it holds: how much it counts in
        the file's answer.
    doubt : Doubt or None
        Why nothing is claimed of it.
    """

    start_s: float
    end_s: float
    level_dbfs: float
    state: State
    probabilities: NDArray[np.float32]
    weight_s: float
    doubt: Doubt | None = None

    @property
    def probability(self) -> float:
        """Probability of the likeliest instrument."""
        return float(self.probabilities.max())

    @property
    def instrument(self) -> str | None:
        """Name of the instrument if one is claimed, else None."""
        return NAMES[int(self.probabilities.argmax())] if self.state is State.INSTRUMENT else None


@dataclass(frozen=True)
class FileAnswer:
    """What a model says of one file.

    Attributes
    ----------
    verdicts : tuple of Verdict
        On its windows, in order.
    probabilities : ndarray, shape (28,), float32
        The mean over the windows, each weighted by the sound that it adds; read-only.
    state : State
    doubt : Doubt or None
        Why nothing is claimed.
    """

    verdicts: tuple[Verdict, ...]
    probabilities: NDArray[np.float32]
    state: State
    doubt: Doubt | None = None

    @property
    def duration_s(self) -> float:
        """Length of the file in seconds."""
        return self.verdicts[-1].end_s

    @property
    def likeliest(self) -> str:
        """Name of the likeliest instrument, whatever the state."""
        return NAMES[int(self.probabilities.argmax())]

    @property
    def probability(self) -> float:
        """Probability of the likeliest instrument."""
        return float(self.probabilities.max())

    @property
    def instrument(self) -> str | None:
        """Name of the instrument if one is claimed, else None."""
        return self.likeliest if self.state is State.INSTRUMENT else None


def as_verdict(analysis: Analysis, *, samples: NDArray[np.float32], quiet_dbfs: float) -> Analysis:
    """Return the analysis of a window as it stands in a timeline.

    Parameters
    ----------
    analysis : Analysis
    samples : ndarray, shape (66150,)
        The window.
    quiet_dbfs : float
        What is quieter is no sound.

    Returns
    -------
    Analysis
        *No signal* of digital silence, which is not even quiet; *listening* in place of any claim
        if less than `LEAST_SOUND_S` of the window sounds.
    """
    if math.isinf(analysis.level_dbfs):
        return replace(analysis, state=State.NO_SIGNAL, doubt=None)
    if analysis.state not in _CLAIMS or sound_s(samples, quiet_dbfs=quiet_dbfs) >= LEAST_SOUND_S:
        return analysis
    return replace(analysis, state=State.LISTENING, doubt=None)


class FileListener:
    """Gathers what one model says of a file's windows, until the file is answered.

    Parameters
    ----------
    classifier : Classifier
        Belongs to the thread that uses the listener.
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._quiet_dbfs = classifier.sidecar.thresholds.quiet_dbfs
        self._verdicts: list[Verdict] = []
        self._waiting: list[tuple[CutWindow, NDArray[np.float32] | None]] = []

    def hear(
        self, window: CutWindow, *, window_features: NDArray[np.float32] | None = None
    ) -> None:
        """Take the next window; its features may be given where they are known already.

        A few windows are analysed together, the last of them by `answer`.

        Raises
        ------
        WindowError
            If the samples are not finite.
        """
        self._waiting.append((window, window_features))
        if len(self._waiting) >= TOGETHER:
            self._analyse_waiting()

    def _analyse_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        windows = [window for window, _ in waiting]
        analyses = self._classifier.answers(
            [window.samples for window in windows],
            starts_s=[window.start_s for window in windows],
            known_features=[known for _, known in waiting],
        )
        for window, analysis in zip(windows, analyses, strict=True):
            self.take(window, analysis)

    def take(self, window: CutWindow, analysis: Analysis) -> None:
        """Take the next window with its analysis by this listener's model."""
        found = as_verdict(analysis, samples=window.samples, quiet_dbfs=self._quiet_dbfs)
        self._verdicts.append(
            Verdict(
                start_s=window.start_s,
                end_s=window.end_s,
                level_dbfs=found.level_dbfs,
                state=found.state,
                probabilities=found.probabilities,
                weight_s=window.new_sound_s(quiet_dbfs=self._quiet_dbfs),
                doubt=found.doubt,
            )
        )

    def answer(self) -> FileAnswer:
        """Return the answer for the file.

        Raises
        ------
        WindowError
            If no window was heard, or see `hear`.
        """
        self._analyse_waiting()
        verdicts = tuple(self._verdicts)
        pooled = pool(
            [verdict.probabilities for verdict in verdicts],
            weights=[verdict.weight_s for verdict in verdicts],
        )
        state = self._classifier.judge(
            pooled.probabilities,
            level_dbfs=max(verdict.level_dbfs for verdict in verdicts),
            log_odds=pooled.log_odds,
        )
        doubt = self._classifier.doubt(state, pooled.probabilities, log_odds=pooled.log_odds)
        return FileAnswer(verdicts, pooled.probabilities, state, doubt)


def listen(classifier: Classifier, windows: Iterable[CutWindow]) -> FileAnswer:
    """Return what a model says of one file's windows.

    Raises
    ------
    WindowError
        If there are none, or their samples are not finite.
    """
    listener = FileListener(classifier)
    for window in windows:
        listener.hear(window)
    return listener.answer()
