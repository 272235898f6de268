"""Records a session to disk: the sound as the device gave it, and what was said of it.

Beside `NAME.wav` grow `NAME.jsonl` (verdicts and gaps, one a line) and `NAME.txt` (a label track).
All of them are whole at any moment: what was heard before a kill or a full disk can be read.
Another rate or number of channels, or 2 GiB, begins `NAME-2.wav`.
"""

import logging
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Thread

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.audio.growing_wav import LARGEST_BYTES
from timbrescope.desktop.engine.messages import Gap, RecordingReport
from timbrescope.desktop.engine.recording_part import Part
from timbrescope.models.analysis import Analysis
from timbrescope.models.names import printable

logger = logging.getLogger(__name__)

# What the disk may fall behind; then sound is left out and counted, rather than memory filled.
WAITING_S = 20.0
JOIN_TIMEOUT_S = 10.0
MOST_PARTS = 10_000


@dataclass(frozen=True)
class Captured:
    """Sound as the device gave it.

    Attributes
    ----------
    frames : ndarray, shape (n, channels), float32
    rate_hz : int
    start_s : float
        Where in the session it begins.
    """

    frames: NDArray[np.float32]
    rate_hz: int
    start_s: float

    @property
    def duration_s(self) -> float:
        """Its length."""
        return len(self.frames) / self.rate_hz


class Recorder:
    """Takes what is heard and never waits for the disk: a thread of its own writes.

    `take`, `note` and `stop` are called by the engine's thread; `report` may be read by any.

    Parameters
    ----------
    path : Path
        Of the first file, ending in ``.wav``. Nothing that is there already is overwritten.
    largest_bytes : int
        Size from which on another file is begun.
    """

    def __init__(self, path: Path, *, largest_bytes: int = LARGEST_BYTES) -> None:
        self._path, self._largest_bytes = path, largest_bytes
        self._changed = Condition()
        self._waiting: deque[Captured | Gap | Analysis] = deque()
        self._waiting_s = 0.0
        self._stopping = False
        self._part: Part | None = None
        self._numbers, self._begin_s = 0, 0.0
        self.report = RecordingReport(path, 0.0, 0.0, running=True, problem="")
        self._thread = Thread(target=self._run, name="timbrescope-recorder", daemon=True)
        self._thread.start()

    def take(self, captured: Captured) -> None:
        """Record the next sound."""
        with self._changed:
            if not self.report.running:
                return
            if self._waiting_s > WAITING_S:
                # In its place comes silence of the same length, so that labels keep their places.
                lost_s = self.report.lost_s + captured.duration_s
                self.report = replace(self.report, lost_s=lost_s)
                return
            self._waiting.append(captured)
            self._waiting_s += captured.duration_s
            self._changed.notify()

    def note(self, event: Gap | Analysis) -> None:
        """Record a gap or a verdict."""
        with self._changed:
            if self.report.running:
                self._waiting.append(event)
                self._changed.notify()

    def stop(self) -> None:
        """Have what is still waiting written, and end. Returns at once."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def wait(self) -> None:
        """Wait until the files are whole; a disk that hangs is left behind after 10 s."""
        self._thread.join(JOIN_TIMEOUT_S)

    # -- the recorder's thread -------------------------------------------------------------

    def _run(self) -> None:
        problem = ""
        try:
            while (item := self._next()) is not None:
                self._put(item)
        except OSError as error:
            logger.warning("recording ended: %s", error)
            problem = _words(error)
        # Whatever it is, it must not look as if the recording had been ended by its user.
        except Exception as error:
            logger.exception("recording ended because of a fault")
            problem = f"Recording has ended because of a fault: {error!r}."
        finally:
            problem = self._end(problem)
            with self._changed:
                self.report = replace(self.report, running=False, problem=problem)

    def _end(self, problem: str) -> str:
        if self._part is None:
            return problem
        try:
            self._part.close()
        except OSError as error:
            logger.warning("a recording was not closed: %s", error)
            problem = problem or _words(error)
        self._tell(self._part)
        return problem

    def _next(self) -> Captured | Gap | Analysis | None:
        with self._changed:
            while not self._waiting and not self._stopping:
                self._changed.wait()
            if not self._waiting:
                return None
            item = self._waiting.popleft()
            if isinstance(item, Captured):
                self._waiting_s -= item.duration_s
            return item

    def _put(self, item: Captured | Gap | Analysis) -> None:
        part = self._part
        if not isinstance(item, Captured):
            if part is not None:
                part.note(item)
            return
        if part is not None and not part.goes_on_with(item.rate_hz, item.frames.shape[1]):
            part.close()
            self._part = part = None
        if part is None:
            self._part = part = self._new_part(item)
        part.write(item.frames, start_s=item.start_s)
        self._tell(part)

    def _tell(self, part: Part) -> None:
        with self._changed:
            seconds = part.end_s - self._begin_s
            self.report = replace(self.report, path=part.path, seconds=seconds)

    def _new_part(self, first: Captured) -> Part:
        if self._numbers == 0:
            self._begin_s = first.start_s
        while True:
            self._numbers += 1
            number = "" if self._numbers == 1 else f"-{self._numbers}"
            path = self._path.with_stem(f"{self._path.stem}{number}")
            try:
                return Part(
                    path,
                    rate_hz=first.rate_hz,
                    channels=first.frames.shape[1],
                    start_s=first.start_s,
                    largest_bytes=self._largest_bytes,
                )
            except FileExistsError:
                if self._numbers >= MOST_PARTS:
                    raise


def _words(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"Recording has ended: {printable(reason)}. What was heard until then is in the file."
