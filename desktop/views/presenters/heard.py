"""What was heard, on disk: the last minutes, or a recording of the session."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.engine.messages import RecordingReport
from timbrescope.desktop.export.heard import save_heard
from timbrescope.desktop.views.controls.sound_menu import SoundMenu
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.ports import LivePort
from timbrescope.desktop.views.presenters.written import users_folder
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.errors import AudioFileError
from timbrescope.models.times import clock, length

AskSound = Callable[[QWidget, str, Path, str], Path | None]

SAVE_DEADLINE_S = 10.0
_HEARD_KINDS = "FLAC (*.flac);;WAV (*.wav)"
_RECORDING_KINDS = "WAV (*.wav)"


def ask_sound(parent: QWidget, title: str, proposed: Path, kinds: str) -> Path | None:
    """Let the user say where sound is kept."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(proposed), kinds)
    path = Path(name) if name else None
    return path.with_suffix(proposed.suffix) if path is not None and not path.suffix else path


class HeardPresenter:
    """Takes what was heard first and asks afterwards: it would grow older meanwhile.

    Parameters
    ----------
    live : LivePort
    menu : SoundMenu
    notice : Banner
        Tells where the sound is, or why it is not.
    ask : callable, optional
        Asks where to keep it; tests pass their own.
    """

    def __init__(
        self, live: LivePort, *, menu: SoundMenu, notice: Banner, ask: AskSound = ask_sound
    ) -> None:
        self._live, self._menu, self._notice, self._ask = live, menu, notice, ask
        self._report: RecordingReport | None = None
        self._told: RecordingReport | None = None
        self._saved: SimpleQueue[tuple[str, Severity]] = SimpleQueue()
        self._saving: Thread | None = None

    def save(self) -> None:
        """Keep the last minutes where the user says."""
        history = self._live.history()
        if history.end_s <= history.start_s:
            words = tr("There is nothing to save yet: nothing was heard.")
            self._notice.show_message(words, Severity.BRIEF)
            return
        path = self._ask(self._menu, tr("Save what was heard"), _proposed(".flac"), _HEARD_KINDS)
        if path is None:
            return

        def write() -> None:
            try:
                files = save_heard(history, path)
            except AudioFileError as error:
                self._saved.put(
                    (tr("What was heard was not saved: {error}", error=error), Severity.ERROR)
                )
                return
            words = tr(
                "Saved {time} to {path}, with verdicts ({verdicts}) and labels ({labels}).",
                time=length(history.end_s - history.start_s),
                path=files[0],
                verdicts=files[1].name,
                labels=files[2].name,
            )
            self._saved.put((words, Severity.BRIEF))

        # A disk may take its time, and the picture has to go on.
        self._saving = Thread(target=write, name="timbrescope-save", daemon=True)
        self._saving.start()

    def close(self) -> None:
        """Wait until what is being saved is on the disk; one that hangs is left behind."""
        if self._saving is not None:
            self._saving.join(SAVE_DEADLINE_S)

    def switch_recording(self) -> None:
        """Begin to record where the user says, or end the recording."""
        if self._report is not None and self._report.running:
            self._live.stop_recording()
            return
        path = self._ask(self._menu, tr("Record the session"), _proposed(".wav"), _RECORDING_KINDS)
        if path is not None:
            self._live.start_recording(path)

    def follow(self, report: RecordingReport | None) -> None:
        """Show the newest state of recording and saving."""
        self._report = report
        running = report is not None and report.running
        words = f"{clock(report.seconds)}" if report is not None and running else ""
        if words != self._menu.text():
            self._menu.show_recording(words)
        if report is not None and not running and report != self._told:
            self._told = report
            self._notice.show_message(*_ended(report))
        try:
            self._notice.show_message(*self._saved.get_nowait())
        except Empty:
            return


def _ended(report: RecordingReport) -> tuple[str, Severity]:
    if report.problem:
        return f"{report.problem} ({report.path})", Severity.ERROR
    lost = (
        " " + tr("The disk was too slow for {count} s of it.", count=round(report.lost_s))
        if report.lost_s
        else ""
    )
    severity = Severity.WARNING if lost else Severity.BRIEF
    return tr(
        "Recorded {time} to {path}.", time=length(report.seconds), path=report.path
    ) + lost, severity


def _proposed(suffix: str) -> Path:
    place = users_folder(QStandardPaths.StandardLocation.MusicLocation)
    return place / f"timbrescope {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}{suffix}"
