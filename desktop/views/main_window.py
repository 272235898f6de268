"""The window: puts the views together and polls the engines. It owns the only timer."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop.audio.demo import DemoSource
from desktop.audio.devices import InputDevice
from desktop.engine.messages import Health, LiveUpdate, SourceReport
from desktop.settings import Settings
from desktop.views.banner import Banner, Severity
from desktop.views.controls_view import FILES_PAGE, LIVE_PAGE, MODEL_TITLES, ControlsView
from desktop.views.drops import DropSheet, dropped_paths
from desktop.views.files_view import FilesView
from desktop.views.help_dialog import HelpDialog
from desktop.views.live_view import LiveView
from desktop.views.ports import FilesPort, LivePort
from desktop.views.shortcuts import Shortcut
from desktop.views.spectrogram_view import EvidenceOf
from desktop.views.status_strip import StatusStrip
from desktop.views.theme import Theme, apply_theme, colours_for
from models import heatmaps
from models.frontend import FeatureKind

FRAME_MS = 33
# A stall of the window must not make meters and bars leap.
_LONGEST_STEP_S = 0.25
# A model loads within a few frames; after this long it has been refused.
_MODEL_PATIENCE_S = 1.0

PLAY_DEMO = "Play the demo"
TRY_AGAIN = "Try again"


class MainWindow(QMainWindow):
    """The whole program on screen.

    Parameters
    ----------
    live : LivePort
        Closed together with the window.
    files : FilesPort
        Closed together with the window.
    settings : Settings
    model_details : mapping of str to str, optional
        A sentence for each model kind, shown as tooltip of the choice.
    evidence_of : callable
        See `SpectrogramView`.
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        model_details: Mapping[FeatureKind, str] | None = None,
        evidence_of: EvidenceOf = heatmaps.evidence,
    ) -> None:
        super().__init__()
        self._live, self._files, self._settings = live, files, settings
        self._closed = False
        self._paused = False
        self._last_frame_s = time.perf_counter()
        self._devices = live.devices()
        self._source_name = ""
        self._shown_kind = live.model_kind
        self._model_patience_s = 0.0
        colours = colours_for(Theme(settings.theme))
        self.controls = ControlsView(colours, model_details=model_details)
        self.banner = Banner()
        self.live_view = LiveView(colours, evidence_of=evidence_of)
        self.files_view = FilesView(colours, evidence_of=evidence_of)
        self.status = StatusStrip()
        self.pages = QStackedWidget()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.show_frame)
        self._lay_out()
        self._sheet = DropSheet(colours, self)
        self._help: HelpDialog | None = None
        self._connect()
        self._make_shortcuts()
        self._restore()

    # -- making ---------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle("Timbrescope")
        self.setAcceptDrops(True)
        self.pages.addWidget(self.live_view)
        self.pages.addWidget(self.files_view)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        banner_room = QVBoxLayout()
        banner_room.setContentsMargins(12, 10, 12, 0)
        banner_room.addWidget(self.banner)
        column.addWidget(self.controls)
        column.addLayout(banner_room)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        # Otherwise the first button would wear the focus ring from the start.
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCentralWidget(centre)
        centre.setFocus()
        self.resize(1280, 800)

    def _connect(self) -> None:
        controls = self.controls
        controls.device_chosen.connect(self._use_device)
        controls.demo_chosen.connect(self._use_demo)
        controls.rescan_requested.connect(self._rescan)
        controls.model_chosen.connect(self._use_model)
        controls.pause_toggled.connect(self._set_paused)
        controls.evidence_toggled.connect(self._show_evidence)
        controls.files_chosen.connect(self.add_files)
        controls.theme_chosen.connect(self.use_theme)
        controls.page_chosen.connect(self.show_page)
        controls.help_requested.connect(self._show_help)
        self.banner.action_chosen.connect(self._on_banner)
        files = self.files_view
        files.evidence_requested.connect(self._files.request_evidence)
        files.cancel_requested.connect(self._files.cancel)
        files.count_changed.connect(controls.show_file_count)
        files.open_requested.connect(controls.open_files)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def _make_shortcuts(self) -> None:
        actions: dict[Shortcut, Callable[[], object]] = {
            Shortcut.PAUSE: lambda: self._set_paused(not self._paused),
            Shortcut.EVIDENCE: lambda: self._show_evidence(
                not self.live_view.spectrogram.evidence_shown
            ),
            Shortcut.MODEL: self._switch_model,
            Shortcut.DEMO: self._use_demo,
            Shortcut.OPEN: self.controls.open_files,
            Shortcut.LIVE: lambda: self.show_page(LIVE_PAGE),
            Shortcut.FILES: lambda: self.show_page(FILES_PAGE),
            Shortcut.FULL_SCREEN: self._toggle_full_screen,
            Shortcut.HELP: self._show_help,
        }
        for shortcut in Shortcut:
            QShortcut(QKeySequence(shortcut.keys), self).activated.connect(actions[shortcut])

    def _restore(self) -> None:
        self.use_theme(self._settings.theme)
        self._show_evidence(self._settings.evidence_shown)
        self.controls.show_model(self._live.model_kind)
        self.controls.show_devices(self._live.devices())
        if (geometry := self._settings.geometry) is not None:
            self.restoreGeometry(geometry)

    # -- each frame -----------------------------------------------------------------------

    def show_frame(self) -> None:
        """Fetch and show what is new; the timer calls this about 30 times a second."""
        now_s = time.perf_counter()
        elapsed_s = min(_LONGEST_STEP_S, now_s - self._last_frame_s)
        self._last_frame_s = now_s
        update = self._live.poll()
        self.live_view.show_update(update, elapsed_s=elapsed_s)
        self.status.show_update(update, elapsed_s=elapsed_s)
        self._show_source(update)
        self._show_model(elapsed_s)
        if events := self._files.poll():
            self.files_view.apply(events)
        if (evidence := self._files.poll_evidence()) is not None:
            self.files_view.show_evidence(evidence)

    def _show_source(self, update: LiveUpdate) -> None:
        source = update.source
        devices = self._live.devices()
        if devices != self._devices:
            self._devices = devices
            self.controls.show_devices(devices)
            self._source_name = ""
        if source.name != self._source_name:
            self._source_name = source.name
            self.controls.show_source(source.name, is_demo=source.name == DemoSource.name)
        paused = source.health is Health.PAUSED
        if paused != self._paused:
            self._paused = paused
            self.controls.show_paused(paused)
        self._show_trouble(source)

    def _show_trouble(self, source: SourceReport) -> None:
        if source.health is Health.STARTING:
            # What was wrong stays to be read while the device is tried again.
            return
        if not source.message or source.health is Health.PAUSED:
            self.banner.clear()
            return
        if source.health is Health.RUNNING:
            self.banner.show_message(source.message, Severity.WARNING)
            return
        severity = {Health.FAILED: Severity.ERROR, Health.STALLED: Severity.WARNING}.get(
            source.health, Severity.INFO
        )
        first, second = PLAY_DEMO, TRY_AGAIN
        if source.health is Health.STALLED:
            first, second = second, first
        self.banner.show_message(source.message, severity, actions=(first, second))

    # -- what the user does ---------------------------------------------------------------

    def add_files(self, paths: list[Path]) -> None:
        """Hand files and folders to the files engine and show its page."""
        self._files.add(list(paths))
        self.show_page(FILES_PAGE)

    def show_page(self, page: int) -> None:
        """Show the live page or the files."""
        self.pages.setCurrentIndex(page)
        self.controls.show_page(page)
        if page == FILES_PAGE:
            self.files_view.table.setFocus()

    def use_theme(self, name: str) -> None:
        """Dress everything in a theme and remember it."""
        self._settings.theme = name
        application = QApplication.instance()
        colours = colours_for(Theme(name))
        if isinstance(application, QApplication):
            apply_theme(application, colours)
        for view in (self.controls, self.live_view, self.files_view, self._sheet):
            view.set_colours(colours)
        self.controls.show_theme(name)

    def _on_system_theme(self) -> None:
        if self._settings.theme == Theme.SYSTEM:
            self.use_theme(Theme.SYSTEM)

    def _use_device(self, device: InputDevice) -> None:
        self._settings.device_wish = (device.name, device.host_api)
        self._live.use_device(device)

    def _use_demo(self) -> None:
        # The demo is no device: what the user wants to listen to stays remembered.
        self._live.use_demo()
        self.show_page(LIVE_PAGE)

    def _rescan(self) -> None:
        self._live.rescan()

    def _use_model(self, kind: FeatureKind) -> None:
        # What is shown and remembered follows the engine, which may refuse a damaged model.
        self._model_patience_s = _MODEL_PATIENCE_S
        self._live.set_model(kind)

    def _switch_model(self) -> None:
        kinds = list(MODEL_TITLES)
        self._use_model(kinds[(kinds.index(self._live.model_kind) + 1) % len(kinds)])

    def _show_model(self, elapsed_s: float) -> None:
        kind = self._live.model_kind
        if kind != self._shown_kind:
            self._shown_kind = self._settings.model = kind
            self._files.set_model(kind)
            self.controls.show_model(kind)
        elif self._model_patience_s > 0:
            self._model_patience_s -= elapsed_s
            if self._model_patience_s <= 0:
                self.controls.show_model(kind)

    def _set_paused(self, paused: bool) -> None:
        # The button follows the engine's report, which comes within a frame or two.
        self._live.set_paused(paused)

    def _show_evidence(self, shown: bool) -> None:
        self._settings.evidence_shown = shown
        self.live_view.spectrogram.set_evidence_shown(shown)
        self.files_view.detail.spectrogram.set_evidence_shown(shown)
        self.controls.show_evidence(shown)

    def _on_banner(self, action: str) -> None:
        if action == PLAY_DEMO:
            self._use_demo()
        elif action == TRY_AGAIN:
            self._rescan()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _show_help(self) -> None:
        if self._help is None:
            self._help = HelpDialog(self)
        self._help.show()
        self._help.raise_()

    # -- Qt's hooks -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Start drawing frames (Qt's hook)."""
        super().showEvent(event)
        self._last_frame_s = time.perf_counter()
        self._timer.start()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Stop the timer and the engines, remember the place of the window (Qt's hook)."""
        self._timer.stop()
        if not self._closed:
            self._closed = True
            self._settings.geometry = self.saveGeometry()
            self._live.close()
            self._files.close()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the drop sheet over everything (Qt's hook)."""
        super().resizeEvent(event)
        if self._sheet.isVisible():
            self._sheet.cover()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Invite files and folders (Qt's hook)."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._sheet.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002, N802
        """Take the sheet away (Qt's hook)."""
        self._sheet.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Take the files (Qt's hook)."""
        self._sheet.hide()
        if paths := dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.add_files(paths)
