"""The time of a listening session: it goes on over pauses, losses and other sources.

Sound counts with its length, an interruption with at most `LONGEST_GAP_S`, so that picture,
timeline, history and recordings keep one time, and a long pause does not push all else away.
"""

from timbrescope.desktop.engine.messages import Gap, GapReason
from timbrescope.models.frontend import HOP_SAMPLES, SAMPLE_RATE_HZ

SHORTEST_GAP_S = 0.5
LONGEST_GAP_S = 2.0


class SessionTime:
    """Says where in the session each stream begins. Owned by the engine's thread.

    `now_s` is a clock's time; everything else is time of the session.
    """

    def __init__(self) -> None:
        self._end_sample = 0
        self._next_sample = 0
        self._interrupted_at_s: float | None = None
        self._reason = GapReason.SOURCE
        self._running = self._in_silence = self._bridged = False

    def plan(self, *, now_s: float) -> int:
        """Return where a stream that is opened now begins, in samples at 22,050 Hz.

        That lies on the grid of the spectrogram's columns.
        """
        if self._interrupted_at_s is not None:
            lasted_s = now_s - self._interrupted_at_s
            length_s = min(max(lasted_s, SHORTEST_GAP_S), LONGEST_GAP_S)
            # Nobody misses a moment of a silence that goes on.
            self._bridged = self._in_silence and lasted_s <= LONGEST_GAP_S
            length_s = 0.0 if self._bridged else length_s
            end = self._end_sample + round(length_s * SAMPLE_RATE_HZ)
            self._next_sample = -(-end // HOP_SAMPLES) * HOP_SAMPLES
        return self._next_sample

    def begin(self, *, now_s: float, source: str) -> Gap | None:
        """Note that the stream planned last delivers; return the gap before it, if there is one."""
        if self._running:
            return None
        self._running = True
        if self._interrupted_at_s is None or self._bridged:
            return None
        start_s, end_s = (at / SAMPLE_RATE_HZ for at in (self._end_sample, self._next_sample))
        lasted_s = max(0.0, now_s - self._interrupted_at_s)
        detail = source if self._reason is GapReason.SOURCE else ""
        return Gap(start_s, end_s, lasted_s, self._reason, detail)

    def interrupt(
        self, position_s: float, reason: GapReason, *, now_s: float, in_silence: bool = False
    ) -> None:
        """Note that the stream ended at `position_s`; without effect while none has delivered.

        `in_silence` says that it delivered nothing but zeros: a short interruption of these is no
        gap, and time goes on as if there had been none.
        """
        if not self._running:
            return
        self._running = False
        self._end_sample = round(position_s * SAMPLE_RATE_HZ)
        self._interrupted_at_s = now_s
        self._reason, self._in_silence = reason, in_silence
