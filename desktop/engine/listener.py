"""Listens to one stream of samples: mel columns, previews, verdicts. No thread, no clock.

Time is counted in samples heard, so the same sound gives the same answers however it is cut
into chunks; only which previews are made depends on how often `Listener.hear` is called.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.live_comparison import InUse, LiveComparison
from timbrescope.desktop.engine.messages import LevelReading
from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.desktop.engine.smoothing import (
    CLAIMS,
    Answer,
    AnswerPacer,
    AnswerSmoother,
    nothing,
)
from timbrescope.desktop.engine.zeros import ZerosAtEnd, are_no_signal, zeros_at_end
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST, NOTHING, OTHERS
from timbrescope.models.frontend import HOP_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.level import peak_dbfs, rms_dbfs
from timbrescope.models.listening import as_verdict
from timbrescope.models.streaming import StreamingFrontEnd

# Five answers a second: a player sees the first one within a fraction of a second.
PREVIEW_SAMPLES = SAMPLE_RATE_HZ // 5
LEVEL_SAMPLES = SAMPLE_RATE_HZ // 10


class Listener:
    """Owned by one thread, the one that owns `classifier` and the models of `comparator`.

    Parameters
    ----------
    classifier : Classifier
    comparator : Comparator, optional
    first_sample : int
        Where in the session the stream begins, a multiple of 512; all times and columns that are
        told count from the session's start.
    """

    def __init__(
        self,
        classifier: Classifier,
        *,
        comparator: Comparator | None = None,
        first_sample: int = 0,
    ) -> None:
        if first_sample % HOP_SAMPLES:
            raise ValueError(f"a stream cannot begin at sample {first_sample}, between two columns")
        self._first_sample = first_sample
        self._begin_s = first_sample / SAMPLE_RATE_HZ
        self._classifier = classifier
        self.compare(comparator)
        self._smoother = AnswerSmoother(classifier.sidecar.thresholds)
        self._pacer = AnswerPacer()
        self._steady = nothing(State.LISTENING)
        self.explain()
        self._front_end = StreamingFrontEnd()
        self._columns = 0
        self._pending = np.empty(0, dtype=np.float32)
        self._verdicts = 0
        self._newest = np.empty(0, dtype=np.float32)
        self._previewed_at = 0
        self._zeros = ZerosAtEnd()

    @property
    def hears_nothing(self) -> bool:
        """Whether exact zeros have come in for so long that the answer is *no signal*."""
        return self._steady.state is State.NO_SIGNAL

    def begin_silent(self) -> None:
        """Go on with the silence of a stream before: it is *no signal* until sound comes."""
        self._zeros.begin_silent()
        self._steady = nothing(State.NO_SIGNAL)

    @property
    def position_s(self) -> float:
        """Seconds of the session."""
        return (self._first_sample + self._front_end.heard_samples) / SAMPLE_RATE_HZ

    def use(self, classifier: Classifier) -> None:
        """Answer with another model from now on; the sound heard so far is kept."""
        self._classifier = classifier
        self._smoother = AnswerSmoother(classifier.sidecar.thresholds)
        self._steady = nothing(State.LISTENING)
        self._previewed_at = self._front_end.heard_samples - PREVIEW_SAMPLES

    def explain(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class from now on, or the one that is named; see `models.evidence`.

        With `NOTHING` previews come without evidence, at half the cost.
        """
        self._explained, self._against = explained, against

    def compare(self, comparator: Comparator | None) -> None:
        """Put the models of `comparator` beside the answer from now on, or none."""
        self._comparison = None if comparator is None else LiveComparison(comparator)

    def hear(self, samples: NDArray[np.float32]) -> Heard:
        """Take the next samples (n,) at 22,050 Hz of the stream."""
        first_sample = self._first_sample + self._front_end.heard_samples
        columns = self._front_end.push(samples)
        self._zeros.follow(samples)
        first = self._first_sample // HOP_SAMPLES + self._columns
        self._columns += columns.shape[1]
        windows = self._complete(samples)
        verdicts = tuple(self._judge(window) for window in windows)
        preview, dropped = self._preview()
        answer = self._answer_now(preview, verdicts)
        return Heard(
            samples=samples,
            first_sample=first_sample,
            columns=columns,
            first_column=first,
            level=self._level(samples),
            verdicts=verdicts,
            preview=preview,
            answer=answer,
            dropped_previews=dropped,
            comparison=self._compare_preview(preview, answer),
            compared_verdicts=self._compare_verdicts(windows, verdicts),
        )

    def _complete(self, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return the windows that `samples` complete."""
        self._pending = np.concatenate([self._pending, samples])
        complete = []
        while len(self._pending) >= WINDOW_SAMPLES:
            complete.append(self._pending[:WINDOW_SAMPLES])
            self._pending = self._pending[WINDOW_SAMPLES:]
        return complete

    def _judge(self, window: NDArray[np.float32]) -> Analysis:
        start_s = self._begin_s + self._verdicts * WINDOW_SAMPLES / SAMPLE_RATE_HZ
        self._verdicts += 1
        # What is heard now may be looked into later: verdicts keep their evidence, shown or not.
        explained = BEST if self._explained == NOTHING else self._explained
        found = self._classifier.analyse(
            window, start_s=start_s, explained=explained, against=self._against
        )
        if found.evidence is not None:
            # A verdict is kept for minutes: its partials take less room than its sound.
            found = replace(found, evidence=found.evidence.with_peaks())
        verdict = self._as_verdict(found, window)
        if verdict.state not in CLAIMS and are_no_signal(zeros_at_end(window)):
            # As the headline says by then.
            verdict = replace(verdict, state=State.NO_SIGNAL)
        return verdict

    def _as_verdict(self, found: Analysis, window: NDArray[np.float32]) -> Analysis:
        quiet_dbfs = self._classifier.sidecar.thresholds.quiet_dbfs
        return as_verdict(found, samples=window, quiet_dbfs=quiet_dbfs)

    def _answer_now(
        self, preview: Analysis | None, verdicts: tuple[Analysis, ...]
    ) -> Answer | None:
        """Return what is to be shown from now on, None if nothing is new."""
        if preview is None and not verdicts:
            return None
        if preview is not None:
            answer = self._smoother.update(preview)
        if verdicts:
            answer = self._smoother.adopt(verdicts[-1])
        if self._zeros.are_no_signal:
            answer = nothing(State.NO_SIGNAL)
        elif self._may_be_no_signal(answer, verdicts):
            return self._steady
        self._steady = self._pacer.show(answer, now_s=self.position_s)
        return self._steady

    def _may_be_no_signal(self, answer: Answer, verdicts: tuple[Analysis, ...]) -> bool:
        """Return whether zeros would be called quiet that will soon turn out to be no signal."""
        are_zeros = self._zeros.count >= LEVEL_SAMPLES and not verdicts
        return answer.state is State.NO_SIGNAL or (are_zeros and answer.state is State.QUIET)

    def _compare_preview(
        self, preview: Analysis | None, answer: Answer | None
    ) -> Comparison | None:
        if self._comparison is None or preview is None:
            return None
        in_use = InUse(self._classifier, preview, answer)
        return self._comparison.of_preview(self._front_end, in_use=in_use, now_s=self.position_s)

    def _compare_verdicts(
        self, windows: list[NDArray[np.float32]], verdicts: tuple[Analysis, ...]
    ) -> tuple[Comparison, ...]:
        if self._comparison is None:
            return ()
        return self._comparison.of_verdicts(
            windows, verdicts, classifier=self._classifier, now_s=self.position_s
        )

    def _preview(self) -> tuple[Analysis | None, int]:
        due = (self._front_end.heard_samples - self._previewed_at) // PREVIEW_SAMPLES
        if due < 1:
            return None, 0
        # On the grid, not from now: chunk sizes must not slow the previews down.
        self._previewed_at += due * PREVIEW_SAMPLES
        window = self._front_end.window(kind=self._classifier.kind)
        analysis = self._classifier.analyse(
            window.samples,
            start_s=self._begin_s + window.start_s,
            window_features=window.features,
            explained=self._explained_now(),
            against=self._against,
        )
        return self._as_verdict(analysis, window.samples), due - 1

    def _explained_now(self) -> int:
        """Return the class to explain: the one picked, or the one that is named now."""
        if self._explained == BEST and self._steady.best is not None:
            return self._steady.best
        return self._explained

    def _level(self, samples: NDArray[np.float32]) -> LevelReading:
        self._newest = np.concatenate([self._newest, samples])[-LEVEL_SAMPLES:]
        return LevelReading(rms_dbfs(self._newest), peak_dbfs(self._newest))
