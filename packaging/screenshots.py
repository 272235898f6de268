"""Makes pictures of every page from the real program, playing the project's own demo clips.

``QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/screenshots.py FOLDER`` writes a PNG for each
page, theme and size. The live engine hears the clips as it would hear a microphone; the files page
holds them as files.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from timbrescope.desktop.audio.demo import DEMO_FOLDER
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.application import make_application, make_window
from timbrescope.desktop.views.controls.page_buttons import FILES_PAGE, LIVE_PAGE
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.analysis import State

SIZES = ((1280, 800), (1920, 1080), (1024, 600))
THEMES = ("dark", "light")
# So long the demo plays before the first picture: some verdicts are to be seen.
HEARD_S = 11.0
PATIENCE_S = 120.0


class Photographer:
    """Walks through the pages of one window."""

    def __init__(self, application: QApplication, window: MainWindow, folder: Path) -> None:
        self._application, self._window, self._folder = application, window, folder

    def run_for(self, seconds: float) -> None:
        """Let the program go on for some seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.01)

    def until(self, fulfilled: Callable[[], bool]) -> None:
        """Let the program go on until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not fulfilled():
            if time.monotonic() > end:
                raise SystemExit("what was to be photographed never came")
            self.run_for(0.05)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture of the window, or of one of its dialogs."""
        # As somebody would who wants to show the page; the first one shows a banner.
        if name.split("-")[0] != "first":
            self._window.banner.close_message()
        self.run_for(0.3)
        (widget or self._window).grab().save(str(self._folder / f"{name}.png"))

    def every_look(self, name: str, prepare: Callable[[], None] | None = None) -> None:
        """Keep pictures of a page in every theme and size."""
        for theme in THEMES:
            self._window.use_theme(theme)
            for width, height in SIZES:
                self._window.resize(width, height)
                self.run_for(0.2)
                if prepare is not None:
                    prepare()
                self.take(f"{name}-{theme}-{width}x{height}")

    def pages(self) -> None:
        """Photograph them all."""
        window = self._window
        # The empty page first: nothing has been heard yet.
        self.every_look("first")
        window._live.use_demo()
        self.run_for(HEARD_S)
        self.every_look("live", self._named)
        window._past.freeze()
        window._past.zoom(2.5)
        named = [each for each in window.live_view.timeline.blocks if each.index is not None]
        if named:
            window._past.look_into(named[-1].start_s)
        self.every_look("past")
        window._past.go_on()
        window._narrowing.use(Narrowing(only=("Flute", "Violin", "Trumpet"), threshold=0.8))
        window._comparison.show(True)
        self.run_for(2.0)
        self.every_look("comparison")
        window._comparison.show(False)
        window._narrowing.use(Narrowing())
        window.presentation.begin()
        self.every_look("presentation", self._named)
        window.presentation.end()
        self._files()
        self._dialogs()

    def _named(self) -> None:
        """Wait until an instrument is named, as somebody would who wants to show the page."""
        self.until(lambda: self._window.live_view._said.state is State.INSTRUMENT)

    def _files(self) -> None:
        window = self._window
        window.show_page(FILES_PAGE)
        self.every_look("files-empty")
        window.add_files(sorted(DEMO_FOLDER.glob("*.ogg")))
        view = window.files_view
        self.until(lambda: view.model.tally.total > 0 and view.model.tally.unfinished == 0)
        view.table.selectRow(1)
        self.until(lambda: bool(view.detail.spectrogram.explained))
        self.every_look("files")
        window.show_page(LIVE_PAGE)

    def _dialogs(self) -> None:
        window = self._window
        for theme in THEMES:
            window.use_theme(theme)
            window.preferences.show_settings()
            window.preferences.show_help()
            settings, keys = window.preferences.dialog, window.preferences.help
            self.take(f"settings-{theme}", settings)
            self.take(f"help-{theme}", keys)
            for dialog in (settings, keys):
                if dialog is not None:
                    dialog.hide()


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = make_window(Settings(store), device="no such device", demo=False)
        window.show()
        Photographer(application, window, options.folder).pages()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
