"""What is done in the window by key, click or drop, on both pages."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QStackedWidget

from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.controls.page_buttons import FILES_PAGE, LIVE_PAGE
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.frame.drops import DropWindow
from timbrescope.desktop.views.frame.presentation import Presentation
from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import FilesPort
from timbrescope.desktop.views.presenters.comparison import ComparisonPresenter
from timbrescope.desktop.views.presenters.evidence import EvidencePresenter
from timbrescope.desktop.views.presenters.heard import HeardPresenter
from timbrescope.desktop.views.presenters.model import ModelPresenter
from timbrescope.desktop.views.presenters.past import PastPresenter
from timbrescope.desktop.views.presenters.pictures import PicturePresenter
from timbrescope.desktop.views.presenters.preferences import PreferencesPresenter
from timbrescope.desktop.views.presenters.source import PLAY_DEMO, TRY_AGAIN, SourcePresenter
from timbrescope.desktop.views.style.theme import Theme, apply_theme, colours_for
from timbrescope.desktop.views.words.catalogue import tr


class ActingWindow(DropWindow):
    """Does what is asked for; `MainWindow` makes the parts that it does it with."""

    controls: ControlsView
    live_view: LiveView
    files_view: FilesView
    pages: QStackedWidget
    notice: Banner
    keys: KeyMap
    presentation: Presentation
    preferences: PreferencesPresenter
    _files: FilesPort
    _settings: Settings
    _source: SourcePresenter
    _model: ModelPresenter
    _comparison: ComparisonPresenter
    _evidence: EvidencePresenter
    _past: PastPresenter
    _pictures: PicturePresenter
    _heard: HeardPresenter

    def _actions(self) -> dict[Shortcut, Callable[[], object]]:
        """Return what each shortcut does; most do nothing while an audience is watching."""
        presenting: dict[Shortcut, Callable[[], object]] = {
            Shortcut.PAUSE: self._source.switch_paused,
            Shortcut.FREEZE: self._past.switch,
            Shortcut.PLAY: self._past.switch_playing,
            Shortcut.PRESENT: self._present,
            Shortcut.LEAVE: self._leave,
        }
        others: dict[Shortcut, Callable[[], object]] = {
            Shortcut.PICTURE: self._save_picture,
            Shortcut.KEEP: self._heard.save,
            Shortcut.RECORD: self._heard.switch_recording,
            Shortcut.EVIDENCE: self._evidence.switch,
            Shortcut.AGAINST: self._evidence.switch_against,
            Shortcut.MODEL: self._model.switch,
            Shortcut.COMPARE: self._comparison.switch,
            Shortcut.DEMO: self._switch_demo,
            Shortcut.OPEN: self.controls.open_files,
            Shortcut.OPEN_FOLDER: self.controls.open_folder,
            Shortcut.FIND: self._find,
            Shortcut.LIVE: lambda: self.show_page(LIVE_PAGE),
            Shortcut.FILES: lambda: self.show_page(FILES_PAGE),
            Shortcut.FULL_SCREEN: self._toggle_full_screen,
            Shortcut.SETTINGS: self.preferences.show_settings,
            Shortcut.HELP: self.preferences.show_help,
        }
        locked = {each: self._unless_presenting(act) for each, act in others.items()}
        return presenting | locked

    def _unless_presenting(self, act: Callable[[], object]) -> Callable[[], object]:
        return lambda: None if self.presentation.is_on else act()

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

    def _use_demo(self) -> None:
        self._source.use_demo()
        self.show_page(LIVE_PAGE)

    def _switch_demo(self) -> None:
        silenced = self._source.switch_demo()
        self.show_page(LIVE_PAGE)
        if silenced:
            keys = self.keys.keys(Shortcut.DEMO)
            words = tr(
                "The demo is playing: {source} is not heard. Press {keys} to go back to it.",
                source=silenced,
                keys=keys,
            )
            self.notice.show_message(words, Severity.INFO)
        else:
            self.notice.clear()

    def _open_elsewhere(self, path: Path) -> None:
        """Let the user's own program open a file."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            words = tr("No program on this computer opens {name}.", name=path.name)
            self.notice.show_message(words, Severity.WARNING)

    def _play_live(self) -> None:
        """Let the user choose a file that is listened to as if it were live."""
        if paths := self.controls.ask_for_files():
            self._source.use_file(paths[0])
            self.show_page(LIVE_PAGE)

    def _save_picture(self) -> None:
        on_files = self.pages.currentIndex() == FILES_PAGE
        self._pictures.save(self.files_view.detail if on_files else self.live_view)

    def _find(self) -> None:
        self.show_page(FILES_PAGE)
        self.files_view.bar.focus_search()

    def _present(self) -> None:
        self.show_page(LIVE_PAGE)
        if not self.presentation.is_on:
            # On a stage what is played now is to be seen, not what was frozen at the desk.
            self._past.go_on()
        self.presentation.toggle()

    def _leave(self) -> None:
        if self.presentation.is_on:
            self.presentation.end()
        elif self.live_view.is_frozen:
            self._past.go_on()
        elif self.isFullScreen():
            self.showNormal()

    def _on_banner(self, action: str) -> None:
        if action == PLAY_DEMO:
            self._use_demo()
        elif action == TRY_AGAIN:
            self._source.rescan()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
