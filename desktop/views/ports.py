"""What the window needs from the engines; anything with these methods can be shown.

The window calls every method from the GUI thread and none of them may block: the engines own
their threads and hand over frozen records when polled.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.history import History
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.models.evidence import BEST, OTHERS


class LivePort(Protocol):
    """The live engine as the window sees it."""

    @property
    def model(self) -> str:
        """Reference of the model in use: its name, or the path of its file."""

    @property
    def model_problem(self) -> str:
        """Why the model asked for last was refused, else empty."""

    def begin(self) -> None:
        """Begin to work: the window is on screen. Further calls do nothing."""

    def poll(self) -> LiveUpdate:
        """Return everything new since the last call."""

    def devices(self) -> Sequence[InputDevice]:
        """Return the input devices known now, best first."""

    def learn_devices(self, devices: Sequence[InputDevice]) -> None:
        """Offer these devices, which another process has listed, from now on."""

    def use_device(self, device: InputDevice | None, *, channels: Sequence[int] = ()) -> None:
        """Listen to `device`, or to the system's default when None; for `channels` see below."""

    def use_channels(self, channels: Sequence[int]) -> None:
        """Hear these channels only, counted from 0; none: those that sound."""

    def use_demo(self) -> None:
        """Listen to the built-in clips."""

    def use_file(self, path: Path) -> None:
        """Listen to a sound file as if it were live."""

    def rescan(self) -> None:
        """Look for devices anew and reopen the one wanted."""

    def set_paused(self, paused: bool) -> None:
        """Stop or go on listening."""

    def set_model(self, reference: str) -> None:
        """Answer with this model from now on."""

    def set_comparing(self, references: Sequence[str]) -> None:
        """Give the answers of these models to each window from now on; none ends it."""

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from now on."""

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class from now on, or the one that is named; see `models.evidence`."""

    def history(self) -> History:
        """Return the last minutes."""

    def request_moment(self, end_s: float) -> None:
        """Answer to the 3 s that end there; an update brings it."""

    def start_recording(self, path: Path) -> None:
        """Record what is heard from now on."""

    def stop_recording(self) -> None:
        """End the recording."""

    def close(self) -> None:
        """Stop threads and devices; no other call follows."""


class FilesPort(Protocol):
    """The files engine as the window sees it."""

    def add(self, paths: list[Path]) -> None:
        """Queue files and folders."""

    def poll(self) -> tuple[FileEvent, ...]:
        """Return what happened since the last call, oldest first."""

    def cancel(self, paths: Iterable[Path] | None = None) -> None:
        """Give up these files, or everything that is queued or running."""

    def set_model(self, reference: str) -> None:
        """Answer with this model from the next file on."""

    def set_comparing(self, references: Sequence[str]) -> None:
        """Give the answers of these models with the next evidence; none ends it."""

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from the next file on."""

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class with the next evidence; see `models.evidence`."""

    def request_evidence(self, path: Path, start_s: float, from_s: float | None = None) -> None:
        """Ask for the evidence of the window at `start_s`, shown from `from_s` on."""

    def poll_evidence(self) -> FileEvidence | None:
        """Return the evidence asked for once it is ready, else None."""

    def close(self) -> None:
        """Stop threads; no other call follows."""
