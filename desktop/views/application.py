"""Starts the window: the Qt application, the engines behind it, and what was remembered."""

import logging
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QStandardPaths, Qt, QTranslator
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from timbrescope.desktop.audio.devices import DeviceWish
from timbrescope.desktop.engine.audio_system import PortAudioSystem
from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.desktop.engine.giving_way import hand_over_soon
from timbrescope.desktop.engine.live import LiveEngine
from timbrescope.desktop.engine.model_choices import available, model_choices
from timbrescope.desktop.engine.osc import OscEvents
from timbrescope.desktop.log_file import start_log_file
from timbrescope.desktop.settings import APPLICATION, ORGANISATION, Settings
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.words.catalogue import use_language
from timbrescope.models.catalogue import DEFAULT_MODEL, is_own

logger = logging.getLogger(__name__)

ICON = Path(__file__).parent / "style" / "pictures" / "timbrescope.svg"


def run_window(
    *,
    model: str | None = None,
    compare: bool = False,
    device: str | None = None,
    demo: bool = False,
    play: str | None = None,
    osc: tuple[str, int] | None = None,
) -> int:
    """Open the window and return the exit status once it is closed.

    What is given here wins over what was remembered from the last run.
    """
    start_log_file()
    hand_over_soon()
    application = make_application()
    settings = Settings()
    if compare:
        settings.comparing = True
    window = make_window(settings, model=model, device=device, demo=demo, play=play)
    # Qt's loop does not end by itself on Ctrl-C; the window's timer gives Python the chance.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    if osc is not None:
        window.tell(OscEvents(*osc))
    window.show()
    return int(application.exec())


def make_application() -> QApplication:
    """Return the one Qt application of this process, named for settings and the desktop."""
    QApplication.setOrganizationName(ORGANISATION)
    QApplication.setApplicationName(APPLICATION)
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    # By this name a desktop finds the picture for task bar and launcher.
    QGuiApplication.setDesktopFileName("timbrescope")
    running = QApplication.instance()
    made = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    made.setWindowIcon(QIcon(str(ICON)))
    return made


def make_window(
    settings: Settings,
    *,
    model: str | None = None,
    device: str | None,
    demo: bool,
    play: str | None = None,
) -> MainWindow:
    """Return the window with its engines, which begin to work once it is on screen."""
    wanted = model or settings.model
    _speak(settings.language)
    live = _live_engine(wanted)
    if not is_own(wanted):
        settings.model = wanted
    files = FileSession(model=live.model)
    window = MainWindow(live, files, settings, list_path=_list_path())
    remembered = settings.device_wish
    if demo:
        live.use_demo()
    elif play is not None:
        live.use_file(Path(play))
    elif device is not None:
        live.use_named(device)
    else:
        channels = settings.channels_of(remembered[0]) if remembered else ()
        live.use_wish(DeviceWish(*remembered) if remembered else None, channels=channels)
    return window


def _speak(wanted: str) -> None:
    """Show our texts and Qt's own (the buttons of dialogs) in the language wanted."""
    language = use_language(wanted, system=QLocale.system().name())
    application = QApplication.instance()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if application is not None and translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)


def _list_path() -> Path | None:
    """Return where the list of files is kept: the platform's place for a program's own data."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place) / "last-list.jsonl" if place else None


def _live_engine(wanted: str) -> LiveEngine:
    """Return the engine with the model wanted, or with the first one that is not refused.

    A model of the user's own is asked for once another answers: what it costs to look at it, and
    to try it, must not keep the window from opening.
    """
    first = DEFAULT_MODEL if is_own(wanted) else wanted
    engine = LiveEngine(
        PortAudioSystem(),
        model=first,
        others=lambda: [name for name in available(model_choices()) if name != first],
    )
    if is_own(wanted):
        engine.set_model(wanted)
    return engine
