"""What becomes of the sound that the live engine hears: shown, remembered, recorded."""

from collections.abc import Callable
from pathlib import Path

from timbrescope.desktop.engine.history import History, HistoryKeeper
from timbrescope.desktop.engine.messages import Gap, GapReason, RecordingReport
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.engine.recorder import Captured, Recorder
from timbrescope.desktop.engine.session_time import SessionTime
from timbrescope.desktop.engine.stream import Stream
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST, OTHERS
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S
from timbrescope.models.listening import as_verdict


class Session:
    """One session of listening, over all its sources. Owned by the engine's thread.

    Parameters
    ----------
    outbox : Outbox
    clock : callable
        Returns seconds.
    """

    def __init__(self, outbox: Outbox, *, clock: Callable[[], float]) -> None:
        self._outbox, self._clock = outbox, clock
        self._time = SessionTime()
        self._history = HistoryKeeper()
        self._recorder: Recorder | None = None

    def next_sample(self) -> int:
        """Return where in the session a stream that is opened now begins."""
        return self._time.plan(now_s=self._clock())

    def hear(self, stream: Stream) -> None:
        """Listen to what has come in since the last call.

        Raises
        ------
        ModelFileError
            If the model fails.
        """
        heard = stream.hear()
        if heard is None:
            return
        gap = self._time.begin(now_s=self._clock(), source=stream.source.name)
        if gap is not None:
            self._mark(gap)
        self._outbox.leave(heard, position_s=stream.position_s)
        self._history.hear(heard)
        if self._recorder is not None:
            start_s = heard.first_sample / SAMPLE_RATE_HZ
            self._recorder.take(Captured(stream.newest, stream.source.sample_rate_hz, start_s))
            for verdict in heard.verdicts:
                self._recorder.note(verdict)

    def interrupt(self, stream: Stream, reason: GapReason) -> None:
        """Note that the stream ends here."""
        self._time.interrupt(
            stream.position_s, reason, now_s=self._clock(), in_silence=stream.only_zeros
        )

    def mark_model(self, model: str, *, position_s: float) -> None:
        """Note that another model answers from here on."""
        self._mark(Gap(position_s, position_s, 0.0, GapReason.MODEL, model))

    def _mark(self, gap: Gap) -> None:
        self._outbox.mark(gap)
        self._history.interrupt(gap)
        if self._recorder is not None:
            self._recorder.note(gap)

    def record(self, path: Path) -> None:
        """Record what is heard from now on to `path`, a WAV file; one recording at a time."""
        self.end_recording()
        self._recorder = Recorder(path)

    def end_recording(self) -> None:
        """End the recording, if there is one. Returns at once."""
        if self._recorder is not None:
            self._recorder.stop()

    def close(self) -> None:
        """End the recording and wait until its files are whole."""
        if self._recorder is not None:
            self._recorder.stop()
            self._recorder.wait()

    def recording(self) -> RecordingReport | None:
        """Return how the recording is doing; any thread may ask."""
        return None if self._recorder is None else self._recorder.report

    def history(self) -> History:
        """Return the last minutes; any thread may ask."""
        return self._history.snapshot()

    def explain_moment(
        self, end_s: float, classifier: Classifier, *, explained: int = BEST, against: int = OTHERS
    ) -> None:
        """Leave the answer to the 3 s that end at `end_s`, with its evidence."""
        window = self._history.snapshot().window(end_s)
        analysis = classifier.analyse(
            window, start_s=end_s - WINDOW_S, explained=explained, against=against
        )
        quiet_dbfs = classifier.sidecar.thresholds.quiet_dbfs
        self._outbox.leave_moment(as_verdict(analysis, samples=window, quiet_dbfs=quiet_dbfs))
