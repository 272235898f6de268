"""Turns the previews of a player's sound into one steady answer. All times are seconds."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import NO_PROBABILITIES, SILENT, Analysis, Doubt, Reason, State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.decision import NONE_BELOW, doubt_of, known_share
from timbrescope.models.probabilities import known_log_odds

# The preview already covers 3 s; this only keeps the bars from flickering between hops.
AVERAGE_S = 0.35
# The first tenths of a second of a sound are mostly attack: no claim before that.
LISTENING_S = 0.4
# Another name has to lead this long before the answer changes to it.
DWELL_S = 0.3
# A name once given is kept until its probability falls this far below the threshold.
HYSTERESIS = 0.08
# And until the odds that it is an instrument at all fall this far, in nats.
LOG_ODDS_HYSTERESIS = 1.0
# Figures that change more often than this cannot be read.
SHOWN_EVERY_S = 0.5


@dataclass(frozen=True)
class Answer:
    """The one answer that headline, bars, timeline, terminal and screen reader read.

    Attributes
    ----------
    state : State
    probabilities : ndarray, shape (28,), float32
        Zeros while nothing is claimed. Of an instrument, not sure, or none of the 28 they add up
        to one, or to less: what is missing is the probability of none of the 28.
    doubt : Doubt or None
        Why nothing is claimed; None where something is, and where nothing is heard.
    """

    state: State
    probabilities: NDArray[np.float32]
    doubt: Doubt | None = None

    @property
    def claims(self) -> bool:
        """Whether the figures mean anything."""
        return self.state in CLAIMS

    @property
    def best(self) -> int | None:
        """Class index of the likeliest instrument, None while nothing is claimed."""
        return int(self.probabilities.argmax()) if self.claims else None

    @property
    def none_of_them(self) -> float:
        """Probability that it is none of the 28; where that decided, the figure that did."""
        if self.doubt is not None and self.doubt.reason is Reason.PERHAPS_NONE:
            return self.doubt.found
        return max(0.0, 1.0 - float(self.probabilities.sum())) if self.claims else 0.0


CLAIMS = (State.INSTRUMENT, State.NOT_SURE, State.NONE_OF_THEM)


def nothing(state: State) -> Answer:
    """Return an answer that claims nothing."""
    return Answer(state, NO_PROBABILITIES)


class AnswerSmoother:
    """Exponential average, hysteresis and dwell over previews. Owned by one thread."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        # See `models.tables.filterbank`.
        from scipy.special import logit

        self._least_log_odds = float(logit(thresholds.least_known))
        self.reset()

    def reset(self) -> None:
        """Forget everything heard, as at the start of a stream."""
        self._time_s = -math.inf
        self._average: NDArray[np.float64] | None = None
        self._log_odds = 0.0
        self._onset_s: float | None = None
        self._shown: int | None = None
        self._rival: int | None = None
        self._rival_since_s = 0.0

    def update(self, analysis: Analysis) -> Answer:
        """Take the preview that ends at ``analysis.end_s`` and return the answer now."""
        step_s = analysis.end_s - self._time_s
        self._time_s = analysis.end_s
        if analysis.state in SILENT:
            self._average = self._onset_s = self._shown = self._rival = None
            return nothing(analysis.state)
        if self._onset_s is None:
            self._onset_s = analysis.end_s
        self._blend(analysis.probabilities, step_s=step_s)
        is_early = analysis.end_s - self._onset_s < LISTENING_S
        if is_early or analysis.state is State.LISTENING:
            self._shown = self._rival = None
            return nothing(State.LISTENING)
        return self._answer(self._decide())

    def adopt(self, verdict: Analysis) -> Answer:
        """Take over a verdict as the answer now: what the timeline says and the headline agree."""
        self._time_s = verdict.end_s
        if verdict.state not in CLAIMS:
            if verdict.state in SILENT:
                self._average = self._onset_s = None
            self._shown = self._rival = None
            return nothing(verdict.state)
        if self._onset_s is None:
            self._onset_s = verdict.start_s
        self._average = verdict.probabilities.astype(np.float64)
        self._log_odds = float(known_log_odds(verdict.probabilities))
        self._shown = verdict.best if verdict.state is State.INSTRUMENT else None
        self._rival = None
        return Answer(verdict.state, verdict.probabilities, verdict.doubt)

    def _blend(self, probabilities: NDArray[np.float32], *, step_s: float) -> None:
        log_odds = float(known_log_odds(probabilities))
        if self._average is None:
            self._average, self._log_odds = probabilities.astype(np.float64), log_odds
            return
        kept = math.exp(-step_s / AVERAGE_S)
        self._average = kept * self._average + (1.0 - kept) * probabilities
        self._log_odds = kept * self._log_odds + (1.0 - kept) * log_odds

    def _decide(self) -> State:
        assert self._average is not None
        best = int(self._average.argmax())
        self._settle(best)
        kept = self._shown == best
        bar = self._thresholds.not_sure - (HYSTERESIS if kept else 0.0)
        least_log_odds = self._least_log_odds - (LOG_ODDS_HYSTERESIS if kept else 0.0)
        if self._log_odds < least_log_odds:
            self._shown = None
            is_none = known_share(self._average, self._log_odds) < NONE_BELOW
            return State.NONE_OF_THEM if is_none else State.NOT_SURE
        if self._average[best] < bar:
            self._shown = None
            return State.NOT_SURE
        # A rival that leads but has not yet dwelt: no name is claimed for the one that lost.
        if self._shown is not None and self._shown != best:
            return State.NOT_SURE
        self._shown = best
        return State.INSTRUMENT

    def _settle(self, best: int) -> None:
        if self._shown in (None, best):
            self._rival = None
        elif self._rival != best:
            self._rival, self._rival_since_s = best, self._time_s
        elif self._time_s - self._rival_since_s >= DWELL_S:
            self._shown, self._rival = None, None

    def _answer(self, state: State) -> Answer:
        assert self._average is not None
        probabilities = self._average.astype(np.float32)
        probabilities.setflags(write=False)
        doubt = doubt_of(state, probabilities, thresholds=self._thresholds, log_odds=self._log_odds)
        return Answer(state, probabilities, doubt)


class AnswerPacer:
    """Lets figures change at most twice a second, on a grid on which verdicts lie as well.

    What claims nothing is told at once. Owned by one thread.
    """

    def __init__(self) -> None:
        self._shown = nothing(State.LISTENING)
        self._step: int | None = None

    def show(self, answer: Answer, *, now_s: float) -> Answer:
        """Return what is to be shown once `answer` holds, `now_s` seconds into the stream."""
        step = math.floor(now_s / SHOWN_EVERY_S + 1e-6)
        if not answer.claims:
            self._shown = answer
        elif step != self._step:
            self._step = step
            self._shown = answer
        return self._shown
