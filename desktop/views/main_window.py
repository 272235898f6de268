"""The window: puts the views together and polls the engines. It owns the only timer."""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from timbrescope.desktop.audio.input_levels import InputLevels
from timbrescope.desktop.audio.playback import Player
from timbrescope.desktop.engine.file_events import FileEvent
from timbrescope.desktop.engine.model_choices import model_choices
from timbrescope.desktop.engine.osc import OscEvents
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.acting_window import ActingWindow
from timbrescope.desktop.views.controls.controls_view import LIVE_PAGE, ControlsView
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.frame.banner import Banner
from timbrescope.desktop.views.frame.first_size import first_size, fit_to_screen
from timbrescope.desktop.views.frame.keyboard import Keyboard
from timbrescope.desktop.views.frame.narrowing_strip import NarrowingStrip
from timbrescope.desktop.views.frame.notices import Notices
from timbrescope.desktop.views.frame.page_frame import PageFrame
from timbrescope.desktop.views.frame.presentation import Presentation
from timbrescope.desktop.views.frame.shortcuts import KeyMap
from timbrescope.desktop.views.frame.status_strip import StatusStrip
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import FilesPort, LivePort
from timbrescope.desktop.views.presenters.comparison import ComparisonPresenter
from timbrescope.desktop.views.presenters.diagnosis import DiagnosticsPresenter
from timbrescope.desktop.views.presenters.evidence import EvidencePresenter
from timbrescope.desktop.views.presenters.file_playback import FilePlayback
from timbrescope.desktop.views.presenters.files import FilesPresenter
from timbrescope.desktop.views.presenters.heard import HeardPresenter
from timbrescope.desktop.views.presenters.input_levels import InputLevelsPresenter
from timbrescope.desktop.views.presenters.model import Choices, ModelPresenter
from timbrescope.desktop.views.presenters.narrowing import NarrowingPresenter
from timbrescope.desktop.views.presenters.past import PastPresenter
from timbrescope.desktop.views.presenters.pictures import PicturePresenter
from timbrescope.desktop.views.presenters.preferences import PreferencesPresenter
from timbrescope.desktop.views.presenters.source import SourcePresenter
from timbrescope.desktop.views.presenters.watching import FolderWatch
from timbrescope.desktop.views.style.theme import Theme, colours_for

FRAME_MS = 33
# While nobody sees the window: as often as there is an answer.
UNSEEN_MS = 200
# A folder of thousands of files comes at once; shown at once it would hold up the window.
EVENTS_A_FRAME = 300
# A stall of the window must not make meters and bars leap.
_LONGEST_STEP_S = 0.25


