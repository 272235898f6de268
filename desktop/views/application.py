"""Starts the window: the Qt application, the engines behind it, and what was remembered."""

import logging
import signal
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.audio.devices import DeviceWish
from desktop.engine.audio_system import PortAudioSystem
from desktop.engine.file_session import FileSession
from desktop.engine.live import LiveEngine
from desktop.settings import APPLICATION, ORGANISATION, Settings
from desktop.views.main_window import MainWindow
from models.artefact import read_sidecar, sidecar_path
from models.catalogue import model_path
from models.errors import ModelFileError, TimbrescopeError
from models.frontend import KINDS, FeatureKind

logger = logging.getLogger(__name__)


def run_window(*, model: str | None = None, device: str | None = None, demo: bool = False) -> int:
    """Open the window and return the exit status once it is closed.

    What is given here wins over what was remembered from the last run.
    """
    application = make_application()
    settings = Settings()
    if model is not None:
        settings.model = model
    try:
        window = make_window(settings, device=device, demo=demo)
    except TimbrescopeError as error:
        QMessageBox.critical(None, "Timbrescope cannot start", str(error))
        print(f"timbrescope: {error}", file=sys.stderr)
        return 2
    # Qt's loop does not end by itself on Ctrl-C; the window's timer gives Python the chance.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    window.show()
    return int(application.exec())


def make_application() -> QApplication:
    """Return the one Qt application of this process, named for settings and the desktop."""
    QApplication.setOrganizationName(ORGANISATION)
    QApplication.setApplicationName(APPLICATION)
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(sys.argv[:1])


def make_window(settings: Settings, *, device: str | None, demo: bool) -> MainWindow:
    """Return the window with its engines running.

    Raises
    ------
    ModelFileError
        If no model that ships can be used.
    """
    live = _live_engine(settings)
    files = FileSession(model=live.model_kind)
    details = {name: _model_details(name) for name in KINDS}
    window = MainWindow(live, files, settings, model_details=details)
    remembered = settings.device_wish
    if demo:
        live.use_demo()
    elif device is not None:
        live.use_named(device)
    else:
        live.use_wish(DeviceWish(*remembered) if remembered else None)
    return window


def _live_engine(settings: Settings) -> LiveEngine:
    """Start with the model remembered, or with the other one if that is refused."""
    kinds = sorted(KINDS, key=lambda kind: kind != settings.model)
    try:
        return LiveEngine(PortAudioSystem(), model=kinds[0])
    except ModelFileError as error:
        logger.warning("%s", error)
        return LiveEngine(PortAudioSystem(), model=kinds[1])


def _model_details(kind: FeatureKind) -> str:
    """Return what the model picker says of a model: its own figures on real recordings."""
    try:
        sidecar = read_sidecar(sidecar_path(model_path(kind)))
    except ModelFileError as error:
        return str(error)
    dev = sidecar.metrics.get("dev", {})
    title = f"{sidecar.name} {sidecar.version}"
    if not {"accuracy", "macro_recall", "n"} <= dev.keys():
        return title
    return (
        f"{title}: {dev['accuracy']:.0%} of {dev['n']} real recordings from sources it never "
        f"heard were named right (macro recall {dev['macro_recall']:.0%})"
    )
