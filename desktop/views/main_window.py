"""The window: makes views and presenters, puts them together and connects them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from timbrescope.desktop.audio.input_levels import InputLevels
from timbrescope.desktop.audio.playback import Player
from timbrescope.desktop.engine.model_choices import model_choices
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.controls.page_buttons import LIVE_PAGE
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
from timbrescope.desktop.views.open_window import OpenWindow
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


class MainWindow(OpenWindow):
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