class MainWindow(ActingWindow):
    """The whole program on screen.

    Parameters
    ----------
    live : LivePort
        Closed together with the window.
    files : FilesPort
        Closed together with the window.
    settings : Settings
    list_models : callable, optional
        Gives the models there are; see `ModelPresenter`.
    list_path : Path, optional
        Where the list of files is kept for the next run; without it, it is not.
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        list_models: Callable[[str | None], Choices] = model_choices,
        list_path: Path | None = None,
    ) -> None:
        colours = colours_for(Theme(settings.theme))
        super().__init__(colours)
        self._live, self._files, self._settings = live, files, settings
        self._closed = self._unseen = False
        self._to_show: deque[FileEvent] = deque()
        self._events: OscEvents | None = None
        self._last_frame_s = time.perf_counter()
        self.controls = ControlsView(colours)
        self.banner, self.model_banner, self.notice = Banner(), Banner(), Banner()
        # Lasts as long as the folder is watched: it must neither hide the picture nor give way.
        self.watch_banner = Banner()
        self.narrowing = NarrowingStrip()
        self.live_view = LiveView(colours)
        self.files_view = FilesView(colours)
        self.status = StatusStrip()
        self.pages = QStackedWidget()
        self.keys = KeyMap(settings.keys)
        self.preferences = PreferencesPresenter(self, settings, self.keys)
        self._source = SourcePresenter(live, settings, controls=self.controls, banner=self.banner)
        self.levels = InputLevels()
        self._levels = InputLevelsPresenter(live, controls=self.controls, levels=self.levels)
        self._model = ModelPresenter(
            live,
            files,
            settings,
            controls=self.controls,
            banner=self.model_banner,
            list_models=list_models,
        )
        self._comparison = ComparisonPresenter(
            live,
            files,
            settings,
            controls=self.controls,
            live_view=self.live_view,
            files_view=self.files_view,
        )
        self._evidence = EvidencePresenter(
            live,
            files,
            settings,
            controls=self.controls,
            live_view=self.live_view,
            files_view=self.files_view,
        )
        self._narrowing = NarrowingPresenter(
            live, files, settings, strip=self.narrowing, live_view=self.live_view
        )
        self.player = Player()
        self._past = PastPresenter(live, self.live_view, notice=self.notice, player=self.player)
        self.watching = FolderWatch(self.watch_banner)
        self._playback = FilePlayback(self.player, self.files_view, notice=self.notice)
        self._pictures = PicturePresenter(self.notice)
        self.diagnostics = DiagnosticsPresenter(live, notice=self.notice)
        self._heard = HeardPresenter(live, menu=self.controls.sound, notice=self.notice)
        self._list = FilesPresenter(self.files_view, notice=self.notice, list_path=list_path)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.show_frame)
        self._lay_out()
        self._connect_controls()
        self._connect()
        self._keyboard = Keyboard(self, self.keys, self._actions())
        self._follow_keys()
        self._model.on_change(self._comparison.follow_models)
        self._restore()

    # -- making ---------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle("Timbrescope")
        self.pages.addWidget(self.live_view)
        self.pages.addWidget(self.files_view)
        frame = PageFrame(
            self.pages,
            controls=self.controls,
            banners=(self.model_banner, self.watch_banner),
            limits=self.narrowing,
            status=self.status,
        )
        self.setCentralWidget(frame)
        # What the source of sound suffers from matters where it is listened to.
        self._notices = Notices((self.notice,), of_source=self.banner)
        self._place_notices()
        frame.setFocus()
        self.resize(first_size(self.screen().availableSize()))
        self.presentation = Presentation(self, frame.chrome)
        self.presentation.changed.connect(self.live_view.set_presenting)
        self.presentation.changed.connect(self.narrowing.set_presenting)
        self.presentation.changed.connect(self._notices.set_presenting)
        self.pages.currentChanged.connect(self._place_notices)

    def _connect_controls(self) -> None:
        controls = self.controls
        controls.device_chosen.connect(self._levels.stop)
        controls.device_chosen.connect(self._source.use_device)
        controls.channels.channels_chosen.connect(self._source.use_channels)
        controls.demo_chosen.connect(self._use_demo)
        controls.rescan_requested.connect(self._source.rescan)
        controls.model_chosen.connect(self._model.use)
        controls.model_file_chosen.connect(self._model.open)
        controls.compare_toggled.connect(self._comparison.show)
        self.live_view.comparison.model_chosen.connect(self._model.use)
        controls.pause_toggled.connect(self._source.set_paused)
        controls.files_chosen.connect(self.add_files)
        controls.watch_requested.connect(self.watching.choose)
        self.watching.files_came.connect(self._files.add)
        controls.theme_chosen.connect(self.use_theme)
        controls.page_chosen.connect(self.show_page)
        controls.sound.play_requested.connect(self._play_live)
        controls.sound.save_requested.connect(self._heard.save)
        controls.sound.record_requested.connect(self._heard.switch_recording)
        controls.help_requested.connect(self.preferences.show_help)
        controls.settings_requested.connect(self.preferences.show_settings)
        controls.picture_requested.connect(self._save_picture)
        controls.present_requested.connect(self._present)

    def _connect(self) -> None:
        files = self.files_view
        files.evidence_requested.connect(self._files.request_evidence)
        files.cancel_requested.connect(self._files.cancel)
        files.give_up_requested.connect(self._files.cancel)
        files.add_requested.connect(self._files.add)
        files.external_requested.connect(self._open_elsewhere)
        files.count_changed.connect(self.controls.show_file_count)
        files.open_requested.connect(self.controls.open_files)
        files.folder_requested.connect(self.controls.open_folder)
        self.banner.action_chosen.connect(self._on_banner)
        self.preferences.theme_chosen.connect(self.use_theme)
        self.preferences.evidence_toggled.connect(self._evidence.show)
        self.preferences.narrowing_chosen.connect(self._narrowing.use)
        self.narrowing.end_requested.connect(self.preferences.refresh)
        self.narrowing.change_requested.connect(self.preferences.show_answers)
        self.preferences.keys_changed.connect(self._follow_keys)
        self.preferences.was_reset.connect(self._start_over)
        self.preferences.diagnostics_wanted.connect(self.diagnostics.copy)
        self.paths_dropped.connect(self.add_files)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def _place_notices(self) -> None:
        on_live = self.pages.currentIndex() == LIVE_PAGE
        self._notices.lie_in(self.live_view if on_live else self.files_view, with_source=on_live)

    def _restore(self) -> None:
        self.use_theme(self._settings.theme)
        self._evidence.show(self._settings.evidence_shown)
        self._narrowing.restore()
        self._comparison.show(self._settings.comparing)
        if (geometry := self._settings.geometry) is not None:
            self.restoreGeometry(geometry)
            fit_to_screen(self)
        self.files_view.restore_layout(
            self._settings.layout("columns"), self._settings.layout("splitter")
        )

    def _follow_keys(self) -> None:
        """Take the keys that the map has now, and tell them where buttons do the same."""
        self._keyboard.follow_keys()
        self.controls.show_keys(self.keys)

    def _start_over(self) -> None:
        """Show everything as at the first start: nothing is remembered any more."""
        self._restore()
        self._model.use(self._settings.model)
        self._source.use_first()

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
