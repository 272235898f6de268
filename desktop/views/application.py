"""Starts the window: the Qt application, the engines behind it, and what was remembered."""

import logging
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.audio.devices import DeviceWish
from desktop.engine.audio_system import PortAudioSystem
from desktop.engine.file_session import FileSession
from desktop.engine.live import LiveEngine
from desktop.settings import APPLICATION, ORGANISATION, Settings
from desktop.views.main_window import MainWindow
from models.artefact import read_sidecar, shipped_path, sidecar_path
from models.errors import TimbrescopeError
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
        If a model that ships is missing or was changed.
    AudioDeviceError
        If a device was asked for by name and there is none of that name.
    """
    kind: FeatureKind = "mfcc" if settings.model == "mfcc" else "mel"
    details = {name: _model_details(name) for name in KINDS}
    system = PortAudioSystem()
    wish = _wish(settings, system, device=device)
    live = LiveEngine(system, model=kind)
    files = FileSession(model=kind)
    window = MainWindow(live, files, settings, model_details=details)
    if demo:
        live.use_demo()
    else:
        live.use_wish(wish)
    return window


def _wish(settings: Settings, system: PortAudioSystem, *, device: str | None) -> DeviceWish | None:
    if device is not None:
        named = system.named(device)
        return DeviceWish(named.name, named.host_api)
    remembered = settings.device_wish
    return DeviceWish(*remembered) if remembered else None


def _model_details(kind: FeatureKind) -> str:
    """Return what the model picker says of a model: its own figures on real recordings."""
    sidecar = read_sidecar(sidecar_path(shipped_path(kind)))
    dev = sidecar.metrics.get("dev")
    if not dev:
        return f"{sidecar.name} {sidecar.version}"
    return (
        f"{sidecar.name} {sidecar.version}: {dev['accuracy']:.0%} of {dev['files']} real "
        f"recordings from unknown sources named right (macro recall {dev['macro_recall']:.0%})"
    )
