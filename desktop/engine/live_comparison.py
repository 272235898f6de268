"""Several models on a stream: each preview's window if time allows, and each verdict's.

Comparing costs several times what answering does. So it takes no more than a share of the time:
after a comparison that was dear, the next windows are skipped and counted, never queued.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.desktop.engine.smoothing import Answer, AnswerSmoother
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import features_of_kinds
from timbrescope.models.listening import as_verdict
from timbrescope.models.streaming import StreamingFrontEnd

# Share of the time that comparing may take; the rest is for listening itself.
SHARE = 0.4


class Pace:
    """Keeps what a job costs below a share of the time; all times are seconds."""

    def __init__(self, share: float = SHARE) -> None:
        self._share = share
        self._free_s = -math.inf

    def allows(self, now_s: float) -> bool:
        """Return whether the job may be done at `now_s`."""
        return now_s >= self._free_s

    def spent(self, cost_s: float, *, now_s: float) -> None:
        """Note that the job done at `now_s` cost `cost_s`."""
        self._free_s = now_s + cost_s / self._share


@dataclass(frozen=True)
class InUse:
    """The model that answers anyway, with what it said of the window: no work is done twice."""

    classifier: Classifier
    analysis: Analysis
    answer: Answer | None = None


class LiveComparison:
    """Compares on one stream; owned by its thread.

    Parameters
    ----------
    comparator : Comparator
    clock : callable, optional
        Tells what a comparison costs, in seconds; tests pass their own.
    """

    def __init__(
        self, comparator: Comparator, *, clock: Callable[[], float] = perf_counter
    ) -> None:
        self._comparator = comparator
        self._clock = clock
        self._preview_pace, self._verdict_pace = Pace(), Pace()
        self._skipped = 0
        self._smoothers = {
            reference: AnswerSmoother(model.sidecar.thresholds)
            for reference, model in comparator.models.items()
        }

    def of_preview(
        self, front_end: StreamingFrontEnd, *, in_use: InUse, now_s: float
    ) -> Comparison | None:
        """Return the steady answers after the newest window; None if there is no time for it."""
        if not self._preview_pace.allows(now_s):
            self._skipped += 1
            return None
        began_s = self._clock()
        windows = {kind: front_end.window(kind=kind) for kind in self._comparator.kinds}
        found = self._comparator.analyse(
            next(iter(windows.values())).samples if windows else np.empty(0, np.float32),
            start_s=in_use.analysis.start_s,
            features={kind: window.features for kind, window in windows.items()},
            known=self._known(in_use),
        )
        steady = {name: self._smoothers[name].update(each) for name, each in found.items()}
        if in_use.answer is not None:
            # The row of the model in use says what the large answer says.
            steady |= dict.fromkeys(self._known(in_use), in_use.answer)
            if in_use.answer.state is State.NO_SIGNAL:
                # What delivers nothing does so for all of them.
                steady = dict.fromkeys(steady, in_use.answer)
        self._preview_pace.spent(self._clock() - began_s, now_s=now_s)
        return self._comparator.collected(
            {name: (answer.state, answer.probabilities) for name, answer in steady.items()},
            start_s=in_use.analysis.start_s,
            skipped=self._skipped,
        )

    def of_verdicts(
        self,
        windows: Sequence[NDArray[np.float32]],
        verdicts: Sequence[Analysis],
        *,
        classifier: Classifier,
        now_s: float,
    ) -> tuple[Comparison, ...]:
        """Return all models' verdicts on the newest window; what came before it is too late."""
        if not verdicts:
            return ()
        self._skipped += len(verdicts) - 1
        if not self._verdict_pace.allows(now_s):
            self._skipped += 1
            return ()
        began_s = self._clock()
        features = features_of_kinds(windows[-1], self._comparator.kinds)
        found = self._comparator.analyse(
            windows[-1],
            start_s=verdicts[-1].start_s,
            features=features,
            known=self._known(InUse(classifier, verdicts[-1])),
        )
        self._verdict_pace.spent(self._clock() - began_s, now_s=now_s)
        answers = {
            name: (self._state(name, each, windows[-1]), each.probabilities)
            for name, each in found.items()
        }
        return (
            self._comparator.collected(
                answers, start_s=verdicts[-1].start_s, skipped=self._skipped
            ),
        )

    def _state(self, name: str, analysis: Analysis, window: NDArray[np.float32]) -> State:
        quiet_dbfs = self._comparator.models[name].sidecar.thresholds.quiet_dbfs
        return as_verdict(analysis, samples=window, quiet_dbfs=quiet_dbfs).state

    def _known(self, in_use: InUse) -> dict[str, Analysis]:
        return {
            reference: in_use.analysis
            for reference, model in self._comparator.models.items()
            if model is in_use.classifier
        }
