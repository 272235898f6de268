"""Where the engine's thread leaves what the screen's thread collects."""

from collections import deque
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.messages import (
    ChannelLevels,
    Gap,
    Health,
    LevelReading,
    LiveUpdate,
    SourceReport,
)
from timbrescope.desktop.engine.model_answers import Comparison
from timbrescope.models.analysis import NO_PROBABILITIES, Analysis, Doubt, State
from timbrescope.models.frontend import HOP_SAMPLES, MEL_BANDS, SAMPLE_RATE_HZ

# What nobody collected is given up after this long; a screen shows no more than this anyway.
KEPT_COLUMNS = 20 * SAMPLE_RATE_HZ // HOP_SAMPLES
KEPT_VERDICTS = 100
FLOOR_DB = -100.0
SILENCE = LevelReading(float("-inf"), float("-inf"))


class Outbox:
    """Filled by the engine's thread, emptied by one reader; both may call at any time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._report = SourceReport(Health.STOPPED, "", 0, 0, "", 0, 0)
        self._channels = ChannelLevels()
        self._columns: deque[NDArray[np.float32]] = deque()
        self._column_count = 0
        self._next_column = 0
        self._verdicts: deque[Analysis] = deque(maxlen=KEPT_VERDICTS)
        self._compared_verdicts: deque[Comparison] = deque(maxlen=KEPT_VERDICTS)
        self._gaps: deque[Gap] = deque(maxlen=KEPT_VERDICTS)
        self._position_s = 0.0
        self._moment: Analysis | None = None
        self._forget_answer()

    def _forget_answer(self) -> None:
        self._preview: Analysis | None = None
        self._comparison: Comparison | None = None
        self._level = SILENCE
        self._state = State.NO_SIGNAL
        self._probabilities = NO_PROBABILITIES
        self._doubt: Doubt | None = None

    def begin_stream(self, state: State = State.LISTENING) -> None:
        """Withdraw what was said of the last stream; its sound and its verdicts stay.

        `state` is what is said of the new one until it delivers.
        """
        with self._lock:
            self._forget_answer()
            self._state = state

    def mark(self, gap: Gap) -> None:
        """Leave a gap, or a change of the model."""
        with self._lock:
            self._gaps.append(gap)

    def leave_moment(self, analysis: Analysis) -> None:
        """Leave the answer to a moment of the past that was asked for."""
        with self._lock:
            self._moment = analysis

    def report(self, report: SourceReport, channels: ChannelLevels) -> None:
        """Leave the newest state of the source."""
        with self._lock:
            self._report, self._channels = report, channels

    def no_signal(self) -> None:
        """Withdraw the answer: what comes in is not sound."""
        with self._lock:
            self._state = State.NO_SIGNAL
            self._probabilities = NO_PROBABILITIES
            self._doubt = None
            self._level = SILENCE
            self._comparison = None

    def stop_comparing(self) -> None:
        """Withdraw the answers of models that are compared no more."""
        with self._lock:
            self._comparison = None
            self._compared_verdicts.clear()

    def rest(self) -> None:
        """Let the level fall; what was answered last stays to be looked at."""
        with self._lock:
            self._level = SILENCE

    def leave(self, heard: Heard, *, position_s: float) -> None:
        """Leave what a chunk of samples brought."""
        with self._lock:
            self._keep_columns(heard)
            self._verdicts.extend(heard.verdicts)
            self._compared_verdicts.extend(heard.compared_verdicts)
            self._comparison = heard.comparison or self._comparison
            self._level = heard.level
            self._position_s = position_s
            self._preview = heard.preview or self._preview
            if heard.answer is not None:
                self._state = heard.answer.state
                self._probabilities = heard.answer.probabilities
                self._doubt = heard.answer.doubt

    def _keep_columns(self, heard: Heard) -> None:
        if (missing := heard.first_column - self._next_column) > 0:
            # Between two streams.
            self._columns.append(np.full((MEL_BANDS, missing), FLOOR_DB, np.float32))
            self._column_count += missing
        self._columns.append(heard.columns)
        self._column_count += heard.columns.shape[1]
        self._next_column = heard.first_column + heard.columns.shape[1]
        while self._column_count > KEPT_COLUMNS:
            self._column_count -= self._columns.popleft().shape[1]

    def collect(self) -> LiveUpdate:
        """Take everything new."""
        with self._lock:
            empty = np.empty((MEL_BANDS, 0), dtype=np.float32)
            columns = np.concatenate([empty, *self._columns], axis=1)
            columns.setflags(write=False)
            update = LiveUpdate(
                columns=columns,
                first_column=self._next_column - columns.shape[1],
                position_s=self._position_s,
                level=self._level,
                preview=self._preview,
                verdicts=tuple(self._verdicts),
                source=self._report,
                state=self._state,
                probabilities=self._probabilities,
                doubt=self._doubt,
                comparison=self._comparison,
                compared_verdicts=tuple(self._compared_verdicts),
                gaps=tuple(self._gaps),
                moment=self._moment,
                channels=self._channels,
            )
            self._columns.clear()
            self._column_count = 0
            self._verdicts.clear()
            self._compared_verdicts.clear()
            self._gaps.clear()
            self._moment = None
            return update
