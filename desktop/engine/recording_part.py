"""One sound file of a recording with what grows beside it."""

import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.growing_wav import GrowingWav
from timbrescope.desktop.engine.growing_text import GrowingText
from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.engine.said import gap_record, label_line, labels_of, verdict_record
from timbrescope.models.analysis import Analysis
from timbrescope.models.json_text import json_line

# How much of what was heard a kill may take away.
SETTLE_EVERY_S = 1.0
# Sound that begins this much later than the file ends is placed where it belongs.
_APART_S = 0.1


class Part:
    """Owned by the recorder's thread. Times are those of the session.

    Raises
    ------
    OSError
        If the files cannot be written, `FileExistsError` if one is there already.
    """

    def __init__(
        self, path: Path, *, rate_hz: int, channels: int, start_s: float, largest_bytes: int
    ) -> None:
        self.path = path
        self._rate_hz, self._channels, self._start_s = rate_hz, channels, start_s
        with ExitStack() as opened:
            self._sound = GrowingWav(
                path, rate_hz=rate_hz, channels=channels, largest_bytes=largest_bytes
            )
            opened.callback(self._sound.close)
            self._records = GrowingText(path.with_suffix(".jsonl"))
            opened.callback(self._records.close)
            self._labels = GrowingText(path.with_suffix(".txt"))
            opened.callback(self._labels.close)
            # All of them are open: they are closed together, later.
            self._files = opened.pop_all()
        self._settled_s = time.monotonic()

    @property
    def end_s(self) -> float:
        """Where in the session the file ends."""
        return self._start_s + self._sound.duration_s

    def goes_on_with(self, rate_hz: int, channels: int) -> bool:
        """Return whether such sound can be appended."""
        same = (rate_hz, channels) == (self._rate_hz, self._channels)
        return same and not self._sound.is_full

    def write(self, frames: NDArray[np.float32], *, start_s: float) -> None:
        """Append sound (n, channels) that begins at `start_s`."""
        apart_s = start_s - self.end_s
        if apart_s > _APART_S:
            silence = np.zeros((round(apart_s * self._rate_hz), self._channels), np.float32)
            self._sound.write(silence)
        self._sound.write(frames)
        now_s = time.monotonic()
        if now_s - self._settled_s >= SETTLE_EVERY_S:
            self._settled_s = now_s
            self._sound.settle()

    def note(self, event: Gap | Analysis) -> None:
        """Write down a gap or a verdict."""
        if isinstance(event, Gap):
            record = {"event": "gap"} | gap_record(event, begin_s=self._start_s)
        else:
            record = {"event": "verdict"} | verdict_record(event, begin_s=self._start_s)
        self._records.write(json_line(record))
        for start_s, end_s, words in labels_of([event]):
            begin_s = max(0.0, start_s - self._start_s)
            self._labels.write(label_line(begin_s, end_s - self._start_s, words))

    def close(self) -> None:
        """End all files.

        Raises
        ------
        OSError
            If the last of it cannot be written; they are closed all the same.
        """
        self._files.close()
