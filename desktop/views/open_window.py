"""The window while it is open: a frame for each tick of its timer, seen or not, until it closes."""

import time
from collections import deque

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QShowEvent

from timbrescope.desktop.audio.input_levels import InputLevels
from timbrescope.desktop.audio.playback import Player
from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.osc import OscEvents
from timbrescope.desktop.views.acting_window import ActingWindow
from timbrescope.desktop.views.frame.status_strip import StatusStrip
from timbrescope.desktop.views.ports import LivePort
from timbrescope.desktop.views.presenters.diagnosis import DiagnosticsPresenter
from timbrescope.desktop.views.presenters.file_playback import FilePlayback
from timbrescope.desktop.views.presenters.files import FilesPresenter
from timbrescope.desktop.views.presenters.input_levels import InputLevelsPresenter
from timbrescope.desktop.views.presenters.watching import FolderWatch
from timbrescope.desktop.views.style.theme import Colours

FRAME_MS = 33
# While nobody sees the window: as often as there is an answer.
UNSEEN_MS = 200
# A folder of thousands of files comes at once; shown at once it would hold up the window.
EVENTS_A_FRAME = 300
# A stall of the window must not make meters and bars leap.
_LONGEST_STEP_S = 0.25
# A window that is started as a symbol is never painted, and is to listen all the same.
UNPAINTED_MS = 1000


class OpenWindow(ActingWindow):
    """Polls the engines and closes them; it owns the only timer. `MainWindow` makes the parts."""

    status: StatusStrip
    player: Player
    levels: InputLevels
    watching: FolderWatch
    diagnostics: DiagnosticsPresenter
    _live: LivePort
    _levels: InputLevelsPresenter
    _playback: FilePlayback
    _list: FilesPresenter

    def __init__(self, colours: Colours) -> None:
        super().__init__(colours)
        self._closed = self._unseen = self._painted = False
        self._to_show: deque[FileEvent] = deque()
        self._events: OscEvents | None = None
        self._last_frame_s = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.show_frame)

    # -- each frame -----------------------------------------------------------------------

    def show_frame(self) -> None:
        """Fetch and show what is new; the timer calls this about 30 times a second."""
        now_s = time.perf_counter()
        elapsed_s = min(_LONGEST_STEP_S, now_s - self._last_frame_s)
        self._last_frame_s = now_s
        update = self._live.poll()
        self.live_view.show_update(update, elapsed_s=elapsed_s)
        self._past.follow(update)
        self._playback.follow()
        self.status.show_update(update, elapsed_s=elapsed_s)
        self._source.show_report(update.source)
        self._levels.follow(update)
        self.controls.channels.show_channels(update.channels)
        self._heard.follow(update.recording)
        self._model.follow()
        if self._events is not None:
            self._events.send(update)
        self.diagnostics.follow(update)
        self._to_show.extend(self._files.poll())
        if self._to_show:
            portion = [self._to_show.popleft() for _ in range(len(self._to_show))[:EVENTS_A_FRAME]]
            self.files_view.apply(portion)
        if (evidence := self._files.poll_evidence()) is not None:
            self.files_view.show_evidence(evidence)

    def tell(self, events: OscEvents) -> None:
        """Send events to other programs from now on."""
        self._events = events

    # -- Qt's hooks -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Start drawing frames (Qt's hook)."""
        super().showEvent(event)
        self._last_frame_s = time.perf_counter()
        self._timer.start()
        self._follow_sight()
        # What is painted first is how things are.
        self.show_frame()
        QTimer.singleShot(UNPAINTED_MS, self._begin)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Let the engine begin once everything is painted for the first time (Qt's hook)."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        if not self._closed:
            self._live.begin()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Save what only eyes need (Qt's hook)."""
        super().hideEvent(event)
        self._follow_sight()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Save what only eyes need while the window is minimised (Qt's hook)."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._follow_sight()

    def _follow_sight(self) -> None:
        """Go on listening in a window that nobody sees, but without frames and evidence."""
        unseen = self.isMinimized() or not self.isVisible()
        if unseen != self._unseen and not self._closed:
            self._unseen = unseen
            self._timer.setInterval(UNSEEN_MS if unseen else FRAME_MS)
            self._evidence.follow_sight(seen=not unseen)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop the timer and the engines, remember the place of the window (Qt's hook)."""
        self._timer.stop()
        if not self._closed:
            self._closed = True
            self._settings.geometry = self.saveGeometry()
            columns, splitter = self.files_view.layout_bytes()
            self._settings.keep_layout("columns", columns)
            self._settings.keep_layout("splitter", splitter)
            self._list.close()
            self.player.stop()
            self.levels.close()
            self._heard.close()
            self.watching.stop()
            self._live.close()
            self._files.close()
        super().closeEvent(event)
